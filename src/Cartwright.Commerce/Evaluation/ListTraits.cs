using System.Numerics.Tensors;

namespace Cartwright.Commerce.Evaluation;

/// <summary>What is known of a product, as numbers from 0, each once: tags, brand, levels of the category.</summary>
public delegate ReadOnlySpan<int> ProductValues(int product);

/// <summary>What a list is like, whether it hits or not: how new, how mixed, how popular, how true to the shopper's own mix.</summary>
/// <remarks>
/// novelty = mean of −log2 p(i) over the list, p(i) = (steps with i + 1) / (all steps + products) (Castells et al., "Novelty and Diversity
/// Metrics for Recommender Systems", 2011);
/// diversity = mean over pairs of the list of 1 − |shared values| / |values of either| (Ziegler et al., WWW 2005, intra-list);
/// popularityBias = mean steps of the listed products / mean steps of the history's − 1: 0 is the shopper's own taste for the popular
/// (Abdollahpouri et al., "The Unfairness of Popularity Bias in Recommendation", 2019);
/// miscalibration = KL(p ‖ 0.99 q + 0.01 p) of the values' shares in the history p and in the list q (Steck, "Calibrated
/// Recommendations", RecSys 2018).
/// A list has a trait only where it can be told: pairs need two products with values, the last two need a history.
/// </remarks>
/// <param name="counts">Training steps with each product.</param>
/// <param name="valuesOf">What is known of each product.</param>
public sealed class ListTraits(float[] counts, ProductValues valuesOf)
{
    /// <summary>Products of a list that are looked at, the first ones: pairs grow with the square.</summary>
    public const int Longest = 100;

    private const double Blend = 0.01;

    private readonly double _steps = TensorPrimitives.Sum<float>(counts) + (double)counts.Length;

    public static IReadOnlyList<string> Names { get; } = ["novelty", "diversity", "popularityBias", "miscalibration"];

    /// <summary>True of "novelty@10" and the like.</summary>
    public static bool IsTrait(string metric) => Names.Any(name => metric.StartsWith(name + "@", StringComparison.Ordinal));

    /// <param name="listed">Best first.</param>
    /// <param name="history">Products of the shopper.</param>
    /// <param name="traits">In the order of <see cref="Names"/>; NaN where it can't be told.</param>
    public void Measure(ReadOnlySpan<int> listed, ReadOnlySpan<int> history, Span<double> traits)
    {
        ReadOnlySpan<int> looked = listed[..Math.Min(listed.Length, Longest)];
        traits[0] = looked.IsEmpty ? double.NaN : Novelty(looked);
        traits[1] = Diversity(looked);
        double own = MeanCount(history);
        traits[2] = own > 0 && !looked.IsEmpty ? (MeanCount(looked) / own) - 1 : double.NaN;
        traits[3] = Miscalibration(looked, history);
    }

    private double Novelty(ReadOnlySpan<int> listed)
    {
        double sum = 0;
        foreach (int product in listed)
        {
            sum -= Math.Log2((counts[product] + 1) / _steps);
        }

        return sum / listed.Length;
    }

    private double MeanCount(ReadOnlySpan<int> products)
    {
        double sum = 0;
        foreach (int product in products)
        {
            sum += counts[product];
        }

        return products.IsEmpty ? 0 : sum / products.Length;
    }

    private double Diversity(ReadOnlySpan<int> listed)
    {
        double sum = 0;
        int pairs = 0;
        for (int a = 0; a < listed.Length; a++)
        {
            ReadOnlySpan<int> first = valuesOf(listed[a]);
            for (int b = a + 1; b < listed.Length && !first.IsEmpty; b++)
            {
                ReadOnlySpan<int> second = valuesOf(listed[b]);
                if (!second.IsEmpty)
                {
                    int shared = Shared(first, second);
                    sum += 1 - ((double)shared / (first.Length + second.Length - shared));
                    pairs++;
                }
            }
        }

        return pairs == 0 ? double.NaN : sum / pairs;
    }

    private static int Shared(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        int shared = 0;
        foreach (int value in first)
        {
            shared += second.Contains(value) ? 1 : 0;
        }

        return shared;
    }

    private double Miscalibration(ReadOnlySpan<int> listed, ReadOnlySpan<int> history)
    {
        Dictionary<int, double> wanted = Shares(history), given = Shares(listed);
        if (wanted.Count == 0 || given.Count == 0)
        {
            return double.NaN;
        }

        double divergence = 0;
        foreach ((int value, double p) in wanted.OrderBy(pair => pair.Key))
        {
            divergence += p * Math.Log(p / (((1 - Blend) * given.GetValueOrDefault(value)) + (Blend * p)));
        }

        return divergence;
    }

    /// <summary>Share of each value in the products; one product's values share its weight.</summary>
    private Dictionary<int, double> Shares(ReadOnlySpan<int> products)
    {
        var shares = new Dictionary<int, double>();
        int known = 0;
        foreach (int product in products)
        {
            ReadOnlySpan<int> values = valuesOf(product);
            known += values.IsEmpty ? 0 : 1;
            foreach (int value in values)
            {
                shares[value] = shares.GetValueOrDefault(value) + (1.0 / values.Length);
            }
        }

        foreach (int value in shares.Keys)
        {
            shares[value] /= known;
        }

        return shares;
    }
}
