using Cartwright.Server.Dashboard;

namespace Cartwright.Server.Tests.Dashboard;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.0931, "9.3 %")]
    [InlineData(0.5, "50 %")]
    [InlineData(0.00312, "0.31 %")]
    [InlineData(0.0, "0 %")]
    [InlineData(-0.08, "-8.0 %")]
    public void A_share_is_told_in_percent(double share, string told) => Assert.Equal(told.Replace(' ', '\u00A0'), Figures.Percent(share));

    [Theory]
    [InlineData(0.0531, "0.0531")]
    [InlineData(3.2184, "3.22")]
    [InlineData(1234.5, "1,234")]
    [InlineData(0.00004, "4e-5")]
    [InlineData(double.NaN, "–")]
    public void A_number_is_told_with_the_digits_that_matter(double number, string told) => Assert.Equal(told, Figures.Number(number));

    [Theory]
    [InlineData("USD", 1234.5, "$1,234.50")]
    [InlineData("CHF", 1234.5, "1,234.50 CHF")]
    [InlineData("EUR", -3, "−€3.00")]
    [InlineData("JPY", 1500, "¥1,500")]
    [InlineData("EUR", 2500000.4, "€2,500,000")]
    public void Money_is_told_in_the_shops_currency(string currency, double amount, string told) =>
        Assert.Equal(told, Figures.Money((decimal)amount, currency));

    [Theory]
    [InlineData(0.04, "under 0.1 s")]
    [InlineData(0.42, "0.4 s")]
    [InlineData(12.2, "12 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(180_000, "2 days")]
    public void A_duration_is_told_in_the_units_that_fit(double seconds, string told) =>
        Assert.Equal(told, Figures.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_range_of_days_names_what_differs_only()
    {
        Assert.Equal("1–30 Nov 2026", Figures.Days(new(2026, 11, 1), new(2026, 11, 30)));
        Assert.Equal("28 Oct – 4 Nov 2026", Figures.Days(new(2026, 10, 28), new(2026, 11, 4)));
        Assert.Equal("28 Dec 2025 – 4 Jan 2026", Figures.Days(new(2025, 12, 28), new(2026, 1, 4)));
        Assert.Equal("4 Nov 2026", Figures.Days(new(2026, 11, 4), new(2026, 11, 4)));
    }
}
