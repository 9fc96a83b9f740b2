using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Inventory;

namespace Cartwright.Commerce.Tests.Inventory;

public sealed class DemandReaderTests
{
    private static readonly DateOnly Monday = new(2024, 1, 1);

    [Fact]
    public void A_day_without_a_row_is_closed_and_no_demand_of_0()
    {
        DemandPanel panel = DemandReader.Of(History(Sale("tea", 0, 5), Sale("tea", 1, 7), Sale("tea", 3, 2)), null);

        DemandSeries tea = Assert.Single(panel.Series);
        Assert.Equal(DemandPeriod.Day, panel.Period);
        Assert.Equal([5, 7, float.NaN, 2], tea.Units);
        Assert.Equal([true, true, false, true], tea.IsOpen);
        Assert.Equal(0, panel.WeekdayOf(0));
    }

    [Fact]
    public void Weeks_are_whole_and_end_with_the_last_day()
    {
        DemandPanel panel = DemandReader.Of(History([.. Enumerable.Range(0, 17).Select(day => Sale("tea", day, 1))]), DemandPeriod.Week);

        Assert.Equal(Monday.AddDays(3), panel.DateOf(0));
        Assert.Equal([7, 7], panel.Series[0].Units);
    }

    [Fact]
    public void Weekly_sales_are_found_out_and_have_no_days()
    {
        SalesHistory weekly = History([.. Enumerable.Range(0, 5).Select(week => Sale("tea", 7 * week, week))]);

        Assert.Equal(DemandPeriod.Week, DemandReader.Of(weekly, null).Period);
        Assert.Equal([0, 1, 2, 3, 4], DemandReader.Of(weekly, null).Series[0].Units);
        Assert.Throws<ValidationException>(() => DemandReader.Of(weekly, DemandPeriod.Day));
    }

    [Fact]
    public void Nobody_buying_is_a_demand_of_0_from_the_first_purchase_on()
    {
        const long Day = 86_400;
        Snapshot shop = new TinyShop { Times = "real" }.Shopper("s1", "a", from: 0).Shopper("s2", "b", from: 2 * Day).Shopper("s3", "aa", from: 3 * Day).Snapshot();

        DemandPanel panel = DemandReader.Of([shop], DemandPeriod.Day);

        Assert.Equal([1, 0, 0, 2], panel.Series[0].Units);
        Assert.Equal([float.NaN, float.NaN, 1, 0], panel.Series[1].Units);
        Assert.False(panel.IsPlanned);
    }

    [Fact]
    public void Times_that_only_order_are_refused()
    {
        Snapshot shop = new TinyShop().Shopper("s1", "ab").Snapshot();

        Assert.Throws<ValidationException>(() => DemandReader.Of([shop], null));
    }

    private static SalesHistory History(params Sale[] sales) => SalesHistory.Of(new ShopInfo(), sales);

    private static Sale Sale(string product, int day, double units) => new() { Date = Monday.AddDays(day), Product = product, Units = units };
}
