using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Catalog;

public sealed class LiveShopTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_late_interaction_stands_where_its_time_says()
    {
        var live = new LiveShop(Base());

        live.Append([View("a", "s", "new", 1.5)]);

        Assert.Equal(["p1", "new", "p2"], live.ShopperHistory("a").Select(item => live.Products[item.Product].Id));
        Assert.Equal(["p1", "new", "p2"], live.SessionHistory("s").Select(item => live.Products[item.Product].Id));
    }

    [Fact]
    public void Merging_changes_no_answer_and_no_product_index()
    {
        var live = new LiveShop(Base());
        live.Append([View("a", "s", "new", 5), View("b", null, "p2", 6), View(null, "t", "p1", 7)]);
        var before = (live.ShopperHistory("a"), live.ShopperHistory("b"), live.SessionHistory("t"), live.ShopperHistory("a")[^1].Product);

        live.Merge();

        Assert.Equal(6, live.Snapshot.Interactions.Count);
        Assert.Equal(before.Item1, live.ShopperHistory("a"));
        Assert.Equal(before.Item2, live.ShopperHistory("b"));
        Assert.Equal(before.Item3, live.SessionHistory("t"));
        Assert.Equal((Snapshot.None, false), (live.ProductIndex("new"), live.IsListed(before.Item4)));   // the catalog does not have it
        Assert.Equal("new", live.Snapshot.Products[before.Item4].Id);
    }

    [Fact]
    public void A_follower_sees_each_interaction_once()
    {
        var live = new LiveShop(Base());
        live.Append([View("a", null, "p1", 3)]);
        int seen = 0;

        live.Follow((snapshot, since) => seen = snapshot.Interactions.Count + since.Count, appended => seen += appended.Count);
        live.Append([View("a", null, "p1", 4), View("a", null, "p2", 5)]);

        Assert.Equal(6, seen);
    }

    [Fact]
    public async Task Readers_see_whole_histories_while_others_append()
    {
        var live = new LiveShop(Base());
        using var stop = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            int last = 0;
            while (!stop.IsCancellationRequested)
            {
                IReadOnlyList<LiveInteraction> history = live.ShopperHistory("a");
                Assert.True(history.Count >= last);
                Assert.All(history, item => Assert.InRange(item.Product, 0, live.Products.Count - 1));
                last = history.Count;
            }
        }))];

        for (int i = 0; i < 3000; i++)
        {
            live.Append([View("a", "s", $"n{i % 300}", 10 + i)]);
            if (i % 1000 == 500)
            {
                live.Merge();
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(3002, live.ShopperHistory("a").Count);
        Assert.Equal(302, live.Products.Count);
    }

    private static Snapshot Base()
    {
        var builder = new SnapshotBuilder();
        builder.AddProduct(new Product { Id = "p1" });
        builder.AddProduct(new Product { Id = "p2" });
        builder.Add(View("a", "s", "p2", 2));
        builder.Add(View("a", "s", "p1", 1));
        builder.Add(View("c", null, "p1", 1));
        return builder.Build(new ShopInfo());
    }

    private static Interaction View(string? shopper, string? session, string product, double hours)
        => new() { At = Start.AddHours(hours), Shopper = shopper, Session = session, Kind = InteractionKind.View, Product = product };
}
