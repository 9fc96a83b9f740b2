namespace Cartwright.Commerce.Pricing;

/// <summary>The price that earns most when it may be any number: max (p - c) · d(p) - λ (p - c)², within a floor and a ceiling.</summary>
/// <remarks>
/// For each of the curves the objective rises up to one price and falls behind it, so the best price inside bounds is that price moved to
/// the nearer bound. Below cost both terms rise with p. Above cost, write m = p - c and set the derivative to 0:
/// linear: a quadratic, p = (a + bc + 2λc) / (2b + 2λ).
/// Constant elasticity -e: 2λ = k ((1 - e) p^-e + e c p^(-e-1)) / m. Where e &gt; 1 the right side is positive up to c e / (e - 1), the
/// answer for λ = 0, and falls from infinity to 0 there; where e ≤ 1 it is a sum of falling terms times a falling one. Either way one root.
/// Logit with s the share that buys: 2λ = d (1/m - b (1 - s)). For λ = 0, p = c + (1 + W(exp(u - bc - 1))) / b with Lambert's W; between c
/// and that price both factors are positive and fall, so there is one root. Roots are found by halving such a bracket down to a double.
/// </remarks>
internal static class PolicyPrice
{
    /// <summary>Objective at a price, with no more sold than there is.</summary>
    public static double Objective(DemandCurve demand, double price, double cost, double penalty, double stock = double.PositiveInfinity) =>
        ((price - cost) * Math.Min(demand.At(price), stock)) - (penalty * (price - cost) * (price - cost));

    /// <summary>The best price between floor and ceiling.</summary>
    /// <param name="ceiling">May be infinite, except where demand falls so slowly that a higher price always earns more.</param>
    /// <returns>NaN where there is no best price: every higher one earns more.</returns>
    public static double Best(DemandCurve demand, double cost, double penalty, double floor, double ceiling, double stock = double.PositiveInfinity)
    {
        double free = Unbounded(demand, cost, penalty);
        double scarce = double.IsPositiveInfinity(stock) ? floor : PriceThatSells(demand, stock, floor, ceiling);

        // Up to the price at which demand meets stock all of it is sold: m · stock - λ m², whose top is at m = stock / 2λ.
        double inStock = Math.Clamp(free, scarce, ceiling);
        double best = double.IsPositiveInfinity(inStock) ? double.NaN : inStock;
        double soldOut = Math.Clamp(penalty > 0 ? cost + (stock / (2 * penalty)) : double.PositiveInfinity, floor, scarce);
        if (Objective(demand, soldOut, cost, penalty, stock) > Objective(demand, best, cost, penalty, stock))
        {
            best = soldOut;
        }

        return best;
    }

    private static double Unbounded(DemandCurve demand, double cost, double penalty) => demand.Kind switch
    {
        DemandKind.Linear => Linear(demand.Intercept!.Value, demand.Slope!.Value, cost, penalty),
        DemandKind.Elasticity => ConstantElasticity(demand, -demand.Elasticity!.Value, cost, penalty),
        DemandKind.Logit => Logit(demand, cost, penalty),
        _ => throw new InvalidOperationException($"There is no best price between listed ones for demand of kind {demand.Kind}."),
    };

    private static double Linear(double intercept, double slope, double cost, double penalty) =>
        intercept / slope <= cost ? cost                              // nobody pays what it costs
        : (((intercept + (slope * cost)) / 2) + (penalty * cost)) / (slope + penalty);

    private static double ConstantElasticity(DemandCurve demand, double e, double cost, double penalty)
    {
        double withoutPenalty = e > 1 ? cost * e / (e - 1) : double.PositiveInfinity;
        if (penalty == 0 || (cost == 0 && e > 1))
        {
            return withoutPenalty;
        }

        double Slope(double p) => (demand.At(p) * (1 - e + (e * cost / p))) - (2 * penalty * (p - cost));
        double high = withoutPenalty;
        if (double.IsPositiveInfinity(high))
        {
            for (high = Math.Max(1, 2 * cost); Slope(high) > 0; high *= 2)
            {
            }
        }

        return Root(Slope, cost, high);
    }

    private static double Logit(DemandCurve demand, double cost, double penalty)
    {
        double b = demand.Sensitivity!.Value;
        double withoutPenalty = cost + ((1 + LambertOfExponential(demand.Utility!.Value - (b * cost) - 1)) / b);
        return penalty == 0 ? withoutPenalty : Root(Slope, cost, withoutPenalty);

        double Slope(double p)
        {
            double units = demand.At(p);
            double share = units / demand.MarketSize!.Value;
            return (units * (1 - (b * (p - cost) * (1 - share)))) - (2 * penalty * (p - cost));
        }
    }

    /// <summary>W(exp(x)): the w with w + ln w = x, which never overflows.</summary>
    private static double LambertOfExponential(double x)
    {
        double w = x > 1 ? x - Math.Log(x) : Math.Exp(Math.Min(x, 1)) / (1 + Math.Exp(Math.Min(x, 1)));
        for (int i = 0; i < 50 && w > 0; i++)
        {
            double step = w * (x - w - Math.Log(w)) / (1 + w);
            w += step;
            if (Math.Abs(step) <= 1e-16 * w)
            {
                break;
            }
        }

        return w;
    }

    /// <summary>The price at which as many units are wanted as there are; the floor or the ceiling where that lies beyond.</summary>
    private static double PriceThatSells(DemandCurve demand, double stock, double floor, double ceiling)
    {
        if (demand.At(Math.Max(floor, 1e-12)) <= stock)
        {
            return floor;
        }

        double high = ceiling;
        if (double.IsPositiveInfinity(high))
        {
            for (high = Math.Max(1, 2 * floor); demand.At(high) > stock && double.IsFinite(high); high *= 2)
            {
            }
        }

        return demand.At(high) > stock ? high : Root(p => demand.At(p) - stock, floor, high);
    }

    /// <summary>Where a function that is positive at the low end and not at the high end changes its sign.</summary>
    private static double Root(Func<double, double> f, double low, double high)
    {
        while (true)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                return middle;
            }

            if (f(middle) > 0)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
    }
}
