using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Catalog;

public sealed class DailyPurchasesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("purchases-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Days_without_a_purchase_sold_nothing_while_the_product_was_on_sale()
    {
        SalesHistory history = SalesHistory.OfPurchases(await ShopAsync("""
            2024-01-01T10:00:00Z,a,view,tea,,
            2024-01-02T10:00:00Z,a,purchase,tea,2,4.50
            2024-01-02T11:00:00Z,b,purchase,tea,1,4.50
            2024-01-03T10:00:00Z,a,view,cup,,
            2024-01-05T10:00:00Z,b,purchase,tea,1,5.00
            2024-01-06T10:00:00Z,b,view,cup,,
            """));

        SalesSeries tea = Assert.Single(history.Series);                     // nobody bought a cup
        Assert.Equal([1, 2, 3, 5], tea.Day.Select(day => DateOnly.FromDayNumber(day).Day));   // on the 4th the shop was closed
        Assert.Equal([0f, 3f, 0f, 1f], tea.Units);
        Assert.Equal([4.5f, 4.5f, 4.5f, 5f], tea.Price);
        Assert.Equal(1, history.DaysPerRow);
    }

    [Fact]
    public async Task What_the_catalog_does_not_have_is_no_product_that_sold()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "products.csv"), "id,title\ntea,Tea\n");

        SalesHistory history = SalesHistory.OfPurchases(await ShopAsync("""
            2024-01-01T10:00:00Z,a,purchase,tea,1,4.50
            2024-01-01T11:00:00Z,b,purchase,gone,1,3.00
            """));

        Assert.Equal("tea", Assert.Single(history.Series).Product);
    }

    [Fact]
    public async Task A_bulk_buyers_discount_is_not_the_price_of_the_day_and_a_price_that_was_shown_is_one()
    {
        SalesHistory history = SalesHistory.OfPurchases(await ShopAsync("""
            2024-01-01T10:00:00Z,a,purchase,tea,1,4.50
            2024-01-01T11:00:00Z,b,purchase,tea,100,3.00
            2024-01-01T12:00:00Z,c,purchase,tea,1,4.50
            2024-01-02T10:00:00Z,a,view,tea,,5.25
            2024-01-03T10:00:00Z,a,purchase,tea,1,
            """));

        Assert.Equal([4.5f, 5.25f, 5.25f], Assert.Single(history.Series).Price);
        Assert.Equal([102f, 0f, 1f], history.Series[0].Units);
    }

    [Fact]
    public async Task Times_that_keep_an_order_say_nothing_of_days()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "shop.json"), """{ "times": "order" }""");
        Snapshot shop = await ShopAsync("1,a,purchase,tea,1,4.50");

        ValidationException refused = Assert.Throws<ValidationException>(() => SalesHistory.OfPurchases(shop));

        Assert.Contains("order", refused.Message, StringComparison.Ordinal);
    }

    private async Task<Snapshot> ShopAsync(string rows)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "interactions.csv"), $"at,shopper,kind,product,quantity,price\n{rows}\n");
        return (await ShopFolder.ReadSnapshotAsync(_folder)).Snapshot;
    }
}
