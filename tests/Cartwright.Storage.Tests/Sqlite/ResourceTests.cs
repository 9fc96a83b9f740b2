using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Storage.Sqlite;
using Cartwright.Commerce.Runs;

namespace Cartwright.Storage.Tests.Sqlite;

public sealed class ResourceTests
{
    private static readonly DateTimeOffset At = new(2024, 5, 1, 12, 0, 0, 123, 456, TimeSpan.Zero);

    [Fact]
    public async Task A_product_is_found_as_it_was_put()
    {
        using var temp = new TempShop();
        await using Shop shop = await temp.OpenAsync();
        var product = new Product
        {
            Id = "p",
            Title = "Töpf 🍲",
            Description = "",
            Category = "A > B",
            Brand = "Acme",
            Price = 12.50m,
            Cost = 0.00000001m,
            Stock = 3,
            CreatedAt = At,
            Image = "images/p.jpg",
            Tags = ["new", "red"],
            Attributes = new Dictionary<string, string> { ["b"] = "\"2\"", ["a"] = "1" },
        };

        await shop.Catalog.PutProductAsync(product);

        Assert.Equivalent(product, await shop.Catalog.FindProductAsync("p"), strict: true);
    }

    [Fact]
    public async Task A_removed_product_is_gone_from_answers_and_comes_back_with_its_history()
    {
        using TempShop temp = new TempShop().WriteSample();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        LiveShop live = await shop.Catalog.LiveAsync();
        int index = live.ProductIndex("p1");

        await shop.Catalog.DeleteProductAsync("p1");

        Assert.Equal((Snapshot.None, false), (live.ProductIndex("p1"), live.IsListed(index)));
        await Assert.ThrowsAsync<NotFoundException>(() => shop.Catalog.FindProductAsync("p1"));
        Snapshot without = await shop.Store.ReadSnapshotAsync();
        Assert.Equal((Snapshot.None, 5), (without.ProductIndex("p1"), without.Interactions.Count));
        await shop.Catalog.PutProductAsync(new Product { Id = "p1", Title = "Pan" });
        Assert.Equal(index, live.ProductIndex("p1"));
        Assert.Equal(7, (await shop.Store.ReadSnapshotAsync()).Interactions.Count);
    }

    [Fact]
    public async Task A_shopper_is_forgotten_everywhere_else_while_another_program_reads_the_log_and_the_receipt_says_so()
    {
        using TempShop temp = new TempShop().WriteSample();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        LiveShop live = await shop.Catalog.LiveAsync();
        string checkpoint = Directory.CreateDirectory(Path.Combine(temp.ShopPath, "runs", "r", "checkpoint")).FullName;
        using (var reader = Connection.Open(Path.Combine(temp.ShopPath, "shop.db")))
        {
            reader.Execute("BEGIN; SELECT COUNT(*) FROM interactions");          // an older state, held until the connection ends

            Forgotten forgotten = await shop.Forgetting.ForgetAsync(new ForgetRequest { ShopperId = "a" });

            Assert.Contains("while another program reads it", forgotten.Receipt.LeftBehind, StringComparison.Ordinal);
            Assert.Contains(forgotten.Receipt.LeftBehind!, forgotten.Receipt.Summary, StringComparison.Ordinal);
            Assert.Empty(live.ShopperHistory("a"));
            Assert.False(Directory.Exists(checkpoint));
        }

        await Assert.ThrowsAsync<NotFoundException>(() => shop.Forgetting.ForgetAsync(new ForgetRequest { ShopperId = "a" }));
        Assert.Equal(0, new FileInfo(Path.Combine(temp.ShopPath, "shop.db-wal")).Length);
    }

