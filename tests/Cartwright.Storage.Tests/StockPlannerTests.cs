using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Inventory;

namespace Cartwright.Storage.Tests;

public sealed class StockPlannerTests
{
    [Fact]
    public async Task A_shop_with_sales_trains_forecasts_and_reorders()
    {
        using TempShop temp = WithSales(days: 240);
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);

        TrainResponse trained = await shop.Inventory.TrainAsync(new TrainRequest { Horizon = 14, Epochs = 2 });
        ForecastResponse forecast = await shop.Inventory.ForecastAsync(new ForecastRequest { ProductIds = ["tea"], Horizon = 7 });
        ReplenishResponse plan = await shop.Inventory.ReplenishAsync(new ReplenishRequest { LeadTimeDays = 3, ReviewDays = 4 });

        Assert.True(trained.IsActive);
        Assert.Equal(1, trained.Weights.Values.Sum(), 1e-5);
        ProductForecast tea = Assert.Single(forecast.Results);
        Assert.Equal(new DateOnly(2024, 8, 28), tea.Periods[0].Date);                     // the day after the last sale
        Assert.InRange(tea.Total, 7 * 15, 7 * 25);                                        // about 20 a day
        Assert.All(tea.Periods, day => Assert.True(day.Low <= day.Units && day.Units <= day.High, $"{day}"));

        Reorder scarce = plan.Results.Single(r => r.ProductId == "tea");
        Assert.Equal(ReorderAction.Order, scarce.Action);                                 // 10 on hand, about 140 needed
        Assert.Equal(0, scarce.Quantity % 12);
        Assert.True(scarce.ExpectedCost < scarce.ExpectedCostWithoutOrder);
        Assert.NotNull(scarce.StockOutDate);
        Assert.Equal(ReorderAction.Wait, plan.Results.Single(r => r.ProductId == "cups").Action);
        Assert.Equal(ReorderAction.NoSales, plan.Results.Single(r => r.ProductId == "new").Action);
        Assert.Equal(trained.Version, plan.Version);
    }

    [Fact]
    public async Task A_planned_promotion_raises_the_forecast_of_its_product_and_day()
    {
        using TempShop temp = WithSales(days: 300, promotedEach: 5);
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        await shop.Inventory.TrainAsync(new TrainRequest { Horizon = 7, Epochs = 2 });
        var day = new DateOnly(2024, 10, 30);
        var ask = new ForecastRequest { ProductIds = ["tea", "cups"] };

        ForecastResponse plain = await shop.Inventory.ForecastAsync(ask);
        ForecastResponse planned = await shop.Inventory.ForecastAsync(ask with { Plan = [new PlannedSale { Date = day, ProductId = "tea", Promoted = 1 }] });
        ForecastResponse again = await shop.Inventory.ForecastAsync(ask);

        double On(ForecastResponse forecast, string product) => forecast.Results.Single(of => of.ProductId == product).Periods.Single(period => period.Date == day).Units;
        Assert.InRange(On(planned, "tea") / On(plain, "tea"), 1.3, 3);                     // twice as much sold under promotions
        Assert.InRange(On(planned, "cups") / On(plain, "cups"), 0.9, 1.1);
        Assert.Equal(On(plain, "tea"), On(again, "tea"));
        await Assert.ThrowsAsync<NotFoundException>(() => shop.Inventory.ForecastAsync(ask with { Plan = [new PlannedSale { Date = day, ProductId = "coffee" }] }));
    }

    [Fact]
    public async Task Questions_before_the_training_say_what_to_do()
    {
        using TempShop temp = WithSales(days: 60);
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);

        ModelNotTrainedException refused = await Assert.ThrowsAsync<ModelNotTrainedException>(() => shop.Inventory.ForecastAsync(new ForecastRequest()));

        Assert.Contains("cartwright inventory train", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_sales_are_refused()
    {
        using TempShop temp = WithSales(days: 20);
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);

        await Assert.ThrowsAsync<ValidationException>(() => shop.Inventory.TrainAsync(new TrainRequest()));
    }

    private static TempShop WithSales(int days, int? promotedEach = null)
    {
        var sales = new StringBuilder("date,product,store,units,price,promoted\n");
        var random = new Random(3);
        for (int day = 0; day < days; day++)
        {
            string date = new DateOnly(2024, 1, 1).AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            bool isPromoted = day % promotedEach == 0;
            sales.Append(CultureInfo.InvariantCulture, $"{date},tea,,{(18 + random.Next(5)) * (isPromoted ? 2 : 1)},4.50,{(isPromoted ? 1 : 0)}\n{date},cups,,{2 + random.Next(3)},9.00,0\n");
        }

        return new TempShop()
            .Write("shop.json", """{ "name": "Corner", "currency": "EUR", "language": "en", "timeZone": "UTC", "times": "real" }""")
            .Write("products.csv", "id,title,price,cost,stock,pack_size\ntea,Green tea,4.50,2.00,10,12\ncups,Cups,9.00,5.00,900,\nnew,A new thing,5.00,2.00,3,\n")
            .Write("sales.csv", sales.ToString());
    }
}
