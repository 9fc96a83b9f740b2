using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>How dear each product is among its like: the logarithm of its price against the median of its category, in steps.</summary>
internal static class PriceLevels
{
    /// <summary>Levels there are; the middle one is the median of the category.</summary>
    public const int Count = 9;

    /// <summary>Stands for a product without a price.</summary>
    public const int Unknown = -1;

    /// <summary>A level is a factor of e^(1/2) = 1.65.</summary>
    private const double StepsPerLogUnit = 2;

    /// <summary>A category with fewer prices is compared with the whole catalog.</summary>
    private const int FewestPrices = 10;

    /// <returns>By product: 0 to <see cref="Count"/> − 1, or <see cref="Unknown"/>.</returns>
    public static int[] Of(IReadOnlyList<Product> products)
    {
        double[] logs = [.. products.Select(product => product.Price is > 0 ? Math.Log((double)product.Price.Value) : double.NaN)];
        double[] known = [.. logs.Where(log => !double.IsNaN(log))];
        double all = known.Length == 0 ? 0 : Median(known);
        var medians = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (IGrouping<string, int> group in Enumerable.Range(0, logs.Length)
            .Where(p => !double.IsNaN(logs[p])).GroupBy(p => products[p].Category ?? "", StringComparer.Ordinal))
        {
            double[] prices = [.. group.Select(p => logs[p])];
            medians[group.Key] = prices.Length < FewestPrices || group.Key.Length == 0 ? all : Median(prices);
        }

        return [.. logs.Select((log, p) => double.IsNaN(log) ? Unknown
            : (int)Math.Clamp(Math.Round((log - medians[products[p].Category ?? ""]) * StepsPerLogUnit) + (Count / 2), 0, Count - 1))];
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
