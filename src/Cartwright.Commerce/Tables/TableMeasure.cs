using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Metrics;
using Cartwright.Learning.Tables;

namespace Cartwright.Commerce.Tables;

/// <summary>How good predictions of a table's rows are.</summary>
internal static class TableMeasure
{
    /// <summary>What models are chosen by, lower is better: cross-entropy, squared error, or squared error of the logarithm.</summary>
    public static double Loss(LearnedTarget target, float[] predictions, float[] targets)
    {
        int outputs = target.Kind == TableTarget.Class ? target.Classes.Count : 1;
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            sum += target.Kind == TableTarget.Class ? Classification.LogLoss(predictions[(row * outputs) + (int)targets[row]])
                : target.CountsRatios ? Regression.SquaredLogError(predictions[row], targets[row])
                : Regression.SquaredError(predictions[row], targets[row]);
        }

        return sum / targets.Length;
    }

    /// <summary>The chances of both classes from that of the second: [rows, 2].</summary>
    public static float[] BothChances(float[] second) => [.. second.SelectMany(chance => new[] { 1 - chance, chance })];

    /// <summary>All metrics that the target has, with their intervals over rows.</summary>
    public static IReadOnlyDictionary<string, MetricEstimate> Estimate(LearnedTarget target, TablePredictions predictions, float[] targets, int seed)
    {
        var metrics = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal);
        if (target.Kind == TableTarget.Class)
        {
            Classes(target, predictions.Values, targets, seed, metrics);
            return metrics;
        }

        float[] values = predictions.Values;
        metrics["rmse"] = Rooted(Mean(row => Regression.SquaredError(values[row], targets[row]), targets.Length, seed));
        metrics["mae"] = Mean(row => Regression.AbsoluteError(values[row], targets[row]), targets.Length, seed);
        if (targets.All(y => y >= 0))
        {
            metrics["rmsle"] = Rooted(Mean(row => Regression.SquaredLogError(values[row], targets[row]), targets.Length, seed));
        }

        if (predictions is { Low: { } low, High: { } high })
        {
            metrics["intervalCoverage"] = Mean(row => targets[row] >= low[row] && targets[row] <= high[row] ? 1 : 0, targets.Length, seed);
        }

        return metrics;
    }

    private static void Classes(LearnedTarget target, float[] chances, float[] targets, int seed, SortedDictionary<string, MetricEstimate> metrics)
    {
        int count = target.Classes.Count;
        int[] actual = Array.ConvertAll(targets, y => (int)y);
        int[] named = [.. Enumerable.Range(0, targets.Length).Select(row =>
            System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(chances.AsSpan(row * count, count)))];
        metrics["accuracy"] = Mean(row => named[row] == actual[row] ? 1 : 0, targets.Length, seed);
        metrics["logLoss"] = Mean(row => Classification.LogLoss(chances[(row * count) + actual[row]]), targets.Length, seed);
        metrics["macroF1"] = Drawn(rows =>
        {
            (int[] n, int[] a) = (Array.ConvertAll(rows, r => named[r]), Array.ConvertAll(rows, r => actual[r]));
            return Enumerable.Range(0, count).Average(of => Classification.F1(n, a, of));
        }, targets.Length, seed);
        if (count == 2)
        {
            float[] second = [.. Enumerable.Range(0, targets.Length).Select(row => chances[(2 * row) + 1])];
            metrics["auc"] = Drawn(rows => Classification.Auc(Array.ConvertAll(rows, r => second[r]), Array.ConvertAll(rows, r => actual[r])), targets.Length, seed);
            metrics["calibrationError"] = Drawn(
                rows => Classification.CalibrationError(Array.ConvertAll(rows, r => second[r]), Array.ConvertAll(rows, r => actual[r] == 1)), targets.Length, seed);
            metrics["f1"] = Drawn(rows => Classification.F1(Array.ConvertAll(rows, r => named[r]), Array.ConvertAll(rows, r => actual[r]), 1), targets.Length, seed);
        }
    }

    private static MetricEstimate Mean(Func<int, double> of, int count, int seed)
    {
        BootstrapInterval interval = Bootstrap.Mean([.. Enumerable.Range(0, count).Select(of)], seed);
        return new MetricEstimate(interval.Value, interval.Low, interval.High);
    }

    private static MetricEstimate Drawn(Func<int[], double> of, int count, int seed)
    {
        BootstrapInterval interval = Bootstrap.Statistic(of, count, seed);
        return new MetricEstimate(interval.Value, interval.Low, interval.High);
    }

    private static MetricEstimate Rooted(MetricEstimate squared) => new(Math.Sqrt(squared.Value), Math.Sqrt(squared.Low), Math.Sqrt(squared.High));
}
