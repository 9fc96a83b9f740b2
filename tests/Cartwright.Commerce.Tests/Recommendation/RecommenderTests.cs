using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using StatusRequest = Cartwright.Commerce.Recommendation.StatusRequest;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class RecommenderTests : IAsyncLifetime
{
    private readonly TasteShop _shop = new();

    public async Task InitializeAsync()
    {
        await _shop.InitializeAsync();
        await _shop.TrainAsync();
    }

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Recommends_what_shoppers_of_the_same_taste_have()
    {
        await _shop.DidAsync("ann", InteractionKind.Purchase, "p20", "p21", "p22");

        RecommendResponse answer = await RecommendAsync(new RecommendRequest { ShopperId = "ann", Count = 5 });

        Assert.Equal("item-knn", answer.Model);
        Assert.NotNull(answer.Version);
        Assert.Null(answer.Fallback);
        Assert.Equal(5, answer.Results.Count);
        Assert.All(answer.Results, r => Assert.Equal(2, TasteShop.TasteOf(r.ProductId)));
        Assert.Equal(answer.Results.OrderByDescending(r => r.Score).Select(r => r.ProductId), answer.Results.Select(r => r.ProductId));
        Assert.Equal("The " + answer.Results[0].ProductId, answer.Results[0].Title);
    }

    [Theory]
    [InlineData(0, null, null, "count was 0")]
    [InlineData(100_000_000, null, null, "1 to 100")]
    [InlineData(10, 20.0, 5.0, "The lowest price, 20, is above the highest, 5")]
    public async Task Refuses_a_filter_that_nothing_can_pass(int count, double? from, double? to, string message)
    {
        var request = new RecommendRequest { ShopperId = "ann", Count = count, PriceFrom = (decimal?)from, PriceTo = (decimal?)to };

        ValidationException refused = await Assert.ThrowsAnyAsync<ValidationException>(() => RecommendAsync(request));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_posted_interaction_changes_the_next_answer()
    {
        await _shop.DidAsync("ann", InteractionKind.View, "p20");
        RecommendResponse before = await RecommendAsync(new RecommendRequest { ShopperId = "ann" });

        await _shop.DidAsync("ann", InteractionKind.View, "p30", "p31", "p32");

        RecommendResponse after = await RecommendAsync(new RecommendRequest { ShopperId = "ann" });
        Assert.Equal(2, TasteShop.TasteOf(before.Results[0].ProductId));
        Assert.Equal(3, TasteShop.TasteOf(after.Results[0].ProductId));
    }

    [Fact]
    public async Task Leaves_out_what_is_not_in_stock_unless_asked()
    {
        await _shop.DidAsync("ann", InteractionKind.Purchase, "p20");

        RecommendResponse sold = await RecommendAsync(new RecommendRequest { ShopperId = "ann", Count = 40 });
        RecommendResponse all = await RecommendAsync(new RecommendRequest { ShopperId = "ann", Count = 40, InStock = false });

        Assert.DoesNotContain(sold.Results, r => r.ProductId.EndsWith('9'));
        Assert.Contains(all.Results, r => r.ProductId == "p29");
    }

    [Fact]
    public async Task A_product_that_sells_out_is_gone_from_the_next_answer()
    {
        await _shop.DidAsync("ann", InteractionKind.Purchase, "p20");
        string first = (await RecommendAsync(new RecommendRequest { ShopperId = "ann" })).Results[0].ProductId;

        Product product = await _shop.Shop.Catalog.FindProductAsync(first);
        await _shop.Shop.Catalog.PutProductAsync(product with { Stock = 0 });

        Assert.DoesNotContain((await RecommendAsync(new RecommendRequest { ShopperId = "ann" })).Results, r => r.ProductId == first);
    }

    [Fact]
    public async Task A_deleted_product_is_gone_from_the_next_answer()
    {
        await _shop.DidAsync("ann", InteractionKind.Purchase, "p20");
        string first = (await RecommendAsync(new RecommendRequest { ShopperId = "ann" })).Results[0].ProductId;

        await _shop.Shop.Catalog.DeleteProductAsync(first);

        Assert.DoesNotContain((await RecommendAsync(new RecommendRequest { ShopperId = "ann" })).Results, r => r.ProductId == first);
    }

    [Theory]
    [InlineData("Taste 1", 9)]                       // one of ten is out of stock
    [InlineData("Taste 1 > Fine", 5)]
    [InlineData("taste 1  >  fine", 5)]
    public async Task Lists_products_of_a_category_and_below_it_only(string category, int count)
    {
        RecommendResponse answer = await RecommendAsync(new RecommendRequest { ShopperId = "s0", Category = category, Count = 40, ExcludeBought = false });

        Assert.Equal(count, answer.Results.Count);
        Assert.All(answer.Results, r => Assert.Equal(1, TasteShop.TasteOf(r.ProductId)));
    }

    [Theory]
    [InlineData("Taste", "There is no category 'Taste' in the shop. Did you mean 'Taste 0'?")]   // a part of a name is no category
    [InlineData("Tast 1 > Fine", "Did you mean 'Taste 1 > Fine'?")]
    [InlineData("fine", "Did you mean 'Taste 0 > Fine'?")]
    [InlineData("Lawn mowers", "There is no category 'Lawn mowers' in the shop.")]
    public async Task Guesses_what_a_category_that_no_product_has_should_be(string category, string expected)
    {
        var refused = await Assert.ThrowsAsync<NotFoundException>(() => RecommendAsync(new RecommendRequest { ShopperId = "s0", Category = category }));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_price_says_its_currency()
    {
        RecommendResponse answer = await RecommendAsync(new RecommendRequest { ShopperId = "s0" });

        Assert.All(answer.Results, product => Assert.Equal("USD", product.Currency));
    }

    [Fact]
    public async Task Lists_products_within_a_price_range_only_and_none_without_a_price()
    {
        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "p20", Title = "No price", Category = "Taste 2" });

        RecommendResponse answer = await RecommendAsync(new RecommendRequest { ShopperId = "s0", PriceFrom = 28, PriceTo = 33, Count = 40, ExcludeBought = false });

        Assert.Equal(["p18", "p21", "p22", "p23"], answer.Results.Select(r => r.ProductId).Order());   // p19 is sold out
    }

    [Fact]
    public async Task Leaves_out_what_was_bought_and_on_request_what_was_seen()
    {
        await _shop.DidAsync("ann", InteractionKind.Purchase, "p20", "p21");
        await _shop.DidAsync("ann", InteractionKind.View, "p22");
        await _shop.DidAsync("ann", InteractionKind.Cart, "p23");

        string[] unbought = Ids(await RecommendAsync(new RecommendRequest { ShopperId = "ann", Count = 40 }));
        string[] unseen = Ids(await RecommendAsync(new RecommendRequest { ShopperId = "ann", Count = 40, ExcludeSeen = true }));
        string[] any = Ids(await RecommendAsync(new RecommendRequest { ShopperId = "ann", Count = 40, ExcludeBought = false }));

        Assert.DoesNotContain("p20", unbought);
        Assert.Contains("p22", unbought);
        Assert.DoesNotContain("p22", unseen);
        Assert.DoesNotContain("p23", unseen);
        Assert.Contains("p20", any);
    }

    [Fact]
    public async Task A_basket_counts_as_the_latest_of_the_history_and_is_never_recommended()
    {
        RecommendResponse answer = await RecommendAsync(new RecommendRequest { Basket = ["p30", "p31"], Count = 5 });

        Assert.Null(answer.Fallback);
        Assert.All(answer.Results, r => Assert.Equal(3, TasteShop.TasteOf(r.ProductId)));
        Assert.DoesNotContain("p30", Ids(answer));
    }

    [Fact]
    public async Task A_basket_with_an_unknown_product_is_refused_by_name()
    {
        NotFoundException refused = await Assert.ThrowsAsync<NotFoundException>(() => RecommendAsync(new RecommendRequest { Basket = ["p30", "zzz"] }));

        Assert.Contains("'zzz'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_has_a_history_like_a_shopper()
    {
        await _shop.AppendAsync(new Interaction { At = _shop.Clock.GetUtcNow(), Session = "tab", Kind = InteractionKind.View, Product = "p05" });

        RecommendResponse answer = await RecommendAsync(new RecommendRequest { SessionId = "tab", Count = 5 });

        Assert.All(answer.Results, r => Assert.Equal(0, TasteShop.TasteOf(r.ProductId)));
    }

    [Fact]
    public async Task Nobody_known_gets_what_is_popular_now_and_the_answer_says_so()
    {
        for (int i = 0; i < 60; i++)
        {
            await _shop.DidAsync($"new{i}", InteractionKind.Purchase, "p33");
        }

        RecommendResponse unknown = await RecommendAsync(new RecommendRequest { ShopperId = "nobody", Explain = true });
        RecommendResponse nothing = await RecommendAsync(new RecommendRequest { Category = "Taste 0" });

        Assert.Equal("recent-popularity", unknown.Model);
        Assert.Contains("'nobody'", unknown.Fallback!, StringComparison.Ordinal);
        Assert.Equal("p33", unknown.Results[0].ProductId);
        Reason reason = Assert.Single(unknown.Results[0].Reasons!);
        Assert.Equal("popularity", reason.Kind);
        Assert.Contains("since 2026-03-14", reason.Text, StringComparison.Ordinal);
        Assert.NotNull(nothing.Fallback);
        Assert.All(nothing.Results, r => Assert.Equal(0, TasteShop.TasteOf(r.ProductId)));
    }

    [Theory]
    [InlineData("popularity")]
    [InlineData("recent-popularity")]
    [InlineData("item-knn")]
    public async Task A_model_can_be_asked_by_name(string model)
    {
        RecommendResponse answer = await RecommendAsync(new RecommendRequest { ShopperId = "s0", Model = model });

        Assert.Equal(model, answer.Model);
        Assert.Equal(model == "item-knn", answer.Version is not null);
        Assert.Equal(10, answer.Results.Count);
    }

    [Fact]
    public async Task An_unknown_model_is_refused_and_an_untrained_one_says_what_to_do()
    {
        await Assert.ThrowsAsync<ValidationException>(() => RecommendAsync(new RecommendRequest { ShopperId = "s0", Model = "sasrek" }));
        ModelNotTrainedException untrained = await Assert.ThrowsAsync<ModelNotTrainedException>(
            () => RecommendAsync(new RecommendRequest { ShopperId = "s0", Model = "sasrec" }));

        Assert.Contains("train --model sasrec", untrained.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_product_newer_than_the_model_ranks_with_the_products_it_is_like()
    {
        await _shop.Shop.Catalog.PutProductAsync(new Product { Id = "new", Title = "New", Brand = "Brand 2", Category = "Taste 2 > Fine", Stock = 1 });
        await _shop.DidAsync("ann", InteractionKind.Purchase, "p20", "p21");

        RecommendResponse answer = await RecommendAsync(new RecommendRequest { ShopperId = "ann", Count = 15 });
        SimilarResponse similar = await _shop.Recommender.SimilarAsync(new SimilarRequest { ProductId = "new", Count = 5 });

        int place = Array.IndexOf(Ids(answer), "new");
        Assert.InRange(place, 0, 9);
        Assert.All(similar.Results, r => Assert.Equal(2, TasteShop.TasteOf(r.ProductId)));
    }

    [Fact]
    public async Task Similar_products_are_of_the_same_taste_and_never_the_product_itself()
    {
        SimilarResponse answer = await _shop.Recommender.SimilarAsync(new SimilarRequest { ProductId = "p11", Count = 5 });

        Assert.Equal(5, answer.Results.Count);
        Assert.All(answer.Results, r => Assert.Equal(1, TasteShop.TasteOf(r.ProductId)));
        Assert.DoesNotContain(answer.Results, r => r.ProductId == "p11");
        await Assert.ThrowsAsync<NotFoundException>(() => _shop.Recommender.SimilarAsync(new SimilarRequest { ProductId = "zzz" }));
    }

    [Fact]
    public async Task Reasons_name_the_history_in_words_and_weigh_what_the_score_loses()
    {
        await _shop.DidAsync("ann", InteractionKind.View, "p20", "p31");
        await _shop.DidAsync("ann", InteractionKind.Purchase, "p20");

        ExplainResponse explained = await _shop.Recommender.ExplainAsync(new ExplainRequest { ShopperId = "ann", ProductId = "p22" });

        Reason reason = explained.Reasons[0];
        Assert.Equal("history", reason.Kind);
        Assert.Equal("because you bought The p20", reason.Text);
        Assert.Equal("p20", reason.ProductId);
        await _shop.DidAsync("other", InteractionKind.View, "p31");
        ExplainResponse without = await _shop.Recommender.ExplainAsync(new ExplainRequest { ShopperId = "other", ProductId = "p22" });
        Assert.Equal(explained.Score - without.Score, reason.Weight, 4);
    }

    [Fact]
    public async Task Of_a_shopper_nothing_is_known_of_it_explains_what_is_popular_and_says_so()
    {
        ExplainResponse unknown = await _shop.Recommender.ExplainAsync(new ExplainRequest { ShopperId = "nobody", ProductId = "p22" });
        ExplainResponse known = await _shop.Recommender.ExplainAsync(new ExplainRequest { ShopperId = "s7", ProductId = "p22" });

        Assert.Equal("Nothing is known of shopper 'nobody' yet; these are popular now.", unknown.Fallback);
        Assert.Equal("recent-popularity", unknown.Model);
        Assert.Null(known.Fallback);
    }

    [Fact]
    public async Task The_rank_is_the_place_among_all_products()
    {
        var explained = new List<ExplainResponse>();
        for (int p = 0; p < 40; p++)
        {
            explained.Add(await _shop.Recommender.ExplainAsync(new ExplainRequest { ShopperId = "s7", ProductId = TasteShop.Id(p) }));
        }

        RecommendResponse answer = await RecommendAsync(new RecommendRequest { ShopperId = "s7", Count = 1, InStock = false, ExcludeBought = false });

        Assert.All(explained, one => Assert.Equal(explained.Count(other => other.Score >= one.Score), one.Rank));
        Assert.Equal(answer.Results[0].Score, explained.Single(one => one.ProductId == answer.Results[0].ProductId).Score, 6);
    }

    [Fact]
    public async Task What_a_shopper_looks_at_now_is_not_recommended()
    {
        await _shop.DidAsync("ann", InteractionKind.View, "p21", "p20");

        RecommendResponse answer = await RecommendAsync(new RecommendRequest { ShopperId = "ann", Count = 40 });

        Assert.DoesNotContain("p20", Ids(answer));
        Assert.Contains("p21", Ids(answer));
    }

    [Fact]
    public async Task A_basket_is_named_as_a_reason()
    {
        RecommendResponse answer = await RecommendAsync(new RecommendRequest { Basket = ["p30"], Explain = true });

        Reason reason = Assert.Single(answer.Results[0].Reasons!);
        Assert.Equal(("basket", "because The p30 is in the basket"), (reason.Kind, reason.Text));
    }

    [Fact]
    public async Task Answers_go_on_while_versions_are_swapped()
    {
        string second = await _shop.TrainAsync();
        string[] versions = [.. (await _shop.Recommender.StatusAsync(new StatusRequest())).Versions.Select(v => v.Version)];
        using var stop = new CancellationTokenSource();
        int answered = 0;
        Task asking = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                RecommendResponse answer = await RecommendAsync(new RecommendRequest { ShopperId = $"s{answered % 200}", Explain = answered % 10 == 0 });
                Assert.Equal(10, answer.Results.Count);
                Assert.Contains(answer.Version, versions);
                Interlocked.Increment(ref answered);
            }
        });

        for (int i = 0; i < 20 || (Volatile.Read(ref answered) < 20 && !asking.IsCompleted); i++)
        {
            KeptVersions status = await _shop.Recommender.ActivateAsync(new ActivateRequest { Version = versions[i % 2] });
            Assert.Equal(versions[i % 2], status.ActiveVersion);
            Assert.Equal(versions[i % 2], (await RecommendAsync(new RecommendRequest { ShopperId = "s0" })).Version);
        }

        await stop.CancelAsync();
        await asking;
        Assert.Contains(second, versions);
    }

    private Task<RecommendResponse> RecommendAsync(RecommendRequest request) => _shop.Recommender.RecommendAsync(request);

    private static string[] Ids(RecommendResponse answer) => [.. answer.Results.Select(r => r.ProductId)];
}
