using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Scores some products after each of several histories: scores is [histories.Length, products.Length], row by row.</summary>
internal delegate void ProductScorer(ReadOnlySpan<Steps> histories, ReadOnlySpan<int> products, Span<float> scores);

/// <summary>Finds the steps of a history that carry a score, by taking them away and scoring again.</summary>
/// <remarks>
/// A step's weight is what the score loses without it, so it is true of the computation whatever the model: for item-knn it is the product's
/// own contribution. Several steps for one product are chosen greedily, each the heaviest once the ones before it are gone: together
/// they weigh what the score loses without all of them. Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014,
/// call it occlusion.
/// </remarks>
internal sealed class Occlusion(ProductScorer score)
{
    /// <summary>Products of the history that are tried, the latest ones.</summary>
    private const int MaxTried = 50;

    /// <summary>Steps that are tried for a product's later reasons, those that weigh most alone.</summary>
    private const int MaxTriedAgain = 12;

    /// <summary>The heaviest steps for each of several products; the first of each is looked for in all of them at once.</summary>
    /// <param name="count">Steps for a product, at most.</param>
    /// <returns>For each product the history's products that carry it, and what the score loses with each, after those before it are gone.</returns>
    public (int Product, double Loss)[][] Explain(Steps history, ReadOnlySpan<int> products, int count)
    {
        int[] tried = [.. history.Products.ToArray().Reverse().Distinct().Take(MaxTried)];
        double[][] losses = products.IsEmpty ? [] : Losses(history, tried, products);
        var found = new (int, double)[products.Length][];
        for (int p = 0; p < products.Length; p++)
        {
            double[] alone = losses[p];
            int[] heaviest = [.. Enumerable.Range(0, tried.Length).OrderByDescending(t => alone[t]).Take(MaxTriedAgain)];
            found[p] = Choose(history, products[p], count, [.. heaviest.Select(t => tried[t])], [.. heaviest.Select(t => alone[t])]);
        }

        return found;
    }

    /// <summary>The history without some of its products.</summary>
    public static Steps Without(Steps history, params ReadOnlySpan<int> products)
    {
        var kept = new List<int>(history.Count);
        for (int i = 0; i < history.Count; i++)
        {
            if (!products.Contains(history.Products.Span[i]))
            {
                kept.Add(i);
            }
        }

        return history.Only([.. kept]);
    }

    /// <param name="losses">What the score loses without each of <paramref name="tried"/> alone.</param>
    private (int Product, double Loss)[] Choose(Steps remaining, int product, int count, int[] tried, double[] losses)
    {
        var chosen = new List<(int, double)>();
        while (tried.Length > 0 && chosen.Count < count)
        {
            int heaviest = Array.IndexOf(losses, losses.Max());
            if (!(losses[heaviest] > 0))
            {
                break;
            }

            chosen.Add((tried[heaviest], losses[heaviest]));
            remaining = Without(remaining, tried[heaviest]);
            tried = [.. tried.Where((_, t) => t != heaviest)];
            losses = tried.Length > 0 && chosen.Count < count ? Losses(remaining, tried, [product])[0] : [];
        }

        return [.. chosen];
    }

    /// <returns>For each product, what its score loses without each of <paramref name="tried"/>.</returns>
    private double[][] Losses(Steps history, int[] tried, ReadOnlySpan<int> products)
    {
        var histories = new Steps[tried.Length + 1];
        histories[0] = history;
        for (int t = 0; t < tried.Length; t++)
        {
            histories[t + 1] = Without(history, tried[t]);
        }

        float[] scores = new float[histories.Length * products.Length];
        score(histories, products, scores);
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