    [Fact]
    public async Task A_forgotten_shopper_leaves_nothing_in_store_or_memory()
    {
        using TempShop temp = new TempShop().WriteSample();
        temp.Write("interactions.csv", File.ReadAllText(Path.Combine(temp.Source, "interactions.csv"))
            + "before,2024-01-01T08:00:00Z,,s1,view,p2,,,,,\n");
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        LiveShop live = await shop.Catalog.LiveAsync();

        ForgottenShopper receipt = await shop.Catalog.ForgetAsync(new ForgetRequest { ShopperId = "a" });

        Assert.Equal(new ForgottenShopper("a", Interactions: 4, Reviews: 1, Searches: 1, Orders: 1) { Traces = receipt.Traces }, receipt);
        Assert.Equal("a", receipt.Traces[0]);
        Assert.Contains("s1", receipt.Traces);
        Assert.Empty(live.ShopperHistory("a"));
        Assert.Empty(live.SessionHistory("s1"));
        Assert.Equal(Snapshot.None, live.Snapshot.ShopperIndex("a"));
        await Assert.ThrowsAsync<NotFoundException>(() => shop.Catalog.ForgetAsync(new ForgetRequest { ShopperId = "a" }));
        await shop.Catalog.ExportAsync(new ExportRequest { Folder = Path.Combine(temp.Root, "out") });
        Assert.All(Directory.GetFiles(Path.Combine(temp.Root, "out"), "*.csv"),
            file => Assert.DoesNotContain("s1", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.DoesNotContain("Very, very good", File.ReadAllText(Path.Combine(temp.ShopPath, "shop.db"), System.Text.Encoding.Latin1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_a_split_of_a_page_left_behind_goes_too()
    {
        using TempShop temp = new TempShop().WriteSample();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        var random = new Random(1);
        string[] ids = [.. Enumerable.Range(0, 20_000).Select(_ => $"shopper-{random.NextInt64():x16}")];
        foreach (string[] some in ids.Chunk(1_000))
        {
            await shop.Catalog.AppendAsync(new InteractionsRequest
            {
                Interactions = [.. some.Select(id => new Interaction { Shopper = id, Kind = InteractionKind.View, Product = "p1", At = At })],
            });
        }

        foreach (string id in ids.Where((_, i) => i % 400 == 0))
        {
            await shop.Catalog.ForgetAsync(new ForgetRequest { ShopperId = id });

            Assert.True((await File.ReadAllBytesAsync(Path.Combine(temp.ShopPath, "shop.db"))).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(id)) < 0, id);
            Assert.Equal(0, new FileInfo(Path.Combine(temp.ShopPath, "shop.db-wal")).Length);
        }
    }

    [Fact]
    public async Task What_is_posted_after_the_last_shopper_was_forgotten_counts()
    {
        using TempShop temp = new TempShop().WriteSample();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        LiveShop live = await shop.Catalog.LiveAsync();
        await shop.Catalog.ForgetAsync(new ForgetRequest { ShopperId = "c" });

        await shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = Program.Post("d", 0) });

        Assert.Equal(3, live.ShopperHistory("d").Count);
    }

    [Fact]
    public async Task Runs_points_keys_and_reports_are_kept_over_a_restart()
    {
        using TempShop temp = new TempShop().WriteSample();
        var run = new Run { Id = "r1", Slice = "recommendation", Verb = "train", Request = "{}", CreatedAt = At, Status = RunStatus.Running };
        var point = new RunPoint(At, new RunProgress("training", 1, 2, "epochs") { Values = new Dictionary<string, double> { ["loss"] = 0.5 } });
        var key = new ApiKey { Id = "k", Name = "web", Roles = ApiRoles.Ingest | ApiRoles.Query, Hash = [1, 2, 3], CreatedAt = At };
        ImportReport report;
        await using (Shop shop = await temp.OpenAsync())
        {
            report = await temp.ImportAsync(shop);
            await shop.Store.SaveRunAsync(run with { Status = RunStatus.Queued });
            await shop.Store.SaveRunAsync(run);
            await shop.Store.AddRunPointAsync("r1", point);
            await shop.Store.AddKeyAsync(key);
        }

        await using Shop again = await temp.OpenAsync();

        Assert.Equal(run, await again.Store.FindRunAsync("r1"));
        Assert.Equal([run], await again.Store.ListRunsAsync(10));
        Assert.Equivalent(new[] { point }, await again.Store.ListRunPointsAsync("r1"), strict: true);
        Assert.Equivalent(new[] { key }, await again.Store.ListKeysAsync(), strict: true);
        Assert.Equivalent(report, Assert.Single(await again.Store.ListImportReportsAsync(10)), strict: true);
        Assert.True(await again.Store.DeleteKeyAsync("k"));
        Assert.False(await again.Store.DeleteKeyAsync("k"));
    }
}
