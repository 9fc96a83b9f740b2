using MathNet.Numerics.Distributions;

namespace Cartwright.Commerce.Inventory;

/// <summary>Units that are asked for until the next delivery but one: a gamma distribution of the mean and the deviation that forecasts add up to.</summary>
/// <remarks>Gamma for lead-time demand, which is never below 0 and skewed: Burgin, "The Gamma Distribution and Inventory Control", 1975.</remarks>
/// <param name="Mean">In units, 0 or more.</param>
/// <param name="Deviation">Standard deviation, in units.</param>
internal readonly record struct LeadTimeDemand(double Mean, double Deviation)
{
    private const double Nothing = 1e-9;

    /// <summary>Sums periods whose errors are alike.</summary>
    /// <param name="periods">Mean, deviation and how much of the period counts, from 0 to 1.</param>
    /// <param name="together">Correlation of the errors of two periods, 0 to 1.</param>
    public static LeadTimeDemand Sum(IEnumerable<(double Mean, double Deviation, double Share)> periods, double together)
    {
        (double mean, double squares, double deviations) = (0, 0, 0);
        foreach ((double periodMean, double periodDeviation, double share) in periods)
        {
            mean += share * periodMean;
            squares += share * periodDeviation * periodDeviation;
            deviations += share * periodDeviation;
        }

        // sum of squares + correlation * sum over pairs of products
        double variance = squares + (together * Math.Max(0, (deviations * deviations) - squares));
        return new LeadTimeDemand(mean, Math.Sqrt(variance));
    }

    /// <summary>Two demands that have nothing to do with each other, such as those of two stores.</summary>
    public static LeadTimeDemand operator +(LeadTimeDemand x, LeadTimeDemand y) =>
        new(x.Mean + y.Mean, Math.Sqrt((x.Deviation * x.Deviation) + (y.Deviation * y.Deviation)));

    /// <summary>Units that suffice with a chance.</summary>
    public double Quantile(double chance) => Mean < Nothing || Deviation < Nothing ? Mean : Distribution.InverseCumulativeDistribution(chance);

    /// <summary>Chance that so many units do not suffice.</summary>
    public double ChanceAbove(double units) => Mean < Nothing || Deviation < Nothing ? (units < Mean ? 1 : 0) : units <= 0 ? 1 : 1 - Distribution.CumulativeDistribution(units);

    /// <summary>Units missing, on average, where there are so many: the mean of max(0, demand - units).</summary>
    public double Shortage(double units)
    {
        if (Mean < Nothing || Deviation < Nothing)
        {
            return Math.Max(0, Mean - units);
        }

        // E max(0, D - x) = mean * (1 - F(x; shape + 1)) - x * (1 - F(x; shape))
        double at = Math.Max(0, units);
        var larger = new Gamma(Shape + 1, Rate);
        return at == 0 ? Mean - units : Math.Max(0, (Mean * (1 - larger.CumulativeDistribution(at))) - (at * (1 - Distribution.CumulativeDistribution(at))));
    }

    /// <summary>Units left, on average: the mean of max(0, units - demand).</summary>
    public double Leftover(double units) => Math.Max(0, units - Mean + Shortage(units));

    private double Shape => Mean * Mean / (Deviation * Deviation);

    private double Rate => Mean / (Deviation * Deviation);

    private Gamma Distribution => new(Shape, Rate);
}
