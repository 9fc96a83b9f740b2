using System.Buffers;
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
        Together[] together = Score(basket, scores);
        float deviation = BlendScales.Deviation(scores);
        BlendScales.Apply(BlendScale.Standard, scores);
        if (!modelScores.IsEmpty)
        {
            float[] rented = ArrayPool<float>.Shared.Rent(modelScores.Length);
            Span<float> own = rented.AsSpan(0, modelScores.Length);
            modelScores.CopyTo(own);
            BlendScales.Apply(BlendScale.Standard, own);
            for (int product = 0; product < productCount; product++)
            {
                scores[product] += product < own.Length && float.IsFinite(own[product]) ? own[product] : 0;
            }

            ArrayPool<float>.Shared.Return(rented);
        }

        double scale = deviation > 0 ? Weight(together.Length) / deviation : 0;
        return new CountedScores(Model, scores, product => ReasonOf(together, product, scale, nameOf, idOf));
    }

    /// <summary>Writes ln share + w · Σ ln lift of every product.</summary>
    /// <param name="scores">[products]</param>
    /// <returns>What was counted with each product of the basket that was asked, the latest first.</returns>
    public Together[] Score(IReadOnlyList<int> basket, Span<float> scores)
    {
        for (int product = 0; product < scores.Length; product++)
        {
            scores[product] = (float)Math.Log((baskets.CountOf(product) + 0.5) / (baskets.Count + 1));
        }

        var together = new Together[Math.Min(basket.Count, MostAsked)];
        float weight = (float)Weight(together.Length);
        int[] rented = ArrayPool<int>.Shared.Rent(scores.Length);
        Span<int> counts = rented.AsSpan(0, scores.Length);
        for (int i = 0; i < together.Length; i++)
        {
            int asked = basket[^(i + 1)];
            counts.Clear();
            int scanned = baskets.CountTogether(asked, Math.Min(Baskets.MostScanned, MostScanned / together.Length), counts);
            for (int product = 0; product < scores.Length; product++)
            {
                if (baskets.CountOf(product) > 0)
                {
                    scores[product] += weight * (float)Math.Log(Lift(counts[product], scanned, product));
                }
            }

            together[i] = Together.Of(asked, scanned, counts);
        }

        ArrayPool<int>.Shared.Return(rented);
        return together;
    }

    private Reason? ReasonOf(Together[] together, int product, double scale, Func<int, string> nameOf, Func<int, string> idOf)
    {
        int best = -1;
        double most = 1;
        for (int i = 0; i < together.Length; i++)
        {
            double lift = Lift(together[i].CountOf(product), together[i].Scanned, product);
            (best, most) = lift > most ? (i, lift) : (best, most);
        }

        if (best < 0)
        {
            return null;
        }

        int with = together[best].With;
        return new Reason("basket", $"goes with {nameOf(with)}: {BoughtTogether.Words(together[best].CountOf(product), together[best].Scanned)}", idOf(with), scale * Math.Log(most));
    }

    private double Lift(int together, int scanned, int product) => Association.Lift(together, (double)scanned * baskets.CountOf(product) / Math.Max(1, baskets.Count));

    private static double Weight(int asked) => asked == 0 ? 0 : 1 / Math.Sqrt(asked);

    /// <summary>In how many of a product's baskets others were: those that were in one, 8 bytes each.</summary>
    /// <param name="With">The product of the basket.</param>
    /// <param name="Scanned">Its baskets that were looked at.</param>
    /// <param name="Products">Rising.</param>
    /// <param name="Counts">Of each of <paramref name="Products"/>.</param>
    internal readonly record struct Together(int With, int Scanned, int[] Products, int[] Counts)
    {
        /// <param name="counts">[products]</param>
        public static Together Of(int with, int scanned, ReadOnlySpan<int> counts)
        {
            int[] products = new int[counts.Length - counts.Count(0)];
            int[] own = new int[products.Length];
            for (int product = 0, at = 0; at < products.Length; product++)
            {
                if (counts[product] > 0)
                {
                    (products[at], own[at]) = (product, counts[product]);
                    at++;
                }
            }

            return new Together(with, scanned, products, own);
        }

        public int CountOf(int product) => Array.BinarySearch(Products, product) is var at and >= 0 ? Counts[at] : 0;
    }
}
