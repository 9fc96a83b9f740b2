using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Storage.Tests.Sqlite;

public sealed class AppendTests
{
    private static readonly DateTimeOffset At = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Many_posts_at_once_are_all_stored_and_each_hears_its_own_counts()
    {
        using var temp = new TempShop();
        await using Shop shop = await temp.OpenAsync();

        // Every tenth post repeats one before it.
        InteractionsResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i =>
            shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = Program.Post("x", i % 10 == 9 ? i - 1 : i) })));

        Assert.All(answers, answer => Assert.Equal(3, answer.Accepted + answer.Duplicates));
        Assert.Equal(2700, answers.Sum(answer => answer.Accepted));
        Assert.Equal(2700, (await shop.Catalog.StatusAsync(new StatusRequest())).Counts.Interactions);
    }

    [Fact]
    public async Task Posting_the_same_twice_counts_once()
    {
        using var temp = new TempShop();
        await using Shop shop = await temp.OpenAsync();
        Interaction[] post = [View("a", "p1") with { Id = "1" }, View("a", "p2"), View("a", "p2")];

        InteractionsResponse first = await shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = post });
        InteractionsResponse second = await shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = post });

        Assert.Equal((new InteractionsResponse(3, 0), new InteractionsResponse(0, 3)), (first, second));
        Assert.Equal(3, (await shop.Catalog.LiveAsync()).ShopperHistory("a").Count);
    }

    [Fact]
    public async Task One_bad_interaction_stops_its_whole_post()
    {
        using var temp = new TempShop();
        await using Shop shop = await temp.OpenAsync();

        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => shop.Catalog.AppendAsync(
            new InteractionsRequest { Interactions = [View("a", "p1"), View("a", "p1") with { Price = -1 }] }));

        Assert.Equal("interactions[1].price is -1; it lies from 0 to 10000000000.", refused.Message);
        Assert.Equal(0, (await shop.Catalog.StatusAsync(new StatusRequest())).Counts.Interactions);
    }

    [Fact]
    public async Task What_is_appended_counts_in_the_next_answer_and_creates_what_it_mentions()
    {
        using TempShop temp = new TempShop().WriteSample();
        await using Shop shop = await temp.OpenAsync();
        await temp.ImportAsync(shop);
        LiveShop live = await shop.Catalog.LiveAsync();
        int before = live.ShopperHistory("a").Count;

        await shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = [View("a", "new"), View("newcomer", "p1")] });

        Assert.Equal(before + 1, live.ShopperHistory("a").Count);
        Assert.Equal("new", live.Products[live.ShopperHistory("a")[^1].Product].Id);
        Assert.Equal([live.ProductIndex("p1")], live.ShopperHistory("newcomer").Select(item => item.Product));
    }

    [Fact]
    public async Task What_is_appended_while_an_import_runs_is_there_after_it()
    {
        using TempShop temp = new TempShop().WriteSample();
        await using Shop shop = await temp.OpenAsync();
        await shop.Catalog.LiveAsync();

        Task<ImportReport> import = temp.ImportAsync(shop);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = Program.Post("busy", i) })));
        await import;

        Assert.Equal(150, (await shop.Catalog.LiveAsync()).ShopperHistory("busy").Count);
        Assert.Equal(157, (await shop.Catalog.StatusAsync(new StatusRequest())).Counts.Interactions);
    }

    [Fact]
    public async Task A_canceled_post_is_not_stored_and_the_store_goes_on()
    {
        using var temp = new TempShop();
        await using Shop shop = await temp.OpenAsync();
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shop.Catalog.AppendAsync(
            new InteractionsRequest { Interactions = [View("a", "p")] }, canceled.Token));

        Assert.Equal(0, (await shop.Catalog.StatusAsync(new StatusRequest())).Counts.Interactions);
        Assert.Equal(1, (await shop.Catalog.AppendAsync(new InteractionsRequest { Interactions = [View("a", "p")] })).Accepted);
    }

    private static Interaction View(string shopper, string product)
        => new() { At = At, Shopper = shopper, Kind = InteractionKind.View, Product = product };
}
