using System.Diagnostics;
using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Tests.Sqlite;

public sealed class SqliteImportTests
{
    [Fact]
    public async Task What_is_written_while_an_import_gathers_is_stored_at_once_and_merged_with_it()
    {
        using var temp = new TempShop();
        await using Shop shop = await temp.OpenAsync();
        await shop.Catalog.AppendAsync(Posts(View("old", "anna", "pan")));
        await using IShopImport import = await shop.Store.BeginImportAsync();
        import.Put([new Product { Id = "pot", Title = "Pot" }]);
        import.Append([View("old", "anna", "pan"), View("both", "bert", "lid"), View("twice", "bert", "lid"), View("twice", "bert", "lid")]);

        InteractionsResponse posted = await shop.Catalog.AppendAsync(Posts(View("both", "bert", "lid"), View("posted", "cora", "pot")));
        await shop.Catalog.PutProductAsync(new Product { Id = "lid", Title = "Lid" });
        import.Append([View("last", "cora", "lid")]);
        ShopCounts before = await shop.Store.CountAsync();
        ImportTotals totals = await import.CompleteAsync();

        Assert.Equal(new InteractionsResponse(2, 0), posted);
        Assert.Equal((1, 3, 3), (before.Products, before.Shoppers, before.Interactions));
        Assert.Equal(new ImportTotals { Products = 1, Interactions = 2 }, totals);
        Snapshot snapshot = await shop.Store.ReadSnapshotAsync();
        Assert.Equal(["pan", "lid", "pot"], snapshot.Products.Select(product => product.Id));
        Assert.Equal(["pan", "Lid", "Pot"], snapshot.Products.Select(product => product.Title));
        using IShopReading reading = await shop.Store.BeginReadingAsync();
        Assert.Equal(
            ["old anna pan", "both bert lid", "posted cora pot", "twice bert lid", "last cora lid"],
            reading.Interactions().Select(item => $"{item.Id} {item.Shopper} {item.Product}"));
    }

    [Fact]
    public async Task An_import_that_is_given_up_leaves_what_was_posted_meanwhile()
    {
        using var temp = new TempShop();
        await using Shop shop = await temp.OpenAsync();
        await using (IShopImport import = await shop.Store.BeginImportAsync())
        {
            import.Append([View("a", "anna", "pan"), View("b", "bert", "pan")]);
            await shop.Catalog.AppendAsync(Posts(View("a", "anna", "pan")));
        }

        ShopCounts counts = await shop.Store.CountAsync();

        Assert.Equal((0, 1, 1), (counts.Products, counts.Shoppers, counts.Interactions));
        Assert.Equal(new InteractionsResponse(0, 1), await shop.Catalog.AppendAsync(Posts(View("a", "anna", "pan"))));
    }

    [Theory]
    [InlineData(10, 300)]
    [InlineData(300, 10)]
    public async Task Ids_are_found_again_whichever_of_shop_and_import_is_larger(int storedCount, int importedCount)
    {
        using var temp = new TempShop();
        await using Shop shop = await temp.OpenAsync();
        await shop.Catalog.AppendAsync(Posts([.. Enumerable.Range(0, storedCount).Select(i => View($"s{i}", "anna", "pan"))]));
        await using IShopImport import = await shop.Store.BeginImportAsync();
        import.Append([.. Enumerable.Range(0, importedCount).Select(i => View($"i{i}", "anna", "pan"))]);

        ImportTotals totals = await import.CompleteAsync();

        Assert.Equal(importedCount, totals.Interactions);
        Assert.Equal(new InteractionsResponse(0, storedCount + importedCount), await shop.Catalog.AppendAsync(Posts(
            [.. Enumerable.Range(0, storedCount).Select(i => View($"s{i}", "x", "y")), .. Enumerable.Range(0, importedCount).Select(i => View($"i{i}", "x", "y"))])));
    }

    [Fact]
    public async Task Another_process_is_not_kept_from_writing_by_an_import()
    {
        using var temp = new TempShop();
        temp.Write("interactions.csv", "at,shopper,kind,product\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i},u,view,p\n")));
        await using Shop shop = await temp.OpenAsync();
        using Process child = Program.Start("stuck-import", temp.ShopPath, temp.Source);
        Assert.Equal("importing interactions.csv", await child.StandardOutput.ReadLineAsync());

        InteractionsResponse posted = await shop.Catalog.AppendAsync(Posts(View("a", "anna", "pan")));

        Assert.Equal(new InteractionsResponse(1, 0), posted);
        child.Kill();
        await child.WaitForExitAsync();
    }

    /// <summary>The rows alone would take about 150 MB, were they kept.</summary>
    [Fact]
    public async Task Six_hundred_thousand_rows_go_through_64_MB_of_managed_memory()
    {
        using var temp = new TempShop();
        const int rowCount = 600_000;
        Directory.CreateDirectory(temp.Source);
        using (StreamWriter file = File.CreateText(Path.Combine(temp.Source, "interactions.csv")))
        {
            file.WriteLine("id,at,shopper,session,kind,product");
            for (int i = 0; i < rowCount; i++)
            {
                file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"interaction-{i},{i},shopper-{i % 1000},session-{i / 100},view,product-{i % 500}"));
            }
        }

        using Process child = Program.Start(heapLimit: 64L << 20, "import", temp.ShopPath, temp.Source);
        await child.WaitForExitAsync();

        Assert.Equal(0, child.ExitCode);
        await using Shop shop = await temp.OpenAsync();
        Assert.Equal(rowCount, (await shop.Store.CountAsync()).Interactions);
    }

    private static InteractionsRequest Posts(params Interaction[] interactions) => new() { Interactions = interactions };

    private static Interaction View(string id, string shopper, string product)
        => new() { Id = id, At = DateTimeOffset.UnixEpoch, Shopper = shopper, Kind = InteractionKind.View, Product = product };
}
