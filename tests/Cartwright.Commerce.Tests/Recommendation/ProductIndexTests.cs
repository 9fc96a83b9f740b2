using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class ProductIndexTests
{
    private const int Products = 3_000;
    private const int Factors = 16;
    private const int Count = 20;

    [Fact]
    public async Task The_best_of_an_exact_index_are_those_of_a_look_at_each()
    {
        RenumberedModel model = Model(indexFrom: 1_000, graphFrom: Products + 1);
        for (int h = 0; h < 20; h++)
        {
            Steps history = new[] { h, 50 + h, 900 + h };
            float[] found = await FoundAsync(scores => model.ScoreBest(history, Count, scores));
            float[] exact = new float[Products];
            model.Score(history, exact);

            Assert.Equal(
                Enumerable.Range(0, Products).OrderByDescending(product => exact[product]).Take(Count).Order(),
                Enumerable.Range(0, Products).Where(product => found[product] > float.NegativeInfinity));
        }

        Assert.False(model.ScoreMostSimilar(7, Count, new float[Products]));
    }

    [Fact]
    public async Task The_best_of_a_graph_are_those_of_a_look_at_each()
    {
        RenumberedModel model = Model(indexFrom: 1_000, graphFrom: 1_000);
        int hits = 0;
        for (int h = 0; h < 20; h++)
        {
            Steps history = new[] { h, 50 + h, 900 + h };
            float[] found = await FoundAsync(scores => model.ScoreBest(history, Count, scores));
            float[] exact = new float[Products];
            model.Score(history, exact);

            int[] best = [.. Enumerable.Range(0, Products).OrderByDescending(product => exact[product]).Take(Count)];
            int[] known = [.. Enumerable.Range(0, Products).Where(product => found[product] > float.NegativeInfinity)];
            hits += best.Intersect(known).Count();
            Assert.Equal(Count, known.Length);
            Assert.All(known, product => Assert.Equal(exact[product], found[product], 1e-4f));
            Assert.Equal(exact[h], model.ScorerOf(history)(h), 1e-4f);
        }

        Assert.True(hits >= 0.95 * 20 * Count, $"{hits} of {20 * Count}");
    }

    [Fact]
    public async Task The_most_similar_of_a_graph_are_those_of_a_look_at_each()
    {
        RenumberedModel model = Model(indexFrom: 1_000, graphFrom: 1_000);
        float[] found = await FoundAsync(scores => model.ScoreMostSimilar(7, Count, scores));
        float[] exact = new float[Products];
        model.ScoreSimilar(7, exact);

        int[] best = [.. Enumerable.Range(0, Products).OrderByDescending(product => exact[product]).Take(Count)];
        Assert.True(best.Count(product => found[product] > float.NegativeInfinity) >= Count - 1);
    }

    [Fact]
    public void Where_products_are_few_every_one_is_looked_at()
    {
        RenumberedModel model = Model(indexFrom: Products + 1, graphFrom: Products + 1);

        Assert.False(model.ScoreBest(new[] { 1, 2 }, Count, new float[Products]));
        Assert.False(model.ScoreMostSimilar(1, Count, new float[Products]));
    }

    /// <summary>The shop knows the model's products by the same numbers.</summary>
    private static RenumberedModel Model(int indexFrom, int graphFrom)
    {
        var random = new Random(4);
        float[] factors = [.. Enumerable.Range(0, Products * Factors).Select(_ => random.NextSingle() - 0.5f)];
        var als = new Als(new AlsOptions { FactorCount = Factors }, factors);
        return new RenumberedModel(als, [.. Enumerable.Range(0, Products).Select(p => $"p{p}")], id => int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture), Products, indexFrom, graphFrom);
    }

    /// <summary>Asks until the index, which is built beside the questions, is there.</summary>
    private static async Task<float[]> FoundAsync(Func<float[], bool> ask)
    {
        float[] scores = new float[Products];
        for (int i = 0; i < 600 && !ask(scores); i++)
        {
            await Task.Delay(50);
        }

        return scores;
    }
}
