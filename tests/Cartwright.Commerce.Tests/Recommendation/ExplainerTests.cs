using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class ExplainerTests : IAsyncLifetime
{
    private readonly TasteShop _shop = new();

    public Task InitializeAsync() => _shop.InitializeAsync();

    public Task DisposeAsync() => _shop.DisposeAsync();

    /// <summary>Over all shoppers: the two named products against every other pair of the same history. Once for one
    /// product, as explain asks, and once as recommend asks, for the reasons of a whole answer; then of the product at a place.</summary>
    [Theory]
    [InlineData("item-knn", null, 1.0)]
    [InlineData("sasrec", null, 0.8)]
    [InlineData("item-knn", 1, 1.0)]
    [InlineData("sasrec", 1, 0.8)]
    [InlineData("sasrec", 10, 0.8)]
    public async Task Removing_the_named_products_lowers_the_score_more_than_removing_as_many_others(string model, int? place, double share)
    {
        LiveShop live = await _shop.Shop.Catalog.LiveAsync();
        IRanker ranker = Ranker(live, model);
        int heaviest = 0, heavier = 0, asked = 0;
        for (int s = 0; s < 200; s++)
        {
            History history = History.Of(live, $"s{s}", null, []);
            int[] answer = BestTen(ranker, history.Steps);
            int best = answer[(place ?? 1) - 1];
            var explainer = new Explainer(live, ranker, history);
            IReadOnlyList<Reason> named = place is { } at ? explainer.ExplainAll(answer, count: 2)[at - 1] : explainer.Explain(best, count: 2);
            int[] reasons = [.. named.Select(r => live.ProductIndex(r.ProductId!))];
            if (reasons.Length < 2)
            {
                continue;
            }

            int[] distinct = [.. history.Steps.Products.ToArray().Distinct()];
            double whole = Score(ranker, history.Steps, best);
            double loss = whole - Score(ranker, Without(history, reasons), best);
            double[] otherLosses = [.. from a in distinct
                                       from b in distinct
                                       where a < b && !(reasons.Contains(a) && reasons.Contains(b))
                                       select whole - Score(ranker, Without(history, [a, b]), best)];
            asked++;
            heaviest += loss >= otherLosses.Max() - 1e-6 ? 1 : 0;
            heavier += loss > otherLosses.Average() ? 1 : 0;
        }

        Assert.True(asked > 100, $"only {asked} of 200 had two reasons");
        Assert.True(heavier >= 0.98 * asked, $"the named pair was heavier than others for {heavier} of {asked}");
        Assert.True(heaviest >= share * asked, $"the named pair was the heaviest of all for {heaviest} of {asked}");
    }

    [Fact]
    public async Task The_weights_of_several_reasons_add_up_to_what_the_score_loses_without_all_of_them()
    {
        LiveShop live = await _shop.Shop.Catalog.LiveAsync();
        IRanker ranker = Ranker(live, "sasrec");
        History history = History.Of(live, "s3", null, []);
        int best = Best(ranker, history.Steps);

        IReadOnlyList<Reason> reasons = new Explainer(live, ranker, history).Explain(best, count: 3);

        int[] named = [.. reasons.Select(r => live.ProductIndex(r.ProductId!))];
        double loss = Score(ranker, history.Steps, best) - Score(ranker, Without(history, named), best);
        Assert.Equal(loss, reasons.Sum(r => r.Weight), 3);
    }

    [Fact]
    public async Task Explains_many_products_at_once_as_one_by_one_for_the_first_reason()
    {
        LiveShop live = await _shop.Shop.Catalog.LiveAsync();
        IRanker ranker = Ranker(live, "item-knn");
        History history = History.Of(live, "s3", null, []);
        var explainer = new Explainer(live, ranker, history);

        int[] products = [1, 12, 35];

        IReadOnlyList<Reason>[] together = explainer.ExplainAll(products, count: 1);

        Assert.Equal(products.Select(product => explainer.Explain(product, count: 1)), together);
    }

    private static TrainedRanker Ranker(LiveShop live, string model)
    {
        HeldOut held = HeldOut.Of(live.Snapshot);
        var data = new TrainingData
        {
            ProductCount = live.Products.Count,
            Sequences = held.Train,
            Validation = held.Validation,
            Content = ProductContent.Of(live.Products),
            HasRealTimes = true,
        };
        IRecommendationModel fitted = RecommendationModels.Named(model).Fit(data, new FitOptions { Seed = 3, Epochs = 20 }, null, CancellationToken.None);
        return new TrainedRanker(live, fitted, "v1", [.. live.Products.Select(p => p.Id)]);
    }

    private static Steps Without(History history, int[] products) =>
        history.Steps.Only([.. Enumerable.Range(0, history.Steps.Count).Where(i => !products.Contains(history.Steps.Products.Span[i]))]);

    private static int Best(IRanker ranker, Steps history) => BestTen(ranker, history)[0];

    private static int[] BestTen(IRanker ranker, Steps history)
    {
        float[] scores = new float[40];
        ranker.Score(history, scores);
        return [.. Enumerable.Range(0, 40).Except(history.Products.ToArray()).OrderByDescending(p => scores[p]).Take(10)];
    }

    private static double Score(IRanker ranker, Steps history, int product)
    {
        float[] scores = new float[1];
        ranker.ScoreProducts([history], [product], scores);
        return scores[0];
    }
}
