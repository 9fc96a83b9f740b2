using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Storage.Tests;

public sealed class SampleShopImportTests
{
    [Fact]
    public async Task The_sample_shop_is_imported_whole_and_the_second_import_changes_nothing()
    {
        using var temp = new TempShop();
        SampleResponse sample = await SampleShop.WriteAsync(new SampleRequest { Folder = temp.Source, Scale = 0.02, Days = 90 });
        await using Shop shop = await temp.OpenAsync();

        ImportReport first = await temp.ImportAsync(shop);
        ImportReport second = await temp.ImportAsync(shop);

        Assert.Empty(first.Rejects);
        Assert.Equal((0, 0), (first.ProductsCreated, first.ShoppersCreated));
        Assert.Equal(["competitor_prices.csv", "images/", "interactions.csv", "judgments.csv", "orders.csv", "products.csv",
                "reviews.csv", "sales.csv", "shoppers.csv", "texts.csv"],
            first.Files.Where(file => file.Stored > 0 && file.Stored == file.Read).Select(file => file.File).Order(StringComparer.Ordinal));
        Assert.Equal(sample.Interactions, (await shop.Store.CountAsync()).Interactions);
        Assert.All(second.Files, file => Assert.Equal((0, file.Read), (file.Stored, file.Unchanged)));
    }
}
