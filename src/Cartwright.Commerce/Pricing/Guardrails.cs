namespace Cartwright.Commerce.Pricing;

/// <summary>What a proposed price never breaks.</summary>
/// <param name="LeastMargin">Share of the price that must be left above cost, from 0 to less than 1.</param>
/// <param name="MostAboveUsual">Share by which a price may be above the usual one; 0 or more.</param>
/// <param name="MostStep">Share of the price by which it may change at once; more than 0.</param>
internal sealed record Guardrails(double LeastMargin, double MostAboveUsual, double MostStep)
{
    private const int Candidates = 21;

    /// <summary>The lowest and the highest price allowed, in cents.</summary>
    /// <returns>No price fits where low is above high.</returns>
    public (long Low, long High, string LowRule, string HighRule) Range(PricedToday product)
    {
        decimal floor = product.Cost / (1 - (decimal)LeastMargin);
        decimal ceiling = product.UsualPrice * (1 + (decimal)MostAboveUsual);
        decimal down = product.Price * (1 - (decimal)MostStep);
        decimal up = product.Price * (1 + (decimal)MostStep);
        return (Math.Max(1, (long)decimal.Ceiling(100 * Math.Max(floor, down))), (long)decimal.Floor(100 * Math.Min(ceiling, up)),
            floor >= down ? "floor" : "step", ceiling <= up ? "ceiling" : "step");
    }

    /// <summary>Prices in cents from low to high, each about as much above the one before, and the price now where it is among them.</summary>
    public static long[] Ladder(long low, long high, long now)
    {
        var prices = new SortedSet<long> { low, high };
        for (int i = 1; i < Candidates - 1; i++)
        {
            prices.Add((long)Math.Clamp(Math.Round(low * Math.Pow((double)high / low, i / (Candidates - 1.0))), low, high));
        }

        if (now >= low && now <= high)
        {
            prices.Add(now);
        }

        return [.. prices];
    }
}
