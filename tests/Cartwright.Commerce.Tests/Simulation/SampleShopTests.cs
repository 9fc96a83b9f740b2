using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Tests.Simulation;

public sealed class SampleShopTests(SampleFolder sample) : IClassFixture<SampleFolder>
{
    private const int Id = 0, At = 1, Shopper = 2, Session = 3, Kind = 4, Product = 5, Quantity = 6, Price = 7, Query = 8, Position = 9, Value = 10;

    [Fact]
    public void Has_a_tenth_of_everything_at_scale_a_tenth()
    {
        Assert.Equal((100, 1000, 365), (sample.Response.Products, sample.Response.Shoppers, sample.Response.Days));
        Assert.InRange(sample.Response.Interactions, 85_000, 130_000);
        Assert.InRange(sample.Response.Purchases, 5_000, 12_000);
        Assert.Equal(sample.Response.Interactions, sample.Rows("interactions.csv").LongCount());
        Assert.Equal(sample.Response.Purchases, sample.Rows("interactions.csv").LongCount(row => row[Kind] == "purchase"));
        Assert.Equal(100, sample.Rows("products.csv").Count());
        Assert.Equal(1000, sample.Rows("shoppers.csv").Count());
    }

    [Fact]
    public void Has_real_times_and_says_so()
    {
        using JsonDocument shop = JsonDocument.Parse(File.ReadAllText(Path.Combine(sample.Folder, "shop.json")));
        Assert.Equal("real", shop.RootElement.GetProperty("times").GetString());
    }

    [Fact]
    public async Task Is_read_back_without_a_reject()
    {
        ShopFolderContents contents = await ShopFolder.ReadSnapshotAsync(sample.Folder);

        Assert.Empty(contents.Rejects);
        Assert.Empty(contents.Notes);
        Assert.Equal(100, contents.Snapshot.Products.Count);
        Assert.Equal(1000, contents.Snapshot.Shoppers.Count);
        Assert.All(contents.Snapshot.Products, p => Assert.True(p.Price > p.Cost && p.Category!.Contains(" > ", StringComparison.Ordinal) && p.Title.Length > 0));
    }

    [Fact]
    public void Every_interaction_is_whole_and_in_the_order_of_time()
    {
        HashSet<string> products = [.. sample.Rows("products.csv").Select(row => row[Id])];
        HashSet<string> shoppers = [.. sample.Rows("shoppers.csv").Select(row => row[Id])];
        HashSet<string> ids = [];
        var before = DateTimeOffset.MinValue;

        foreach (string[] row in sample.Rows("interactions.csv"))
        {
            Assert.Equal(11, row.Length);
            Assert.True(ids.Add(row[Id]));
            var at = DateTimeOffset.Parse(row[At], CultureInfo.InvariantCulture);
            Assert.True(at >= before, $"{row[Id]} is earlier than the row before");
            before = at;
            var kind = Enum.Parse<InteractionKind>(row[Kind], ignoreCase: true);
            Assert.True(row[Shopper].Length > 0 ? shoppers.Contains(row[Shopper]) : row[Session].Length > 0);
            Assert.Equal(kind != InteractionKind.Search, products.Contains(row[Product]));
            Assert.Equal(kind is InteractionKind.Cart or InteractionKind.Uncart or InteractionKind.Purchase or InteractionKind.Return, row[Quantity].Length > 0);
            Assert.Equal(kind is not (InteractionKind.Search or InteractionKind.Rating), row[Price].Length > 0);
            Assert.True(kind != InteractionKind.Search || row[Query].Length > 0);
            Assert.True(kind != InteractionKind.Impression || int.Parse(row[Position], CultureInfo.InvariantCulture) >= 1);
            Assert.Equal(kind == InteractionKind.Rating, row[Value].Length > 0);
        }
    }

