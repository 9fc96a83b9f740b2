using Cartwright.Cli.Output;

namespace Cartwright.Cli.Tests.Output;

public sealed class WordingTests
{
    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(3.2184, "3.2 s")]
    [InlineData(42, "42 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7500, "2 h 5 min")]
    public void Times_are_short(double seconds, string expected) => Assert.Equal(expected, Wording.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1234567, "1,234,567")]
    [InlineData(12.34, "12.3")]
    [InlineData(1.5, "1.5")]
    [InlineData(0.05312, "0.0531")]
    public void Numbers_have_the_digits_that_say_something(double value, string expected) => Assert.Equal(expected, Wording.Number(value));

    [Theory]
    [InlineData(1, "1 product")]
    [InlineData(1200, "1,200 products")]
    public void Words_follow_their_number(long count, string expected) => Assert.Equal(expected, Wording.Plural(count, "product"));

    [Fact]
    public void A_sparkline_falls_where_the_values_fall() => Assert.Equal("█▅▁", Sparkline.Of([3, 2, 1], 10));

    [Fact]
    public void A_sparkline_of_many_values_fits_and_leaves_out_what_is_no_number() =>
        Assert.Equal(10, Sparkline.Of([.. Enumerable.Range(0, 1000).Select(i => i % 7 == 0 ? double.NaN : i)], 10).Length);
}
