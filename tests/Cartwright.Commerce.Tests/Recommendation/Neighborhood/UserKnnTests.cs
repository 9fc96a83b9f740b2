using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Linear;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class UserKnnTests
{
    // Three shoppers of five products. Means: 3, 4, 3.
    private static readonly SparseRows Shoppers = new([0, 4, 7, 10], [0, 1, 2, 3, 0, 1, 4, 1, 2, 4], [5, 1, 4, 2, 5, 3, 4, 4, 1, 4], 5);

    [Fact]
    public void Similarity_is_the_correlation_on_what_both_rated_less_where_that_is_little()
    {
        var model = new UserKnn(new UserKnnOptions(), Shoppers);
        var mine = new Steps(new[] { 0, 1, 2 }) { Values = new[] { 5f, 2f, 2f } };                 // mean 3: +2, -1, -1

        float[] similarities = Similarities(model, DistinctSteps.Of(mine), ShopperSimilarity.Pearson, significantOverlap: 4);

        Assert.Equal(3 / 4.0 * ((2 * 2) + (-1 * -2) + (-1 * 1)) / Math.Sqrt(6.0 * 9), similarities[0], 5);
        Assert.Equal(2 / 4.0 * ((2 * 1) + (-1 * -1)) / Math.Sqrt(5.0 * 2), similarities[1], 5);
        Assert.Equal(2 / 4.0 * ((-1 * 1) + (-1 * -2)) / Math.Sqrt(2.0 * 5), similarities[2], 5);
    }

    [Fact]
    public void Without_stars_similarity_is_the_cosine_of_what_both_have()
    {
        var model = new UserKnn(new UserKnnOptions(), Shoppers);

        float[] similarities = Similarities(model, DistinctSteps.Of(new[] { 0, 1, 4 }), ShopperSimilarity.Overlap, significantOverlap: 1);

        Assert.Equal(2 / Math.Sqrt(12), similarities[0], 5);
        Assert.Equal(1, similarities[1], 5);
        Assert.Equal(2 / 3.0, similarities[2], 5);
    }

    [Fact]
    public void Stars_are_the_own_mean_and_what_similar_shoppers_gave_above_theirs()
    {
        var model = new UserKnn(new UserKnnOptions(), Shoppers);
        var mine = new Steps(new[] { 0, 1, 2 }) { Values = new[] { 5f, 2f, 2f } };
        float[] s = Similarities(model, DistinctSteps.Of(mine), ShopperSimilarity.Pearson, significantOverlap: 50);
        float[] ratings = new float[2];

        model.Predict(mine, [4, 3], ratings);

        Assert.Equal(3 + (((s[1] * 0) + (s[2] * 1)) / (s[1] + s[2])), ratings[0], 5);
        Assert.Equal(3 - 1, ratings[1], 5);
    }

    [Fact]
    public void Finds_tastes_in_stars_and_keeps_them_when_saved()
    {
        TrainingData data = BiasedMfTests.Tasteful(out RankingCases test);
        string folder = Directory.CreateTempSubdirectory("cartwright-knn-").FullName;
        UserKnn model = UserKnnTrainer.Fit(data, new UserKnnOptions());

        model.Save(folder);
        var loaded = (IRatingModel)new UserKnnTrainer().Load(folder);

        Assert.True(BiasedMfTests.Rmse(model, test) < 0.5 * BiasedMfTests.Rmse(MeanRating.Of(data.Sequences, data.ProductCount)!, test));
        Assert.Equal(BiasedMfTests.Rmse(model, test), BiasedMfTests.Rmse(loaded, test));
        string file = Path.Combine(folder, "model.safetensors");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^50]);
        Assert.Throws<ModelFormatException>(() => new UserKnnTrainer().Load(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(ShopperSimilarity.Overlap)]
    [InlineData(ShopperSimilarity.Pearson)]
    public void An_answer_costs_no_array_of_all_shoppers_and_is_that_of_a_look_at_each(ShopperSimilarity similarity)
    {
        var random = new Random(3);
        const int shoppers = 50_000, products = 300;
        int[] columns = [.. Enumerable.Range(0, shoppers).SelectMany(_ => Enumerable.Range(0, 8).Select(_ => random.Next(products)).Distinct().Order().Take(4))];
        var model = new UserKnn(new UserKnnOptions { Similarity = similarity }, new SparseRows([.. Enumerable.Range(0, shoppers + 1).Select(s => 4 * s)], columns,
            [.. columns.Select(_ => (float)random.Next(1, 6))], products));
        Steps[] histories = [.. Enumerable.Range(0, 5).Select(_ => new Steps(Enumerable.Range(0, 6).Select(_ => random.Next(products)).ToArray()) { Values = new[] { 5f, 1f, 3f, 4f, 2f, 5f } })];
        float[][] first = [.. histories.Select(history => Scored(model, history))];

        long before = GC.GetAllocatedBytesForCurrentThread();
        float[][] again = [.. histories.Select(history => Scored(model, history))];
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(first, again);
        Assert.Equal(Slowly(columns, model, histories[0], similarity), first[0]);
        Assert.InRange(allocated / histories.Length, 0, 20_000);

        static float[] Scored(UserKnn model, Steps history)
        {
            float[] scores = new float[products];
            model.Score(history, scores);
            return scores;
        }
    }

    /// <summary>The same with a sort of all shoppers: 4 products each of 300.</summary>
    private static float[] Slowly(int[] columns, UserKnn model, Steps history, ShopperSimilarity similarity)
    {
        float[] similarities = new float[columns.Length / 4];
        model.Compare(DistinctSteps.Of(history), similarity, new UserKnnOptions().SignificantOverlap, similarities);
        float[] scores = [.. Enumerable.Range(0, 300).Select(product => 1e-6f * columns.Count(column => column == product) / similarities.Length)];
        foreach (int neighbor in Enumerable.Range(0, similarities.Length).OrderByDescending(s => similarities[s]).ThenBy(s => s).Take(100).Where(s => similarities[s] > 0))
        {
            foreach (int product in columns.AsSpan(4 * neighbor, 4))
            {
                scores[product] += similarities[neighbor];
            }
        }

        return scores;
    }

    private static float[] Similarities(UserKnn model, DistinctSteps steps, ShopperSimilarity similarity, int significantOverlap)
    {
        float[] similarities = new float[3];
        model.Compare(steps, similarity, significantOverlap, similarities);
        return similarities;
    }
}
