using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Inventory;

namespace Cartwright.Commerce.Tests.Inventory;

public sealed class DemandPlanTests
{
    private const int Origin = 28;

    private static readonly DateOnly Monday = new(2024, 1, 1);

    [Fact]
    public void Prices_promotions_and_known_columns_come_to_their_product_and_day_alone()
    {
        DemandPanel panel = Panel(DemandPeriod.Day);

        new DemandPlan(new HashSet<DateOnly>(), [Planned("tea", Origin + 2, price: 3.5m, promoted: 0.5, ("known_holiday", "1"), ("known_weather", "rain"))]).Write(panel, Origin);

        DemandSeries tea = panel.Series.Single(series => series.Product == "tea");
        Assert.Equal([4, 4, 3.5f, 4, 4, 4, 4], tea.Price[Origin..]);
        Assert.Equal([0, 0, 0.5f, 0, 0, 0, 0], tea.Promoted[Origin..]);
        Assert.Equal(["holiday", "weather=sun"], panel.Known);
        Assert.Equal([0, 0, 1, 0, 0, 0, 0], tea.Known[0][Origin..]);
        Assert.All(panel.Series.Single(series => series.Product == "cups").Promoted[Origin..], share => Assert.Equal(0, share));
    }

    [Fact]
    public void A_week_has_the_mean_of_its_planned_days()
    {
        DemandPanel panel = Panel(DemandPeriod.Week);

        new DemandPlan(new HashSet<DateOnly>(), [Planned("tea", Origin, 2, 1), Planned("tea", Origin + 3, 4, 0), Planned("tea", Origin + 6, 6, 0)]).Write(panel, Origin / 7);

        DemandSeries tea = panel.Series.Single(series => series.Product == "tea");
        Assert.Equal(4, tea.Price[Origin / 7], 1e-5);
        Assert.Equal(1 / 3f, tea.Promoted[Origin / 7], 1e-5);
    }

    [Theory]
    [InlineData("coffee", 30, "known_holiday", typeof(NotFoundException), "coffee")]
    [InlineData("tea", 3, "known_holiday", typeof(ValidationException), "2024-01-29 to 2024-02-04")]
    [InlineData("tea", 30, "known_moon", typeof(ValidationException), "known_holiday, known_weather")]
    [InlineData("tea", 30, "holiday", typeof(ValidationException), "known_holiday")]
    public void A_plan_that_does_not_fit_says_what_would(string product, int day, string column, Type refused, string says)
    {
        var plan = new DemandPlan(new HashSet<DateOnly>(), [Planned(product, day, 1, 0, (column, "1"))]);

        Exception refusal = Assert.Throws(refused, () => plan.Write(Panel(DemandPeriod.Day), Origin));

        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_has_the_columns_of_sales_and_a_row_that_cannot_be_read_stops_it()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "date,product,price,promoted,known_holiday\n2024-01-31,tea,3.50,1,yes\n");
            PlannedSale planned = Assert.Single(PlanCsv.ReadAll(file));
            File.AppendAllText(file, "2024-02-30,tea,3.50,1,yes\n");

            Assert.Equal((new DateOnly(2024, 1, 31), "tea", 3.5m, 1.0, "yes"), (planned.Date, planned.ProductId, planned.Price, planned.Promoted, planned.Known["known_holiday"]));
            Assert.Contains("2024-02-30", Assert.Throws<ImportFormatException>(() => PlanCsv.ReadAll(file)).Message, StringComparison.Ordinal);
            Assert.Throws<ImportFormatException>(() => PlanCsv.ReadAll(file + ".not"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static PlannedSale Planned(string product, int day, decimal price, double promoted, params (string Name, string Value)[] known) => new()
    {
        Date = Monday.AddDays(day), ProductId = product, Price = price, Promoted = promoted, Known = known.ToDictionary(of => of.Name, of => of.Value, StringComparer.Ordinal),
    };

    /// <summary>Five weeks of two products, the last of which stands for the week to come.</summary>
    private static DemandPanel Panel(DemandPeriod period)
    {
        Sale[] sales = [.. Enumerable.Range(0, Origin + 7).SelectMany(day => new[] { "tea", "cups" }.Select(product => new Sale
        {
            Date = Monday.AddDays(day), Product = product, Units = 5, Price = 4, Promoted = 0,
            Covariates = new Dictionary<string, string>(StringComparer.Ordinal) { ["known_holiday"] = "0", ["known_weather"] = day % 2 == 0 && day < Origin ? "sun" : "rain" },
        }))];
        return DemandReader.Of(SalesHistory.Of(new ShopInfo(), sales), period);
    }
}
