using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class ProductListsTests : IAsyncLifetime
{
    private readonly TasteShop _shop = new();

    private ProductLists Lists => _shop.Recommender.Lists;

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task What_was_bought_in_one_session_or_on_one_day_was_bought_together_and_counts_at_once()
    {
        await BuyAsync("n1", "a", "p01", "p31");
        ProductListResponse before = await Lists.BoughtTogetherAsync(new BoughtTogetherRequest { ProductId = "p01", Count = 40, Explain = true });
        Assert.NotNull(before.Fallback);   // once is no habit

        await BuyAsync("n2", "b", "p01", "p31");
        await BuyAsync("n3", null, "p31", "p01");

        ProductListResponse after = await Lists.BoughtTogetherAsync(new BoughtTogetherRequest { ProductId = "p01", Count = 40, Explain = true });
        RankedProduct with = Assert.Single(after.Results, r => r.ProductId == "p31");
        Assert.Matches(@"^bought together in 3 of \d+ orders$", Assert.Single(with.Reasons!).Text);
        Assert.Null(after.Fallback);
    }

    [Fact]
    public async Task A_forgotten_shopper_is_gone_from_what_is_counted()
    {
        for (int i = 0; i < 3; i++)
        {
            await BuyAsync("gone", $"order-{i}", "p01", "p31");
        }

        var asked = new BoughtTogetherRequest { ProductId = "p01" };
        Assert.Equal("p31", Assert.Single((await Lists.BoughtTogetherAsync(asked)).Results).ProductId);
        await _shop.Shop.Catalog.ForgetAsync(new ForgetRequest { ShopperId = "gone" });

        Assert.NotNull((await Lists.BoughtTogetherAsync(asked)).Fallback);
    }

    [Fact]
    public async Task Nothing_bought_with_it_is_said_and_what_is_popular_stands_there()
    {
        ProductListResponse answer = await Lists.BoughtTogetherAsync(new BoughtTogetherRequest { ProductId = "p09", Category = "Taste 3" });

        Assert.NotEmpty(answer.Results);
        Assert.Contains("popular now", answer.Fallback, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFoundException>(() => Lists.BoughtTogetherAsync(new BoughtTogetherRequest { ProductId = "none" }));
    }

    [Fact]
    public async Task A_product_trends_when_it_is_surely_wanted_more_than_it_was()
    {
        for (int i = 0; i < 30; i++)
        {
            await _shop.DidAsync($"new{i}", InteractionKind.View, "p17");
        }

        ProductListResponse answer = await Lists.TrendingAsync(new TrendingRequest { Explain = true });

        Assert.Null(answer.Fallback);
        Assert.Equal("p17", answer.Results[0].ProductId);
        Assert.StartsWith("wanted 30 times in the last 7 days;", answer.Results[0].Reasons![0].Text, StringComparison.Ordinal);
        Assert.True(answer.Results[0].Score is > 1 and < 30, $"{answer.Results[0].Score}");
    }

    [Fact]
    public async Task Three_steps_after_none_are_no_trend()
    {
        await _shop.DidAsync("eve", InteractionKind.View, "p17", "p18", "p17");

        Assert.NotNull((await Lists.TrendingAsync(new TrendingRequest())).Fallback);
    }

    [Fact]
    public async Task New_arrivals_are_ordered_by_hope_and_by_the_shoppers_taste()
    {
        DateTimeOffset now = _shop.Clock.GetUtcNow();
        await _shop.DidAsync("ann", InteractionKind.View, "p20", "p21");
        await _shop.TrainAsync(activate: true);
        foreach (int taste in (int[])[0, 2])
        {
            await _shop.Shop.Catalog.PutProductAsync(new Product { Id = $"new{taste}", Title = "New", Category = $"Taste {taste}", Brand = $"Brand {taste}", Price = 20, Stock = 3, CreatedAt = now.AddHours(-2) });
        }

        ProductListResponse nobody = await Lists.NewArrivalsAsync(new NewArrivalsRequest { Explain = true });
        ProductListResponse ann = await Lists.NewArrivalsAsync(new NewArrivalsRequest { ShopperId = "ann" });

        Assert.Equal(["new0", "new2"], nobody.Results.Select(r => r.ProductId).Order());
        Assert.StartsWith("new since 2026-04-11", nobody.Results[0].Reasons![0].Text, StringComparison.Ordinal);
        Assert.Equal("new2", ann.Results[0].ProductId);
    }

    [Fact]
    public async Task A_basket_is_completed_by_what_goes_with_all_of_it_and_not_by_five_of_a_kind()
    {
        for (int i = 0; i < 12; i++)
        {
            await BuyAsync($"n{i}", $"basket{i}", i % 2 == 0 ? ["p01", "p11", "p31"] : ["p01", "p02", "p03", "p04", "p05"]);
        }

        ProductListResponse answer = await Lists.CompleteBasketAsync(new CompleteBasketRequest { Basket = ["p01", "p11"], Count = 5, Explain = true });

        string[] ids = [.. answer.Results.Select(r => r.ProductId)];
        Assert.Equal("p31", ids[0]);
        Assert.Empty(ids.Intersect(["p01", "p11"]));
        Assert.StartsWith("goes with The p", answer.Results[0].Reasons![0].Text, StringComparison.Ordinal);
        LiveShop live = await _shop.Shop.Catalog.LiveAsync();
        Assert.All(ids.GroupBy(id => live.Products[live.ProductIndex(id)].Category), of => Assert.InRange(of.Count(), 1, 2));
    }

    [Fact]
    public async Task What_a_shopper_buys_every_week_is_due_a_week_later()
    {
        for (int week = 0; week < 5; week++)
        {
            await BuyAtAsync("ann", _shop.Clock.GetUtcNow().AddDays(-36 + (7 * week)), "p05");
        }

        await BuyAtAsync("ann", _shop.Clock.GetUtcNow(), "p06");

        BuyAgainResponse answer = await Lists.BuyAgainAsync(new BuyAgainRequest { ShopperId = "ann", Explain = true });

        Assert.Equal("p05", answer.Results[0].ProductId);
        Assert.Null(answer.Fallback);
        DuePurchase due = Assert.Single(answer.Due, due => due.ProductId == "p05");
        Assert.Equal(5, due.Times);
        Assert.InRange(due.EveryDays, 6, 12);
        Assert.Equal(due.LastAt.AddDays(Math.Round(due.EveryDays)), due.DueAt);
        Assert.StartsWith("you buy it about every ", answer.Results[0].Reasons![0].Text, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ValidationException>(() => Lists.BuyAgainAsync(new BuyAgainRequest()));
    }

    [Fact]
    public async Task Two_products_bought_alike_differ_by_what_all_shoppers_buy_and_the_reason_says_so()
    {
        DateTimeOffset now = _shop.Clock.GetUtcNow();
        foreach (string product in (string[])["p05", "p06"])
        {
            await BuyAtAsync("ann", now.AddDays(-120), product);
            await BuyAtAsync("ann", now.AddDays(-90), product);
        }

        for (int other = 0; other < 15; other++)
        {
            await BuyAtAsync($"new{other}", now.AddDays(-1), "p05");
        }

        BuyAgainResponse answer = await Lists.BuyAgainAsync(new BuyAgainRequest { ShopperId = "ann", Explain = true });

        RankedProduct[] both = [.. answer.Results.Where(result => result.ProductId is "p05" or "p06")];
        Assert.Equal(["p05", "p06"], both.Select(result => result.ProductId));
        Assert.EndsWith("in 45 days", both[0].Reasons![0].Text, StringComparison.Ordinal);
        Assert.Contains("all shoppers bought it", both[0].Reasons![0].Text, StringComparison.Ordinal);
        double share = both[0].Score / both[1].Score;
        Assert.InRange(share, 1.5, 4.5);                           // √16 beside √1, less what those who bought once lower the chance of buying again
    }

    [Theory]
    [InlineData(8, 2, 5.0)]
    [InlineData(0, 0, 1.0)]
    [InlineData(1, 0.01, 1.49)]
    public void A_lift_is_drawn_to_one_where_little_tells_it(double together, double expected, double atMost)
    {
        double lift = Association.Lift(together, expected);

        Assert.InRange(lift, Math.Min(1, together / Math.Max(expected, 1e-9)), atMost + 0.01);
    }

    /// <summary>The worked example of Dunning's section 5 has no table; this one is by hand: 2 (Σ k ln (k / expected)).</summary>
    [Fact]
    public void The_log_likelihood_ratio_is_that_of_the_two_by_two_table()
    {
        // 30 together of 100 and 100 in 1,000: expected 10, 90, 90, 810.
        double expected = 2 * ((30 * Math.Log(3)) + (70 * Math.Log(70 / 90.0) * 2) + (830 * Math.Log(830 / 810.0)));

        Assert.Equal(expected, Association.LogLikelihood(30, 100, 100, 1_000), 1e-9);
        Assert.Equal(0, Association.LogLikelihood(5, 100, 100, 1_000));
    }

    [Fact]
    public void The_quantile_of_a_gamma_is_near_the_exact_one()
    {
        // Gamma(5, 1): its 5 % quantile is 1.9701 and its 95 % quantile 9.1535 (half of chi-square with 10 degrees: 3.9403 and 18.3070).
        Assert.Equal(1.9701, new GammaBelief(5, 1).Quantile(-1.6449), 0.02);
        Assert.Equal(9.1535, new GammaBelief(5, 1).Quantile(1.6449), 0.02);
    }

    private Task BuyAsync(string shopper, string? session, params string[] products) => _shop.AppendAsync([.. products.Select(product => new Interaction
    {
        At = _shop.Clock.GetUtcNow(), Shopper = shopper, Session = session, Kind = InteractionKind.Purchase, Product = product,
    })]);

    private Task BuyAtAsync(string shopper, DateTimeOffset at, string product) =>
        _shop.AppendAsync(new Interaction { At = at, Shopper = shopper, Kind = InteractionKind.Purchase, Product = product });
}
