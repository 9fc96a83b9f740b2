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
    private const int CurvePoints = 9;

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

    /// <summary>What a change of price does to the profit and the units of a day, and what is wanted at prices around it, as believed.</summary>
    public PriceOutcome Outcome(PricedToday product, decimal proposed)
    {
        PriceBelief belief = beliefs.Of(product.Id);
        decimal[] prices = PricesAround(product.Price, proposed);
        double[] profit = new double[OutcomeDraws];
        double[] units = new double[OutcomeDraws];
        double[][] wanted = [.. prices.Select(_ => new double[OutcomeDraws])];
        for (int i = 0; i < OutcomeDraws; i++)
        {
            double[] drawn = belief.Draw(random);
            profit[i] = Profit(product, belief, drawn, (double)proposed) - Profit(product, belief, drawn, (double)product.Price);
            units[i] = Units(product, belief, drawn, (double)proposed) - Units(product, belief, drawn, (double)product.Price);
            for (int k = 0; k < prices.Length; k++)
            {
                wanted[k][i] = belief.Units(drawn, (double)prices[k], product.Competitors);
            }
        }

        return new PriceOutcome(Interval.Of(profit), Interval.Of(units),
            [.. prices.Zip(wanted.Select(Interval.Of), (price, w) => new DemandPoint(price, w.Median, w.Low, w.High))]);
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

    private double Profit(PricedToday product, PriceBelief belief, double[] drawn, double price) => (price - (double)product.Cost) * Units(product, belief, drawn, price);

    private double Units(PricedToday product, PriceBelief belief, double[] drawn, double price) =>
        Math.Min(belief.Units(drawn, price, product.Competitors), MostADay(product));

    // Far enough to see the bend of the curve, the two prices among the even steps.
    private static decimal[] PricesAround(decimal now, decimal proposed)
    {
        decimal reach = Math.Max(Math.Abs(proposed - now) * 1.5m, now * 0.06m);
        decimal low = Math.Max(0.01m, Math.Min(now, proposed) - reach);
        decimal high = Math.Max(now, proposed) + reach;
        return [.. Enumerable.Range(0, CurvePoints).Select(i => Math.Round(low + ((high - low) * i / (CurvePoints - 1)), 2)).Concat([now, proposed]).Distinct().Order()];
    }

    /// <summary>What stock lets sell in a day until the next delivery.</summary>
    private double MostADay(PricedToday product) => product.Stock is { } stock ? Math.Max(stock, 1e-9) / coverDays : double.PositiveInfinity;
}

/// <param name="Profit">Change of a day's profit.</param>
/// <param name="Units">Change of the units sold in a day.</param>
/// <param name="Demand">What is wanted at prices around the two, which are among them.</param>
internal sealed record PriceOutcome(Interval Profit, Interval Units, IReadOnlyList<DemandPoint> Demand);

/// <summary>The middle of what may be, with an 80 % interval.</summary>
internal readonly record struct Interval(double Median, double Low, double High)
{
    /// <param name="draws">Are sorted by it.</param>
    public static Interval Of(double[] draws)
    {
        Array.Sort(draws);
        return new Interval(draws[draws.Length / 2], draws[draws.Length / 10], draws[draws.Length - 1 - (draws.Length / 10)]);
    }
}
