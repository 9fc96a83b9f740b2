using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Learning;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Whether the reasons that are given carry the recommendation: they are taken out of the history, and the score is computed again.</summary>
/// <remarks>
/// For the first product of each list two reasons are found as in service. The figure is what its score loses without those two products, in
/// standard deviations of all scores; beside it what it loses without two products drawn at random, and without the two that shoppers
/// of the recommended product most often have too (item-knn). The deletion test of Petsiuk et al., "RISE", BMVC 2018, on histories.
/// </remarks>
/// <param name="nearest">Says which products of a history are nearest to the recommended one.</param>
internal sealed class Faithfulness(IRecommendationModel model, IRecommendationModel nearest, RankingCases cases, int seed)
{
    public const string Deletion = "deletion";

    private const int ReasonCount = 2;
    private const int FewestProducts = 4;
    private const int MaxCases = 300;

    /// <returns>"deletion" and how far it is over the other two; nothing where no history is long enough, or all hold every product.</returns>
    public IReadOnlyDictionary<string, MetricEstimate> Measure(CancellationToken cancellationToken)
    {
        RankingCase[] asked = [.. cases.Cases.Where(c => c.History.Products.ToArray().Distinct().Count() is var count && count >= FewestProducts && count < model.ProductCount
            && model.CanScore(c.History))];
        int every = Math.Max(1, (asked.Length + MaxCases - 1) / MaxCases);
        asked = [.. asked.Where((_, i) => i % every == 0)];
        var losses = new (double Ours, double Random, double Nearest)[asked.Length];
        Parallel.For(0, asked.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
            i => losses[i] = Lose(asked[i], Seeds.Random((ulong)seed, (ulong)i)));
        return asked.Length == 0 ? new Dictionary<string, MetricEstimate>(StringComparer.Ordinal) : new Dictionary<string, MetricEstimate>(StringComparer.Ordinal)
        {
            [Deletion] = Interval(losses.Select(loss => loss.Ours)),
            [$"{Deletion} over random"] = Interval(losses.Select(loss => loss.Ours - loss.Random)),
            [$"{Deletion} over nearest"] = Interval(losses.Select(loss => loss.Ours - loss.Nearest)),
        };

        MetricEstimate Interval(IEnumerable<double> values)
        {
            BootstrapInterval mean = Bootstrap.Mean([.. values], seed);
            return new MetricEstimate(mean.Value, mean.Low, mean.High);
        }
    }

    private (double Ours, double Random, double Nearest) Lose(RankingCase asked, Random random)
    {
        using var alone = Compute.OnThisThread();
        float[] scores = new float[model.ProductCount];
        model.Score(asked.History, scores);
        float deviation = BlendScales.Deviation(scores);
        int[] distinct = [.. asked.History.Products.ToArray().Distinct()];
        int best = Best(scores, distinct);
        int[] reasons = [.. new Occlusion(ScoreProducts).Explain(asked.History, [best], ReasonCount)[0].Select(step => step.Product)];
        int[] drawn = [.. distinct];
        random.Shuffle(drawn);
        float[] likeness = new float[model.ProductCount];
        nearest.ScoreSimilar(best, likeness);
        int[] near = [.. distinct.OrderByDescending(product => likeness[product]).Take(ReasonCount)];
        return (Loss(reasons), Loss(drawn[..ReasonCount]), Loss(near));

        double Loss(int[] gone) => deviation > 0 ? (scores[best] - ScoreWithout(asked.History, gone, best)) / deviation : 0;
    }

    private static int Best(float[] scores, int[] history)
    {
        int best = -1;
        for (int product = 0; product < scores.Length; product++)
        {
            if (!history.Contains(product) && (best < 0 || scores[product] > scores[best]))
            {
                best = product;
            }
        }

        return best;
    }

    private float ScoreWithout(Steps history, int[] gone, int product)
    {
        float[] score = new float[1];
        ScoreProducts([Occlusion.Without(history, gone)], [product], score);
        return score[0];
    }

    private void ScoreProducts(ReadOnlySpan<Steps> histories, ReadOnlySpan<int> products, Span<float> scores)
    {
        float[] all = new float[model.ProductCount];
        for (int h = 0; h < histories.Length; h++)
        {
            all.AsSpan().Clear();
            if (model.CanScore(histories[h]))
            {
                model.Score(histories[h], all);
            }

            for (int p = 0; p < products.Length; p++)
            {
                scores[(h * products.Length) + p] = all[products[p]];
            }
        }
    }
}
