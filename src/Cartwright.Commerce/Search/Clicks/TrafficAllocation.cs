using MathNet.Numerics.Distributions;

namespace Cartwright.Commerce.Search;

/// <summary>What is known of a product's value for a query: clicks and looks, the looks as a click model tells them.</summary>
/// <param name="Clicks">More than 0 with the prior in it.</param>
/// <param name="Skips">Looks without a click; more than 0 with the prior in it.</param>
internal readonly record struct ValueBelief(double Clicks, double Skips)
{
    public double Mean => Clicks / (Clicks + Skips);

    /// <summary>The value below which a share of what may be lies.</summary>
    public double Quantile(double share) => Beta.InvCDF(Clicks, Skips, share);
}

/// <summary>Gives traffic to products by what they may be worth: a value is drawn for each from what is known of it, and the list is ordered by the
/// draws, as far as products may move.</summary>
/// <remarks>
/// Thompson, "On the Likelihood that One Unknown Probability Exceeds Another", 1933; for lists as in Chapelle and Li, "An Empirical Evaluation of
/// Thompson Sampling", NeurIPS 2011. Differs: no product stands further from its ranked place than the bound. From the top, each place takes the product
/// that must not sink further, or else the best draw of those that may stand there; as one product has its last place at each, an order is always found.
/// </remarks>
internal sealed class TrafficAllocation(IReadOnlyList<ValueBelief> beliefs, int mostMove)
{
    private const int Rehearsals = 400;

    /// <summary>One order: which product, by its ranked place from 0, stands at each place, and what was drawn for each product.</summary>
    public (int[] Order, double[] Drawn) Draw(Random random)
    {
        double[] drawn = [.. beliefs.Select(belief => Beta.Sample(random, belief.Clicks, belief.Skips))];
        return (Order(drawn), drawn);
    }

    /// <summary>How often each product stands at each place when drawn many times: [product, place], rows and columns sum to 1.</summary>
    public double[,] Propensities(Random random)
    {
        int count = beliefs.Count;
        double[,] shares = new double[count, count];
        for (int rehearsal = 0; rehearsal < Rehearsals; rehearsal++)
        {
            int[] order = Draw(random).Order;
            for (int place = 0; place < count; place++)
            {
                shares[order[place], place] += 1.0 / Rehearsals;
            }
        }

        return shares;
    }

    private int[] Order(double[] drawn)
    {
        int[] order = new int[drawn.Length];
        bool[] isPlaced = new bool[drawn.Length];
        for (int place = 0; place < order.Length; place++)
        {
            int last = place - mostMove;
            bool mustStand = last >= 0 && !isPlaced[last];
            int chosen = mustStand ? last : -1;
            for (int product = Math.Max(0, last); !mustStand && product <= Math.Min(place + mostMove, order.Length - 1); product++)
            {
                chosen = !isPlaced[product] && (chosen < 0 || drawn[product] > drawn[chosen]) ? product : chosen;
            }

            order[place] = chosen;
            isPlaced[chosen] = true;
        }

        return order;
    }
}
