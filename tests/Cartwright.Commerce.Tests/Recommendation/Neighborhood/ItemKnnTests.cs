using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class ItemKnnTests
{
    [Fact]
    public void Scores_as_the_formula_says()
    {
        TrainingData data = RandomShop(seed: 1, out _);
        var options = new ItemKnnOptions { NeighborCount = 1000, Shrinkage = 3, Decay = 0.7f };

        ItemKnn model = ItemKnnTrainer.Fit(data, options);

        int[] history = [3, 8, 3, 11];
        float[] scores = new float[data.ProductCount];
        model.Score(history, scores);
        for (int j = 0; j < data.ProductCount; j++)
        {
            double expected = Similarity(data, 11, j, 3) + (0.7 * Similarity(data, 3, j, 3)) + (0.49 * Similarity(data, 8, j, 3));
            Assert.Equal(expected, scores[j], 5);
        }
    }

    [Theory, InlineData(ItemSimilarity.TfIdf), InlineData(ItemSimilarity.Bm25), InlineData(ItemSimilarity.AdjustedCosine)]
    public void Shoppers_weigh_as_the_similarity_says(ItemSimilarity similarity)
    {
        TrainingData data = EaseTests.WithStars(RandomShop(seed: 3, out _));

        ItemKnn model = ItemKnnTrainer.Fit(data, new ItemKnnOptions { NeighborCount = 1000, Shrinkage = 2, Similarity = similarity });

        Dictionary<int, double>[] baskets = [.. Enumerable.Range(0, data.Sequences.Count).Select(s => Basket(data.Sequences.StepsOf(s)))];
        double[][] weights = [.. baskets.Select(basket => Enumerable.Range(0, data.ProductCount).Select(p => Weight(basket, p)).ToArray())];
        double[] squares = [.. Enumerable.Range(0, data.ProductCount).Select(p => weights.Sum(row => row[p] * row[p]))];
        float[] scores = new float[data.ProductCount];
        model.ScoreSimilar(5, scores);
        for (int j = 0; j < data.ProductCount; j++)
        {
            double below = similarity == ItemSimilarity.Bm25 ? squares.Average() : Math.Sqrt(squares[5] * squares[j]);
            double expected = j == 5 ? 0 : Math.Max(0, weights.Sum(row => row[5] * row[j]) / (below + 2));
            Assert.Equal(expected, scores[j], 1e-4);
        }

        double Weight(Dictionary<int, double> basket, int product)
        {
            double rarity = Math.Log((double)data.ProductCount / basket.Count);
            double length = baskets.Count(other => other.ContainsKey(product)), typical = baskets.Sum(other => (double)other.Count) / data.ProductCount;
            return !basket.TryGetValue(product, out double stars) ? 0 : similarity switch
            {
                ItemSimilarity.TfIdf => rarity,
                ItemSimilarity.Bm25 => rarity * 2.2 / (1 + (1.2 * (0.25 + (0.75 * length / typical)))),
                _ => stars - basket.Values.Average(),
            };
        }

        static Dictionary<int, double> Basket(Steps steps)
        {
            var latest = new Dictionary<int, double>();
            for (int i = 0; i < steps.Count; i++)
            {
                latest[steps.Products.Span[i]] = steps.Values.Span[i];
            }

            return latest;
        }
    }

    [Fact]
    public void Keeps_the_most_similar_neighbors_only()
    {
        TrainingData data = RandomShop(seed: 2, out _);

        ItemKnn model = ItemKnnTrainer.Fit(data, new ItemKnnOptions { NeighborCount = 4, Shrinkage = 0 });

        float[] scores = new float[data.ProductCount];
        model.ScoreSimilar(5, scores);
        int[] best = [.. Enumerable.Range(0, data.ProductCount).Where(j => j != 5).OrderByDescending(j => Similarity(data, 5, j, 0)).Take(4)];
        Assert.Equal(4, scores.Count(s => s > 1e-5));
        Assert.Equal(best.Select(j => Similarity(data, 5, j, 0)).Order(), scores.Where(s => s > 1e-5).Select(s => (double)s).Order(), new Nearly());
    }

    [Fact]
    public void Has_no_answer_of_its_own_for_products_that_nobody_else_has()
    {
        Snapshot shop = new TinyShop().Products("a", "b", "c", "z").Shopper("ann", "abc").Shopper("bob", "abcab").Snapshot();
        ItemKnn model = ItemKnnTrainer.Fit(Data(shop), new ItemKnnOptions());

        Assert.False(model.CanScore(default));
        Assert.False(model.CanScore(new[] { 3 }));
        Assert.True(model.CanScore(new[] { 3, 0 }));
    }

    [Fact]
    public void A_fit_is_the_same_every_time()
    {
        TrainingData data = RandomShop(seed: 4, out _);

        float[][] scores = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            IRecommendationModel model = new ItemKnnTrainer().Fit(data, new FitOptions(), null, CancellationToken.None);
            float[] row = new float[data.ProductCount];
            model.Score(new[] { 1, 2, 3 }, row);
            return row;
        })];

        Assert.Equal(scores[0], scores[1]);
    }

    [Fact]
    public void Beats_popularity_where_shoppers_have_tastes()
    {
        TrainingData data = RandomShop(seed: 5, out RankingSplit split);

        double knn = Ndcg(new ItemKnnTrainer().Fit(data, new FitOptions(), null, CancellationToken.None), split);
        double popularity = Ndcg(new PopularityTrainer().Fit(data, new FitOptions(), null, CancellationToken.None), split);

        Assert.True(knn > popularity * 1.2, $"item-knn {knn}, popularity {popularity}");
    }

    internal static double Ndcg(IRecommendationModel model, RankingSplit split) =>
        RankingMeasure.Run(model.ScoreMany, model.ProductCount, split.Test, [10]).Mean("ndcg@10");

    /// <summary>200 shoppers, 40 products in four tastes of ten.</summary>
    internal static TrainingData RandomShop(int seed, out RankingSplit split)
    {
        var random = new Random(seed);
        var tiny = new TinyShop().Products([.. Enumerable.Range(0, 40).Select(p => ((char)('A' + p)).ToString())]);
        for (int s = 0; s < 200; s++)
        {
            int taste = random.Next(4) * 10;
            string products = string.Concat(Enumerable.Range(0, 8).Select(_ => random.Next(5) == 0 ? random.Next(40) : taste + random.Next(10))
                .Distinct().Select(p => (char)('A' + p)));
            tiny.Shopper($"s{s}", products);
        }

        return Data(tiny.Snapshot(), out split);
    }

    internal static TrainingData Data(Snapshot shop) => Data(shop, out _);

    internal static TrainingData Data(Snapshot shop, out RankingSplit split)
    {
        split = RankingProtocols.Cut("leave-one-out", shop, new HashSet<InteractionKind> { InteractionKind.Purchase }, seed: 1)[0];
        return new ModelComparison(shop.Products, hasRealTimes: false, TimeProvider.System).TrainingDataOf(split);
    }

    private static double Similarity(TrainingData data, int i, int j, double shrinkage)
    {
        if (i == j)
        {
            return 0;
        }

        int[][] baskets = [.. Enumerable.Range(0, data.Sequences.Count).Select(s => data.Sequences.ProductsOf(s).ToArray())];
        double ofI = baskets.Count(b => b.Contains(i));
        double ofJ = baskets.Count(b => b.Contains(j));
        double both = baskets.Count(b => b.Contains(i) && b.Contains(j));
        return both == 0 ? 0 : both / (Math.Sqrt(ofI * ofJ) + shrinkage);
    }

    private sealed class Nearly : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 2e-6;

        public int GetHashCode(double obj) => 0;
    }
}