    [Fact]
    public void Every_unit_that_is_bought_stands_in_an_order()
    {
        Dictionary<string, double> bought = sample.Rows("interactions.csv").Where(row => row[Kind] == "purchase")
            .GroupBy(row => row[Product]).ToDictionary(rows => rows.Key, rows => rows.Sum(row => double.Parse(row[Quantity], CultureInfo.InvariantCulture)));
        string[][] orders = [.. sample.Rows("orders.csv")];

        Dictionary<string, double> ordered = orders.SelectMany(row => row[8].Split('|')).GroupBy(id => id).ToDictionary(ids => ids.Key, ids => (double)ids.Count());

        Assert.Equal(bought, ordered);
        Assert.Equal(["delivered", "packed", "shipped"], orders.Select(row => row[3]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(orders.Where(row => row[2].Length > 0).GroupBy(row => row[2]), one => Assert.Single(one.Select(row => row[7]).Distinct()));
    }

    [Fact]
    public void Nothing_is_sold_before_its_launch_or_beyond_the_stock()
    {
        Dictionary<string, string> launched = [];
        foreach (JsonElement product in Truth().GetProperty("products").EnumerateArray())
        {
            launched[product.GetProperty("id").GetString()!] = product.GetProperty("createdAt").GetString()!;
        }

        int emptyDays = 0;
        foreach (string[] row in sample.Rows("sales.csv"))
        {
            Assert.True(string.CompareOrdinal(row[0], launched[row[1]]) >= 0);
            Assert.True(int.Parse(row[3], CultureInfo.InvariantCulture) >= 0);
            int stock = int.Parse(row[6], CultureInfo.InvariantCulture);
            Assert.True(stock >= 0);
            emptyDays += stock == 0 ? 1 : 0;
        }

        Assert.True(emptyDays > 100, "stock should run out now and then");
        Assert.All(sample.Rows("interactions.csv").Where(row => row[Kind] == "purchase"),
            row => Assert.True(string.CompareOrdinal(row[At], launched[row[Product]]) >= 0));
        Assert.Contains(launched.Values, date => string.CompareOrdinal(date, "2025-03-01") > 0);
    }

    [Fact]
    public void Demand_answers_to_price_with_the_elasticity_that_the_truth_names()
    {
        JsonElement truth = Truth();
        double lift = truth.GetProperty("promotionLift").GetDouble();
        var products = truth.GetProperty("products").EnumerateArray().ToDictionary(p => p.GetProperty("id").GetString()!);
        var days = sample.Rows("sales.csv").Where(row => row[6] != "0").GroupBy(row => row[1]);
        List<(double Estimate, double True, double Units)> found = [];

        foreach (IGrouping<string, string[]> rows in days)
        {
            double reference = products[rows.Key].GetProperty("referencePrice").GetDouble();
            int leaf = products[rows.Key].GetProperty("category").GetInt32();
            (double Units, double Ratio, double Base)[] points = [.. rows.Select(row =>
            {
                int day = (int)(DateTimeOffset.Parse(row[0] + "Z", CultureInfo.InvariantCulture) - new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalDays;
                return (double.Parse(row[3], CultureInfo.InvariantCulture), double.Parse(row[4], CultureInfo.InvariantCulture) / reference,
                    SimulatedCalendar.Usual.Activity(day) * SimulatedCalendar.Usual.Season(leaf, day) * (row[5] == "1" ? lift : 1));
            })];
            found.Add((MostLikelyElasticity(points), products[rows.Key].GetProperty("elasticity").GetDouble(), points.Sum(p => p.Units)));
        }

        double units = found.Sum(f => f.Units);
        Assert.Equal(found.Sum(f => f.True * f.Units) / units, found.Sum(f => f.Estimate * f.Units) / units, 0.25);
        Assert.True(found.Count(f => f.Estimate > 0) >= 0.9 * found.Count);
    }

    /// <summary>Poisson regression of units on the price ratio with a free base: the elasticity at which the derivative of the likelihood is 0.</summary>
    private static double MostLikelyElasticity((double Units, double Ratio, double Base)[] points)
    {
        double low = -5, high = 10;
        for (int step = 0; step < 50; step++)
        {
            double middle = (low + high) / 2;
            double[] expected = [.. points.Select(p => p.Base * Math.Pow(p.Ratio, -middle))];
            double scale = points.Sum(p => p.Units) / expected.Sum();
            double slope = points.Zip(expected, (p, mean) => ((scale * mean) - p.Units) * Math.Log(p.Ratio)).Sum();
            (low, high) = slope < 0 ? (low, middle) : (middle, high);
        }

        return low;
    }

    [Fact]
    public void Neighbors_of_what_was_bought_tell_the_next_purchase_far_better_than_popularity()
    {
        var histories = sample.Rows("interactions.csv").Where(row => row[Kind] == "purchase" && row[Shopper].Length > 0)
            .GroupBy(row => row[Shopper], row => row[Product]).Select(g => g.Distinct().ToArray()).Where(h => h.Length >= 4).ToArray();
        var popularity = histories.SelectMany(h => h[..^1]).GroupBy(p => p).ToDictionary(g => g.Key, g => g.Count());
        var together = histories.SelectMany(h => h[..^1].SelectMany(a => h[..^1].Where(b => b != a).Select(b => (a, b))))
            .GroupBy(pair => pair).ToDictionary(g => g.Key, g => g.Count());

        double Recall(Func<string[], string, double> score) => histories.Average(h => popularity.Keys.Except(h[..^1])
            .OrderByDescending(p => score(h[..^1], p)).ThenBy(p => p, StringComparer.Ordinal).Take(5).Contains(h[^1]) ? 1.0 : 0.0);
        double popular = Recall((_, p) => popularity[p]);
        double neighbors = Recall((history, p) => history.Sum(bought =>
            together.TryGetValue((bought, p), out int count) ? count / Math.Sqrt(popularity[bought] * popularity[p]) : 0));

        Assert.True(neighbors > 1.5 * popular, $"item-knn {neighbors:F3}, popularity {popular:F3}");
    }

    [Fact]
    public void Earlier_positions_are_viewed_more_often()
    {
        var impressions = new int[20];
        var views = new int[20];
        foreach (string[] row in sample.Rows("interactions.csv").Where(row => row[Position].Length > 0 && row[Query].Length > 0))
        {
            (row[Kind] == "view" ? views : impressions)[int.Parse(row[Position], CultureInfo.InvariantCulture)]++;
        }

        Assert.True((double)views[1] / impressions[1] > 1.5 * views[4] / impressions[4]);
    }

    [Fact]
    public async Task Same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        string first = Path.Combine(sample.Folder, "..", "first"), second = Path.Combine(sample.Folder, "..", "second"), third = Path.Combine(sample.Folder, "..", "third");

        await SampleShop.WriteAsync(new SampleRequest { Folder = first, Scale = 0.02, Days = 60, Seed = 3 });
        await SampleShop.WriteAsync(new SampleRequest { Folder = second, Scale = 0.02, Days = 60, Seed = 3 });
        await SampleShop.WriteAsync(new SampleRequest { Folder = third, Scale = 0.02, Days = 60, Seed = 4 });

        Assert.Equal(Hashes(first), Hashes(second));
        Assert.NotEqual(Hashes(first), Hashes(third));
    }

    [Fact]
    public async Task Ends_on_the_day_that_is_asked_for()
    {
        string folder = Path.Combine(sample.Folder, "..", "until");

        await SampleShop.WriteAsync(new SampleRequest { Folder = folder, Scale = 0.02, Days = 42, Until = new DateOnly(2026, 7, 31) });

        string[] days = [.. SampleFolder.Rows(folder, "interactions.csv").Select(row => row[At][..10]).Order(StringComparer.Ordinal)];
        Assert.Equal(("2026-06-20", "2026-07-31"), (days[0], days[^1]));
    }

    [Fact]
    public async Task Refuses_to_end_in_a_year_that_is_none_of_a_shop()
    {
        var request = new SampleRequest { Folder = Path.Combine(sample.Folder, "..", "ancient"), Until = new DateOnly(17, 1, 1) };

        Assert.Contains("0017-01-01", (await Assert.ThrowsAnyAsync<ValidationException>(() => SampleShop.WriteAsync(request))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_are_the_same_for_a_seed_and_leave_the_world_as_it_is()
    {
        string clean = Path.Combine(sample.Folder, "..", "clean"), first = Path.Combine(sample.Folder, "..", "faults"), second = Path.Combine(sample.Folder, "..", "faults-again");
        var request = new SampleRequest { Folder = clean, Scale = 0.05, Days = 120, Seed = 5 };

        await SampleShop.WriteAsync(request);
        await SampleShop.WriteAsync(request with { Folder = first, Faults = true });
        await SampleShop.WriteAsync(request with { Folder = second, Faults = true });

        Assert.Equal(Hashes(first), Hashes(second));
        Assert.Equal(["faults.json", "interactions.csv"], Hashes(first).Except(Hashes(clean)).Select(file => file.Key).Order());
        using JsonDocument faults = JsonDocument.Parse(File.ReadAllText(Path.Combine(first, "faults.json")));
        Assert.True(faults.RootElement.EnumerateArray().Select(fault => fault.GetProperty("kind").GetString()).Distinct().Count() >= 7, faults.RootElement.GetRawText());
        ShopFolderContents contents = await ShopFolder.ReadSnapshotAsync(first);
        Assert.All(contents.Rejects, reject => Assert.Contains(faults.RootElement.EnumerateArray(),
            fault => fault.TryGetProperty("line", out JsonElement line) && line.GetInt64() == reject.Line));
    }

    [Fact]
    public async Task Half_of_200_products_sell_five_units_a_day_with_the_default_shoppers()
    {
        string folder = Path.Combine(sample.Folder, "..", "dense");

        await SampleShop.WriteAsync(new SampleRequest { Folder = folder, Products = 200, Days = 28 });

        var unitsPerDay = SampleFolder.Rows(folder, "sales.csv").GroupBy(row => row[1])
            .Select(rows => rows.Average(row => double.Parse(row[3], CultureInfo.InvariantCulture))).ToList();
        Assert.True(unitsPerDay.Count(units => units >= 5) >= 100, $"{unitsPerDay.Count(units => units >= 5)} of {unitsPerDay.Count}");
    }

    [Fact]
    public async Task The_smallest_shop_is_a_shop_too()
    {
        string folder = Path.Combine(sample.Folder, "..", "smallest");

        await SampleShop.WriteAsync(new SampleRequest { Folder = folder, Scale = 0.001 });

        ShopFolderContents contents = await ShopFolder.ReadSnapshotAsync(folder);
        Assert.Single(contents.Snapshot.Products);
        Assert.Equal(10, contents.Snapshot.Shoppers.Count);
        Assert.Empty(contents.Rejects);
    }

    [Fact]
    public async Task Refuses_a_folder_that_holds_something_and_leaves_it_alone()
    {
        string folder = Directory.CreateDirectory(Path.Combine(sample.Folder, "..", "mine")).FullName;
        File.WriteAllText(Path.Combine(folder, "note.txt"), "keep");

        var refusal = await Assert.ThrowsAsync<ValidationException>(() => SampleShop.WriteAsync(new SampleRequest { Folder = folder, Scale = 0.001 }));

        Assert.Contains("not empty", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["note.txt"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Leaves_nothing_behind_when_it_is_stopped()
    {
        string parent = Directory.CreateDirectory(Path.Combine(sample.Folder, "..", "stopped")).FullName;
        using var stop = new CancellationTokenSource();
        var progress = new StopAtFirstReport(stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            SampleShop.WriteAsync(new SampleRequest { Folder = Path.Combine(parent, "shop"), Scale = 0.01 }, progress, stop.Token));

        Assert.Empty(Directory.GetFileSystemEntries(parent));
    }

    private JsonElement Truth() => JsonDocument.Parse(File.ReadAllText(Path.Combine(sample.Folder, "truth.json"))).RootElement;

    private static Dictionary<string, string> Hashes(string folder) => Directory.GetFiles(folder)
        .ToDictionary(file => Path.GetFileName(file), file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))), StringComparer.Ordinal);

    private sealed class StopAtFirstReport(CancellationTokenSource stop) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => stop.Cancel();
    }
}
