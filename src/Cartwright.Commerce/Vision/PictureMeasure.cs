using System.Numerics.Tensors;
using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Vision;

/// <summary>How well it was told what pictures show, with intervals over pictures.</summary>
/// <param name="classes">Classes that can be told.</param>
/// <param name="actual">What each picture shows, by number; -1 for what nobody taught, which no answer gets right.</param>
internal sealed class PictureMeasure(int classes, int[] actual, int seed)
{
    /// <param name="chances">[pictures, classes]</param>
    public IReadOnlyDictionary<string, MetricEstimate> Estimate(float[] chances)
    {
        int[] named = [.. actual.Select((_, i) => TensorPrimitives.IndexOfMax<float>(chances.AsSpan(i * classes, classes)))];
        int[] there = [.. actual.Where(of => of >= 0).Distinct()];
        return new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal)
        {
            ["accuracy"] = Of(Bootstrap.Mean([.. actual.Select((of, i) => named[i] == of ? 1.0 : 0)], seed)),
            ["logLoss"] = Of(Bootstrap.Mean([.. actual.Select((of, i) => Classification.LogLoss(of < 0 ? 0 : chances[(i * classes) + of]))], seed)),
            ["macroF1"] = Of(Bootstrap.Statistic(rows =>
            {
                (int[] n, int[] a) = (Array.ConvertAll(rows, row => named[row]), Array.ConvertAll(rows, row => actual[row]));
                return there.Length == 0 ? 0 : there.Average(of => Classification.F1(n, a, of));
            }, actual.Length, seed)),
        };
    }

    private static MetricEstimate Of(BootstrapInterval interval) => new(interval.Value, interval.Low, interval.High);
}
