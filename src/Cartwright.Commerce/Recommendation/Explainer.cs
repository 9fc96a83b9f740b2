using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Finds the steps of a history that carry a score, by taking them away and scoring again.</summary>
/// <remarks>
/// A reason's weight is what the score loses without it, so it is true of the computation whatever the model: for item-knn it is the product's
/// own contribution. Several reasons for one product are chosen greedily, each the heaviest once the ones before it are gone: together
/// they weigh what the score loses without all of them. Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014,
/// call it occlusion.
/// </remarks>
internal sealed class Explainer(LiveShop shop, IRanker ranker, History history)
{
    /// <summary>Products of the history that are tried, the latest ones.</summary>
    private const int MaxTried = 50;

    /// <summary>Steps that are tried for a product's later reasons, those that weigh most alone.</summary>
    private const int MaxTriedAgain = 12;

    /// <summary>The heaviest reasons of one product, each after those before it are taken away.</summary>
    public IReadOnlyList<Reason> Explain(int product, int count) => ExplainAll([product], count)[0];

    /// <summary>The reasons of several products; the first of each is looked for in all of them at once.</summary>
    public IReadOnlyList<Reason>[] ExplainAll(ReadOnlySpan<int> products, int count)
    {
        var reasons = new IReadOnlyList<Reason>[products.Length];
        if (!ranker.ReadsHistory || products.IsEmpty)
        {
            for (int p = 0; p < products.Length; p++)
            {
                reasons[p] = ranker.ReasonOf(products[p]) is { } reason ? [reason] : [];
            }

            return reasons;
        }

        int[] tried = Tried(history.Steps);
        double[][] losses = Losses(history.Steps, tried, products);
        for (int p = 0; p < products.Length; p++)
        {
            double[] alone = losses[p];
            int[] heaviest = [.. Enumerable.Range(0, tried.Length).OrderByDescending(t => alone[t]).Take(MaxTriedAgain)];
            reasons[p] = Choose(products[p], count, [.. heaviest.Select(t => tried[t])], [.. heaviest.Select(t => alone[t])]);
        }

        return reasons;
    }

    /// <param name="losses">What the score loses without each of <paramref name="tried"/> alone.</param>
    private List<Reason> Choose(int product, int count, int[] tried, double[] losses)
    {
        var reasons = new List<Reason>();
        Steps remaining = history.Steps;
        while (tried.Length > 0)
        {
            int heaviest = Array.IndexOf(losses, losses.Max());
            if (!(losses[heaviest] > 0))
            {
                break;
            }

            reasons.Add(history.ReasonOf(shop, tried[heaviest], losses[heaviest]));
            if (reasons.Count == count)
            {
                break;
            }

            remaining = Without(remaining, tried[heaviest]);
            tried = [.. tried.Where((_, t) => t != heaviest)];
            losses = tried.Length > 0 ? Losses(remaining, tried, [product])[0] : [];
        }

        return reasons;
    }

    private static int[] Tried(Steps steps) => [.. steps.Products.ToArray().Reverse().Distinct().Take(MaxTried)];

    private static Steps Without(Steps steps, int product) =>
        steps.Only([.. Enumerable.Range(0, steps.Count).Where(i => steps.Products.Span[i] != product)]);

    /// <returns>For each product, what its score loses without each of <paramref name="tried"/>.</returns>
    private double[][] Losses(Steps steps, int[] tried, ReadOnlySpan<int> products)
    {
        var histories = new Steps[tried.Length + 1];
        histories[0] = steps;
        for (int t = 0; t < tried.Length; t++)
        {
            histories[t + 1] = Without(steps, tried[t]);
        }

        float[] scores = new float[histories.Length * products.Length];
        ranker.ScoreProducts(histories, products, scores);
        var losses = new double[products.Length][];
        for (int p = 0; p < products.Length; p++)
        {
            losses[p] = new double[tried.Length];
            for (int t = 0; t < tried.Length; t++)
            {
                losses[p][t] = scores[p] - scores[((t + 1) * products.Length) + p];
            }
        }

        return losses;
    }
}
