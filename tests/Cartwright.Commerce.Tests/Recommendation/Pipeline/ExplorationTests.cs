using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class ExplorationTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 4, 11, 12, 0, 0, TimeSpan.Zero);

    private readonly TasteShop _shop = new();

    private IExposureStore Kept => (IExposureStore)_shop.Shop.Store;

    public async Task InitializeAsync()
    {
        await _shop.InitializeAsync();
        await _shop.TrainAsync();
        await _shop.DidAsync("ann", InteractionKind.Purchase, "p20", "p21", "p22");
    }

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData(ExplorationMethod.EpsilonGreedy)]
    [InlineData(ExplorationMethod.PlackettLuce)]
    public void Chances_sum_to_one_at_every_place_and_the_models_own_choice_has_what_is_left(ExplorationMethod method)
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var stage = new Exploration { Share = random.NextDouble(), Method = method, Temperature = 0.05 + (3 * random.NextDouble()) };
            ExplorationDraw draw = ExplorationDraw.For(stage with { Share = Math.Max(stage.Share, 0.01) }, "v", Now)!;

            double[] chances = draw.Chances([.. Enumerable.Range(0, 1 + random.Next(30)).Select(_ => Math.Exp(5 * random.NextDouble()))]);

            Assert.Equal(1, chances.Sum(), 12);
            Assert.All(chances, chance => Assert.InRange(chance, 0, 1));
            Assert.True(chances[0] >= 1 - Math.Max(stage.Share, 0.01));
        }
    }

    [Theory]
    [InlineData(ExplorationMethod.EpsilonGreedy)]
    [InlineData(ExplorationMethod.PlackettLuce)]
    public void Products_come_as_often_as_the_noted_chances_say(ExplorationMethod method)
    {
        const int visitors = 20_000;
        (int Product, float Score)[] candidates = [.. Enumerable.Range(0, 6).Select(i => (i, 3f - (i * i * 0.1f)))];
        var stage = new Exploration { Share = 0.6, Method = method };
        var times = new Dictionary<int, int>();
        var noted = new Dictionary<int, double>();
        double second = 0;
        int secondTimes = 0;
        for (int visitor = 0; visitor < visitors; visitor++)
        {
            ExplorationDraw draw = ExplorationDraw.For(stage, $"v{visitor}", Now)!;
            List<(int Product, float Score)> list = draw.Draw(candidates, 3);
            Assert.Equal(3, list.Select(one => one.Product).Distinct().Count());
            int first = list[0].Product;
            times[first] = times.GetValueOrDefault(first) + 1;
            noted[first] = draw.ChanceOf(first)!.Value;
            if (first == 1 && list[1].Product == 3)
            {
                secondTimes++;
                second = draw.ChanceOf(3)!.Value;
            }
        }

        Assert.Equal(6, times.Count);
        Assert.All(times, product => Assert.InRange(product.Value / (double)visitors, noted[product.Key] - 0.015, noted[product.Key] + 0.015));
        Assert.InRange(secondTimes / (double)times[1], second - 0.04, second + 0.04);
    }

    [Fact]
    public async Task A_visitor_sees_one_draw_for_a_while_and_it_is_kept_once()
    {
        await SetAsync(new Exploration { Share = 1, Method = ExplorationMethod.EpsilonGreedy });

        string[] first = await AskAsync("ann"), again = await AskAsync("ann");
        _shop.Clock.Advance(TimeSpan.FromHours(1));
        string[] later = await AskAsync("ann");

        Assert.Equal(first, again);
        Assert.NotEqual(first, later);
        IReadOnlyList<Exposure> kept = await Kept.ListExposuresAsync();
        Assert.Equal(first.Concat(later), kept.Select(shown => shown.ProductId));
        Assert.Equal(Enumerable.Range(1, 5).Concat(Enumerable.Range(1, 5)), kept.Select(shown => shown.Place));
        Assert.All(kept, shown => Assert.Equal(("ann", (string?)null), (shown.ShopperId, shown.SessionId)));
        Assert.Equal(2, kept.Select(shown => shown.ListId).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Nothing_is_left_to_chance_where_no_pipeline_says_so_or_nobody_is_named_or_somebody_only_looks()
    {
        RecommendResponse before = await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "ann", Count = 5 });
        await SetAsync(new Exploration { Share = 1 });
        RecommendResponse look = await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "ann", Count = 5, Explore = false });
        RecommendResponse nobody = await _shop.Recommender.RecommendAsync(new RecommendRequest { Count = 5 });

        Assert.Equal(before.Results.Select(product => product.ProductId), look.Results.Select(product => product.ProductId));
        Assert.All([.. before.Results, .. look.Results, .. nobody.Results], product => Assert.Null(product.Propensity));
        Assert.Empty(await Kept.ListExposuresAsync());
    }

    [Fact]
    public async Task Rules_and_stock_come_after_chance()
    {
        RecommendationPipeline pipeline = await SetAsync(new Exploration { Share = 1, Method = ExplorationMethod.EpsilonGreedy, Candidates = 40 }, new RecommendationPipeline
        {
            Rules =
            [
                new MerchandisingRule { Id = "front", Action = MerchandisingAction.Pin, ProductIds = ["p03"], Place = 2 },
                new MerchandisingRule { Id = "gone", Action = MerchandisingAction.Hide, Brand = "Brand 1" },
            ],
        });

        for (int visitor = 0; visitor < 30; visitor++)
        {
            RecommendResponse answer = await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "ann", SessionId = $"v{visitor}", Count = 8 });
            _shop.Clock.Advance(TimeSpan.FromHours(1));

            Assert.Equal("p03", answer.Results[1].ProductId);
            Assert.Null(answer.Results[1].Propensity);
            Assert.Equal(8, answer.Results.Select(product => product.ProductId).Distinct(StringComparer.Ordinal).Count());
            Assert.All(answer.Results, product => Assert.False(product.ProductId.EndsWith('9') || TasteShop.TasteOf(product.ProductId) == 1 || product.ProductId is "p20" or "p21" or "p22"));
        }

        Assert.NotNull(pipeline.Exploration);
        Assert.DoesNotContain(await Kept.ListExposuresAsync(), shown => shown.ProductId == "p03");
    }

    [Fact]
    public async Task A_preview_tells_the_chance_and_keeps_nothing()
    {
        PreviewResponse preview = await _shop.Recommender.PreviewAsync(new PreviewRequest { Pipeline = new RecommendationPipeline { Exploration = new Exploration { Share = 0.5 } }, ShopperId = "ann", Count = 4 });

        Assert.All(preview.Then, product => Assert.Contains(product.Stages!, stage => stage.Stage == "chance" && stage.Change == product.Propensity));
        Assert.Empty(await Kept.ListExposuresAsync());
    }

    [Fact]
    public async Task A_stage_out_of_its_ranges_is_refused()
    {
        ValidationException refused = await Assert.ThrowsAnyAsync<ValidationException>(() => SetAsync(new Exploration { Share = 1.5 }));

        Assert.Contains("share was 1.5; it takes 0 to 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_models_own_lists_would_have_earned_is_told_from_explored_ones()
    {
        await SetAsync(new Exploration { Share = 1, Method = ExplorationMethod.EpsilonGreedy, Candidates = 5 });
        int opened = 0, shown = 0;
        for (int visitor = 0; visitor < 120; visitor++)
        {
            string session = $"v{visitor}";
            await _shop.AppendAsync([new Interaction { At = _shop.Clock.GetUtcNow(), Session = session, Kind = InteractionKind.View, Product = "p20" }]);
            RecommendResponse answer = await _shop.Recommender.RecommendAsync(new RecommendRequest { SessionId = session, Count = 2 });

            // Whoever sees p21 opens it, whoever sees another product does not.
            foreach (RankedProduct product in answer.Results)
            {
                shown++;
                if (product.ProductId == "p21")
                {
                    opened++;
                    await _shop.AppendAsync([new Interaction { At = _shop.Clock.GetUtcNow().AddMinutes(1), Session = session, Kind = InteractionKind.Click, Product = "p21" }]);
                }
            }
        }

        await Assert.ThrowsAnyAsync<ValidationException>(() => _shop.Shop.PolicyJudge.OffPolicyAsync(new OffPolicyRequest()));
        _shop.Clock.Advance(TimeSpan.FromDays(2));
        OffPolicyResponse valued = await _shop.Shop.PolicyJudge.OffPolicyAsync(new OffPolicyRequest());

        IReadOnlyList<Exposure> kept = await Kept.ListExposuresAsync();
        double ofModel = kept.Average(one => one.ModelProductId == "p21" ? 1 : 0);
        Assert.Equal(shown, valued.RowCount);
        Assert.Equal(opened / (double)shown, valued.Logged.Value, 12);
        PolicyEstimate robust = valued.Estimates.Single(estimate => estimate.Estimator == "doubly-robust");
        Assert.InRange(ofModel, robust.Value.Low, robust.Value.High);
    }

    private async Task<RecommendationPipeline> SetAsync(Exploration exploration, RecommendationPipeline? pipeline = null) =>
        (await _shop.Recommender.SetPipelineAsync(new SetPipelineRequest { Pipeline = (pipeline ?? new RecommendationPipeline()) with { Exploration = exploration } })).Pipeline;

    private async Task<string[]> AskAsync(string shopper) =>
        [.. (await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = shopper, Count = 5 })).Results.Select(product => product.ProductId)];
}
