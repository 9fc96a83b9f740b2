namespace Cartwright.Commerce.Behavior;

/// <summary>What is usual and how far it varies, which a few strange values do not change.</summary>
/// <param name="Median">Half of the values are no larger.</param>
/// <param name="Spread">1.4826 times the median distance from the median: the standard deviation, where values are normal.</param>
/// <remarks>Hampel, "The Influence Curve and Its Role in Robust Estimation", JASA 1974.</remarks>
internal readonly record struct RobustScale(double Median, double Spread)
{
    private const double NormalFactor = 1.4826;

    /// <param name="values">NaN does not count; 0 and 0 where there are no others.</param>
    /// <param name="leastSpread">The spread is not less: where most values are the same, the next is no wonder.</param>
    public static RobustScale Of(IEnumerable<double> values, double leastSpread = 0)
    {
        double[] known = [.. values.Where(value => !double.IsNaN(value))];
        double median = MedianOf(known);
        double[] distances = Array.ConvertAll(known, value => Math.Abs(value - median));
        return new RobustScale(median, Math.Max(leastSpread, NormalFactor * MedianOf(distances)));
    }

    /// <summary>How many spreads a value lies above the median; 0 for NaN and where nothing varies.</summary>
    public double Deviations(double value) => double.IsNaN(value) || Spread == 0 ? 0 : (value - Median) / Spread;

    /// <summary>The middle value, or the mean of the middle two; sorts the values. 0 where there are none.</summary>
    public static double MedianOf(double[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length == 0 ? 0 : values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
