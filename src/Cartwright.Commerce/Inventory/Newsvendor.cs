using MathNet.Numerics.Distributions;

namespace Cartwright.Commerce.Inventory;

/// <summary>How much to stock where what is left over costs and what is missing costs more.</summary>
/// <remarks>
/// The quantity whose chance to suffice is p / (p + h), with p the cost of a unit short and h that of a unit over. Arrow, Harris and Marschak,
/// "Optimal Inventory Policy", Econometrica 1951.
/// </remarks>
public static class Newsvendor
{
    /// <summary>The share of demand to be met, from 0 to 1: 2 and 18 give 0.9.</summary>
    /// <param name="overCost">Of one unit that is left, in the shop's currency; more than 0.</param>
    /// <param name="underCost">Of one unit that is missing, in the shop's currency; more than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A cost is 0, negative or NaN.</exception>
    public static double ServiceLevel(decimal overCost, decimal underCost)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(overCost);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(underCost);
        return (double)(underCost / (overCost + underCost));
    }

    /// <summary>The best quantity for a demand of normal distribution, and what is to be expected to be lost by it.</summary>
    /// <param name="mean">Expected demand, in units.</param>
    /// <param name="deviation">Its standard deviation, in units; more than 0.</param>
    /// <returns>Units and cost: costs of 2 and 18, mean 120 and deviation 10 give 132.8155 and 35.0997.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A cost or the deviation is 0, negative or NaN.</exception>
    public static (double Quantity, double Cost) Normal(decimal overCost, decimal underCost, double mean, double deviation)
    {
        if (!(deviation > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "The deviation is more than 0.");
        }

        double level = ServiceLevel(overCost, underCost);
        double z = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, level);
        return (mean + (z * deviation), (double)(overCost + underCost) * deviation * MathNet.Numerics.Distributions.Normal.PDF(0, 1, z));
    }
}
