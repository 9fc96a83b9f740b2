namespace Cartwright.Commerce.Pricing;

/// <summary>Picks tomorrow's price of a product by Thompson sampling: the best one if demand were as one draw from what is believed of it.</summary>
/// <remarks>
/// A price is so tried as often as it may be the best, which learns without a schedule of experiments: Thompson, "On the Likelihood that
/// One Unknown Probability Exceeds Another", Biometrika 1933; for prices under stock, Ferreira, Simchi-Levi and Wang, "Online Network
/// Revenue Management Using Thompson Sampling", Operations Research 2018.
/// </remarks>
internal sealed class Repricer(PriceBeliefs beliefs, Guardrails guardrails, double coverDays, Random random)
{
    private const int OutcomeDraws = 200;

    /// <summary>The price to ask, in the shop's currency; null where no price fits the guardrails.</summary>
    public decimal? Price(PricedToday product)
    {
        (long low, long high, _, _) = guardrails.Range(product);
        if (low > high)
        {
            return null;
        }

        PriceBelief belief = beliefs.Of(product.Id);
        double[] drawn = belief.Draw(random);
        long best = low;
        double most = double.NegativeInfinity;
        foreach (long cents in Guardrails.Ladder(low, high, (long)(100 * product.Price)))
        {
            double profit = Profit(product, belief, drawn, cents / 100.0);
            if (profit > most)
            {
                (best, most) = (cents, profit);
            }
        }

        return best / 100m;
    }

    /// <summary>What a change of price does to the profit of a day: median and 80 % interval of what is believed.</summary>
    public (double Median, double Low, double High) Outcome(PricedToday product, decimal proposed)
    {
        PriceBelief belief = beliefs.Of(product.Id);
        double[] gains = new double[OutcomeDraws];
        for (int i = 0; i < gains.Length; i++)
        {
            double[] drawn = belief.Draw(random);
            gains[i] = Profit(product, belief, drawn, (double)proposed) - Profit(product, belief, drawn, (double)product.Price);
        }

        Array.Sort(gains);
        return (gains[OutcomeDraws / 2], gains[OutcomeDraws / 10], gains[OutcomeDraws - 1 - (OutcomeDraws / 10)]);
    }

    /// <summary>Which guardrail a price stands at, where a price beyond it would be expected to earn more.</summary>
    public string? HeldBy(PricedToday product, decimal proposed)
    {
        (long low, long high, string lowRule, string highRule) = guardrails.Range(product);
        PriceBelief belief = beliefs.Of(product.Id);
        double Mean(double price) => Math.Min(belief.Units(price, product.Competitors), MostADay(product)) * (price - (double)product.Cost);
        long cents = (long)(100 * proposed);
        return cents == high && Mean(high * 1.02 / 100) > Mean(high / 100.0) ? highRule
            : cents == low && Mean(low * 0.98 / 100) > Mean(low / 100.0) ? lowRule
            : null;
    }

    private double Profit(PricedToday product, PriceBelief belief, double[] drawn, double price) =>
        (price - (double)product.Cost) * Math.Min(belief.Units(drawn, price, product.Competitors), MostADay(product));

    /// <summary>What stock lets sell in a day until the next delivery.</summary>
    private double MostADay(PricedToday product) => product.Stock is { } stock ? Math.Max(stock, 1e-9) / coverDays : double.PositiveInfinity;
}
