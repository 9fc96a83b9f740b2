using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Tests.Recommendation.Ranker;

/// <summary>The verbs, on a shop of four tastes whose lists show all of them and whose shoppers click their own.</summary>
public sealed class RankingStageTests : IAsyncLifetime
{
    private readonly TasteShop _shop = new();

    private RankingStage Stage => _shop.Shop.RankingStage;

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_ranker_that_was_trained_reorders_the_list_and_tells_what_it_did()
    {
        await ShowAsync();
        await _shop.TrainAsync();
        TrainRankerResponse trained = await Stage.TrainRankerAsync(new TrainRankerRequest { Epochs = 3, Activate = true });

        RecommendResponse answer = await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s1", Count = 5, Explain = true, InStock = true });

        Assert.True(trained.IsActive);
        Assert.Equal(["item-knn"], trained.Generators);
        Assert.True(trained.Metrics["ranker auc"].Value > 0.7, trained.Summary);
        Assert.Null(answer.Fallback);
        Assert.All(answer.Results, product => Assert.InRange(product.ClickChance!.Value, 0.0, 1.0));
        Assert.Contains(answer.Results, product => product.Stages!.Any(stage => stage.Stage == "ranker") || trained.Share == 0);
        Assert.DoesNotContain(answer.Results, product => product.ProductId.EndsWith('9'));   // without stock
        Assert.Equal(trained.Version, (await Stage.RankersAsync(new RankersRequest())).ActiveVersion);
        PreviewResponse preview = await _shop.Recommender.PreviewAsync(new PreviewRequest { ShopperId = "s1", Count = 5 });
        Assert.All(preview.Then, product => Assert.Null(product.ClickChance));              // this pipeline has none
        Assert.All(preview.Now, product => Assert.NotNull(product.ClickChance));
    }

    [Fact]
    public async Task A_ranker_rests_behind_another_model_and_where_its_files_are_gone_and_says_so()
    {
        await ShowAsync();
        await _shop.TrainAsync();
        TrainRankerResponse trained = await Stage.TrainRankerAsync(new TrainRankerRequest { Epochs = 1, Activate = true });
        await _shop.TrainAsync("ease", activate: true);

        RecommendResponse other = await _shop.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s1" });

        Assert.Contains("rests, since ease ranks", other.Fallback, StringComparison.Ordinal);
        Assert.NotEmpty(other.Results);
        Directory.Delete(Path.Combine(_shop.ModelFolder, "..", "ranker", trained.Version), recursive: true);
        await using var again = new Reopened(_shop);
        RecommendResponse without = await again.Recommender.RecommendAsync(new RecommendRequest { ShopperId = "s1" });
        Assert.Contains("There is no ranker", without.Fallback, StringComparison.Ordinal);
        Assert.NotEmpty(without.Results);
    }

    [Fact]
    public async Task Refuses_a_pipeline_with_an_unknown_ranker_a_shop_without_impressions_and_one_without_a_model()
    {
        NotFoundException unknown = await Assert.ThrowsAsync<NotFoundException>(() => _shop.Recommender.SetPipelineAsync(new SetPipelineRequest { Pipeline = new() { Ranker = "20200101-000000-ranker" } }));
        ModelNotTrainedException untrained = await Assert.ThrowsAsync<ModelNotTrainedException>(() => Stage.TrainRankerAsync(new TrainRankerRequest()));
        await _shop.TrainAsync();
        ValidationException few = await Assert.ThrowsAsync<ValidationException>(() => Stage.TrainRankerAsync(new TrainRankerRequest()));

        Assert.Contains("train-ranker", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("cartwright recommendation train", untrained.Message, StringComparison.Ordinal);
        Assert.Contains("0 impressions", few.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_evaluation_tells_chances_and_order_beside_baselines()
    {
        await ShowAsync();

        EvaluationReport report = await Stage.EvaluateRankerAsync(new EvaluateRankerRequest { Generators = ["item-knn", "als"], Epochs = 3 });

        Assert.Equal(["mean-rate", "place-rate", "popularity", "blend", "ranker"], report.Models.Select(model => model.Model));
        IReadOnlyDictionary<string, MetricEstimate> ranker = report.Models[^1].Metrics, mean = report.Models[0].Metrics;
        Assert.Equal(0.5, mean["auc"].Value, 1e-9);
        Assert.True(ranker["auc"].Low > 0.6, $"{ranker["auc"]}");
        Assert.True(ranker["logLoss"].Value < mean["logLoss"].Value);
        Assert.Contains("ndcg@10 over blend", ranker.Keys);
        Assert.Contains("auc over blend", ranker.Keys);
        await Assert.ThrowsAsync<ValidationException>(() => Stage.EvaluateRankerAsync(new EvaluateRankerRequest { Generators = ["nonsense"] }));
    }

    /// <summary>400 lists of ten products of all tastes, a click for every third look at something of the shopper's own.</summary>
    private async Task ShowAsync()
    {
        var random = new Random(6);
        var shown = new List<Interaction>();
        for (int list = 0; list < 400; list++)
        {
            int shopper = list % 200;
            DateTimeOffset at = new DateTimeOffset(2026, 1, 1, 9, 0, 0, TimeSpan.Zero).AddDays(2 + (list / 4.5)).AddMinutes(list % 7);
            int[] products = [.. Enumerable.Range(0, 40).OrderBy(_ => random.Next()).Take(10)];
            for (int place = 0; place < products.Length; place++)
            {
                string id = string.Create(CultureInfo.InvariantCulture, $"l{list}-{place}");
                Interaction impression = new()
                {
                    Id = id, At = at, Shopper = $"s{shopper}", Session = $"v{list}", Kind = InteractionKind.Impression, Product = TasteShop.Id(products[place]), Position = place + 1,
                };
                shown.Add(impression);
                if (products[place] / 10 == shopper % 4 && random.NextDouble() < 0.9 / (1 + (0.3 * place)))
                {
                    shown.Add(impression with { Id = id + "c", At = at.AddSeconds(20 + place), Kind = InteractionKind.View });
                }
            }
        }

        await _shop.AppendAsync([.. shown]);
    }

    /// <summary>The same folder, asked by a recommender that has loaded nothing yet.</summary>
    private sealed class Reopened(TasteShop shop) : IAsyncDisposable
    {
        public Recommender Recommender { get; } = new(shop.Shop.Catalog, shop.ModelFolder, Path.Combine(shop.ModelFolder, "..", "..", "pipelines"),
            Path.Combine(shop.ModelFolder, "..", "ranker"), shop.Clock, (IExposureStore)shop.Shop.Store);

        public ValueTask DisposeAsync()
        {
            Recommender.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
