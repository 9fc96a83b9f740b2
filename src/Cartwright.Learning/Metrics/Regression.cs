namespace Cartwright.Learning.Metrics;

/// <summary>How far predicted numbers are off: the loss of each row, whose mean (or the root of it) is the metric.</summary>
public static class Regression
{
    /// <summary>(prediction - target)^2; the root of the mean is the RMSE.</summary>
    public static double SquaredError(double prediction, double target) => (prediction - target) * (prediction - target);

    /// <summary>|prediction - target|; the mean is the MAE.</summary>
    public static double AbsoluteError(double prediction, double target) => Math.Abs(prediction - target);

    /// <summary>(ln(1 + prediction) - ln(1 + target))^2; the root of the mean is the RMSLE. A prediction below 0 counts as 0.</summary>
    /// <param name="target">0 or more.</param>
    public static double SquaredLogError(double prediction, double target)
    {
        double difference = Math.Log(1 + Math.Max(0, prediction)) - Math.Log(1 + target);
        return difference * difference;
    }
}
