using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Tests.Sqlite;

public sealed class RealShopTests
{
    // multidogo: rows whose tags do not match their tokens, as its own README says.
    [DataTheory]
    [InlineData("ml-100k", 0)]
    [InlineData("amazon-beauty-5core", 0)]
    [InlineData("icecat-electronics", 0)]
    [InlineData("online-retail", 0)]
    [InlineData("dominicks-oj", 0)]
    [InlineData("clothing-reviews", 0)]
    [InlineData("clara2-clicks", 0)]
    [InlineData("multidogo-fastfood", 377)]
    public async Task A_real_shop_goes_in_twice_and_comes_out_the_same(string name, int rejectedCount)
    {
        using var temp = new TempShop();
        await using Shop shop = await temp.OpenAsync();
        var request = new ImportRequest { Folder = DataFolder.Shop(name) };

        ImportReport first = await shop.Catalog.ImportAsync(request);
        ImportReport second = await shop.Catalog.ImportAsync(request);
        await shop.Catalog.ExportAsync(new ExportRequest { Folder = Path.Combine(temp.Root, "out") });

        Assert.Equal(rejectedCount, first.Rejects.Count);
        Assert.All(second.Files, file => Assert.Equal((0, file.Read - file.Rejected), (file.Stored, file.Unchanged)));
        using var copy = new TempShop();
        await using Shop again = await copy.OpenAsync();
        await again.Catalog.ImportAsync(new ImportRequest { Folder = Path.Combine(temp.Root, "out") });
        Snapshot expected = await shop.Store.ReadSnapshotAsync();
        Snapshot actual = await again.Store.ReadSnapshotAsync();
        Assert.Equal(expected.Info, actual.Info);
        Assert.Equal(expected.Interactions.At, actual.Interactions.At);
        Assert.Equal(expected.Interactions.Product, actual.Interactions.Product);
        Assert.Equal(expected.Interactions.Price, actual.Interactions.Price);
        Assert.Equal(expected.Products.Select(product => (product.Id, product.Title, product.Price)), actual.Products.Select(product => (product.Id, product.Title, product.Price)));
        ImportReport back = await shop.Catalog.ImportAsync(new ImportRequest { Folder = Path.Combine(temp.Root, "out") });
        Assert.All(back.Files, file => Assert.Equal((0, file.Read), (file.Stored, file.Unchanged)));
    }
}
