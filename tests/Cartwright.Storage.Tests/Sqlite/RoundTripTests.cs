using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Tests.Sqlite;

public sealed class RoundTripTests
{
    [Fact]
    public async Task A_shop_folder_comes_out_as_it_went_in()
    {
        using TempShop first = new TempShop().WriteSample();
        await using Shop shop = await first.OpenAsync();
        ImportReport report = await first.ImportAsync(shop);

        await shop.Catalog.ExportAsync(new ExportRequest { Folder = Path.Combine(first.Root, "out") });

        Assert.Empty(report.Rejects);
        Assert.Equal((1, 1, 1), (report.ProductsCreated, report.ShoppersCreated, report.JudgmentsOfUnknownProducts));
        using var second = new TempShop();
        await using Shop copy = await second.OpenAsync();
        ImportReport again = await copy.Catalog.ImportAsync(new ImportRequest { Folder = Path.Combine(first.Root, "out") });
        Assert.Empty(again.Rejects);
        await copy.Catalog.ExportAsync(new ExportRequest { Folder = Path.Combine(second.Root, "out") });
        string[] files = [.. Directory.GetFiles(Path.Combine(first.Root, "out")).Select(path => Path.GetFileName(path)!).Order()];
        Assert.Equal(
            ["competitor_prices.csv", "interactions.csv", "judgments.csv", "orders.csv", "products.csv", "reviews.csv", "sales.csv", "searches.csv",
                "shop.json", "shoppers.csv", "texts.csv", "utterances.csv"], files);
        Assert.Equal("a pan", File.ReadAllText(Path.Combine(first.Root, "out", "images", "p1.jpg")));
        Assert.Equal("a pan", File.ReadAllText(shop.Catalog.Pictures.FileOf(await shop.Catalog.FindProductAsync("p1"))!));
        Assert.All(files, file => Assert.Equal(
            File.ReadAllText(Path.Combine(first.Root, "out", file)), File.ReadAllText(Path.Combine(second.Root, "out", file))));
    }

    [Fact]
    public async Task Importing_the_same_folder_twice_changes_nothing()
    {
        using TempShop temp = new TempShop().WriteSample();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        ShopCounts before = (await shop.Catalog.StatusAsync(new StatusRequest())).Counts;

        ImportReport again = await temp.ImportAsync(shop);

        Assert.All(again.Files, file => Assert.Equal((0, file.Read), (file.Stored, file.Unchanged)));
        Assert.Equal((0, 0), (again.ProductsCreated, again.ShoppersCreated));
        Assert.Equal(before, (await shop.Catalog.StatusAsync(new StatusRequest())).Counts);
    }

    [Fact]
    public async Task Two_equal_rows_of_one_file_without_ids_both_count()
    {
        using TempShop temp = new TempShop().WriteSample();
        await using Shop shop = await temp.OpenAsync();

        ImportReport report = await temp.ImportAsync(shop);

        Assert.Equal(7, report.Files.Single(file => file.File == "interactions.csv").Stored);
    }

    [Fact]
    public async Task A_row_with_an_id_that_stood_above_counts_once()
    {
        using var temp = new TempShop();
        temp.Write("interactions.csv", "id,at,shopper,kind,product\nx,2024-01-01,a,view,p\nx,2024-01-02,a,view,q\ny,2024-01-03,a,view,p\n");
        await using Shop shop = await temp.OpenAsync();

        ImportReport report = await temp.ImportAsync(shop);

        FileCounts counts = Assert.Single(report.Files);
        Assert.Equal((3, 2, 1, 0), (counts.Read, counts.Stored, counts.Unchanged, counts.Rejected));
        Assert.Equal(2, (await shop.Catalog.StatusAsync(new StatusRequest())).Counts.Interactions);
    }

    [Fact]
    public async Task The_store_and_the_folder_give_the_same_snapshot()
    {
        using TempShop temp = new TempShop().WriteSample();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);

        Snapshot stored = await shop.Store.ReadSnapshotAsync();

        Snapshot read = (await ShopFolder.ReadSnapshotAsync(temp.Source)).Snapshot;
        Assert.Equal(read.Info, stored.Info);
        Assert.Equal(read.Products.Select(product => product.Id), stored.Products.Select(product => product.Id));
        Assert.Equal(read.Shoppers.Select(shopper => shopper.Id), stored.Shoppers.Select(shopper => shopper.Id));
        Assert.Equal(read.Sessions, stored.Sessions);
        Assert.Equivalent(read.Interactions, stored.Interactions, strict: true);
        Assert.Equal(["p1", "p1", "p2", "p2", "", "p9", "p9"], Products(stored));
    }

    private static IEnumerable<string> Products(Snapshot snapshot) => snapshot.Interactions.Product
        .Select(product => product == Snapshot.None ? "" : snapshot.Products[product].Id);
}
