using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which products complete a basket: what goes with what is in it, and suits the shopper.</summary>
/// <example>cartwright recommendation complete-basket --basket p42,p17 --explain</example>
public sealed record CompleteBasketRequest : ShopperFilter
{
    /// <summary>Adds the reasons: which product of the basket each goes with.</summary>
    public bool Explain { get; init; }
}

/// <summary>Scores what completes a basket, by what was bought together with each of its products.</summary>
/// <remarks>
/// ln share(b) + w · Σ ln lift(a, b) over the products a of the basket: what a naive Bayes classifier asks of the next product b, with shrunk
/// lifts (<see cref="Association"/>). The products of a basket tell partly the same, so each tells the less the more there are: w = 1 / √(their number).
/// Where a model can score the history with the basket as its latest, its scores are added; both are brought to mean 0 and standard deviation 1 first.
/// </remarks>
internal sealed class CompleteBasket(Baskets baskets)
{
    private const string Model = "complete-basket";

    /// <summary>Products of the basket that are asked, the latest ones; and their baskets that are looked at together, at most.</summary>
    private const int MostAsked = 40;
    private const int MostScanned = 20_000;

    /// <param name="basket">Live indexes.</param>
    /// <param name="modelScores">Of a trained model, by live index; empty where none has an answer.</param>
    /// <param name="nameOf">A product's name.</param>
    public IRanker Of(IReadOnlyList<int> basket, ReadOnlySpan<float> modelScores, int productCount, Func<int, string> nameOf, Func<int, string> idOf)
    {
        float[] scores = new float[productCount];
        (int[][] together, int[] scanned) = Score(basket, scores);
        float deviation = BlendScales.Deviation(scores);
        BlendScales.Apply(BlendScale.Standard, scores);
        if (!modelScores.IsEmpty)
        {
            float[] own = modelScores.ToArray();
            BlendScales.Apply(BlendScale.Standard, own);
            for (int product = 0; product < productCount; product++)
            {
                scores[product] += product < own.Length && float.IsFinite(own[product]) ? own[product] : 0;
            }
        }

        double scale = deviation > 0 ? Weight(together.Length) / deviation : 0;
        return new CountedScores(Model, scores, product => ReasonOf(basket, together, scanned, product, scale, nameOf, idOf));
    }

    /// <summary>Writes ln share + w · Σ ln lift of every product.</summary>
    /// <param name="scores">[products]</param>
    /// <returns>Of each product of the basket that was asked, the latest first, in how many baskets every product was with it, and how many were looked at.</returns>
    public (int[][] Together, int[] Scanned) Score(IReadOnlyList<int> basket, Span<float> scores)
    {
        int asked = Math.Min(basket.Count, MostAsked);
        var together = new int[asked][];
        int[] scanned = new int[asked];
        for (int product = 0; product < scores.Length; product++)
        {
            scores[product] = (float)Math.Log((baskets.CountOf(product) + 0.5) / (baskets.Count + 1));
        }

        float weight = (float)Weight(asked);
        for (int i = 0; i < asked; i++)
        {
            together[i] = new int[scores.Length];
            scanned[i] = baskets.CountTogether(basket[^(i + 1)], Math.Min(Baskets.MostScanned, MostScanned / asked), together[i]);
            for (int product = 0; product < scores.Length; product++)
            {
                if (baskets.CountOf(product) > 0)
                {
                    scores[product] += weight * (float)Math.Log(Lift(together[i][product], scanned[i], product));
                }
            }
        }

        return (together, scanned);
    }

    private Reason? ReasonOf(IReadOnlyList<int> basket, int[][] together, int[] scanned, int product, double scale, Func<int, string> nameOf, Func<int, string> idOf)
    {
        int best = -1;
        double most = 1;
        for (int i = 0; i < together.Length; i++)
        {
            double lift = Lift(together[i][product], scanned[i], product);
            (best, most) = lift > most ? (i, lift) : (best, most);
        }

        if (best < 0)
        {
            return null;
        }

        int with = basket[^(best + 1)];
        return new Reason("basket", $"goes with {nameOf(with)}: {BoughtTogether.Words(together[best][product], scanned[best])}", idOf(with), scale * Math.Log(most));
    }

    private double Lift(int together, int scanned, int product) => Association.Lift(together, (double)scanned * baskets.CountOf(product) / Math.Max(1, baskets.Count));

    private static double Weight(int asked) => asked == 0 ? 0 : 1 / Math.Sqrt(asked);
}
