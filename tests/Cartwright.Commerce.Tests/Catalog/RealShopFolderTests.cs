using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Catalog;

public sealed class RealShopFolderTests
{
    [DataTheory]
    [InlineData("ml-100k", 1682, 943, 100_000)]
    [InlineData("amazon-beauty-5core", 12_101, 22_363, 198_502)]
    [InlineData("diginetica-sessions", 43_097, 0, 982_961)]
    [InlineData("online-retail", 3_769, 4_113, 448_975)]
    [InlineData("icecat-electronics", 19_406, 0, 0)]
    public async Task Real_shops_are_read_without_a_reject(string name, int productCount, int shopperCount, int interactionCount)
    {
        ShopFolderContents contents = await ShopFolder.ReadSnapshotAsync(DataFolder.Shop(name));

        Assert.Empty(contents.Rejects);
        Assert.Equal((productCount, shopperCount, interactionCount),
            (contents.Snapshot.Products.Count, contents.Snapshot.Shoppers.Count, contents.Snapshot.Interactions.Count));
    }
}
