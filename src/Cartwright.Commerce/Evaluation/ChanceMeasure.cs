using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Evaluation;

/// <summary>How well told chances fit what came. Intervals are bootstraps over owners, each drawn whole with all of its rows.</summary>
/// <param name="owner">Whose each row is, from 0: [rows].</param>
/// <param name="came">Whether it came: [rows].</param>
/// <param name="ownerCount">Owners that are drawn from; some may have no row.</param>
internal sealed class ChanceMeasure(int[] owner, bool[] came, int ownerCount, int seed)
{
    private const int Bins = 10;

    /// <param name="chances">[rows]</param>
    public IReadOnlyDictionary<string, MetricEstimate> Estimate(float[] chances) => new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal)
    {
        ["auc"] = Auc(chances),
        ["calibrationError"] = CalibrationError(chances),
        ["logLoss"] = Mean([.. chances.Select((chance, row) => Loss(chance, row))]),
    };

    /// <summary>By how much the one's figures are above the other's on the same rows; below 0 is better for a loss.</summary>
    public IReadOnlyDictionary<string, MetricEstimate> Above(float[] chances, float[] others, string name)
    {
        (int[] order, int[] otherOrder) = (Order(chances), Order(others));
        return new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal)
        {
            [$"auc over {name}"] = Drawn(weights => Auc(order, chances, weights) - Auc(otherOrder, others, weights)),
            [$"logLoss over {name}"] = Mean([.. chances.Select((chance, row) => Loss(chance, row) - Loss(others[row], row))]),
        };
    }

    /// <summary>As <see cref="Classification.CalibrationError"/>: the mean over ten bins of how far chances lie from what came, weighed by rows.</summary>
    public MetricEstimate CalibrationError(float[] chances) => Drawn(weights =>
    {
        double[] differences = new double[Bins];
        double count = 0;
        for (int row = 0; row < chances.Length; row++)
        {
            int weight = weights[owner[row]];
            count += weight;
            differences[Math.Clamp((int)(chances[row] * Bins), 0, Bins - 1)] += weight * (chances[row] - (came[row] ? 1 : 0));
        }

        return count == 0 ? double.NaN : differences.Sum(Math.Abs) / count;
    });

    private double Loss(float chance, int row) => Classification.LogLoss(came[row] ? chance : 1 - chance);

    private MetricEstimate Mean(double[] values)
    {
        BootstrapInterval interval = Bootstrap.Mean(values, owner, seed);
        return new MetricEstimate(interval.Value, interval.Low, interval.High);
    }

    private MetricEstimate Auc(float[] chances)
    {
        int[] order = Order(chances);
        return Drawn(weights => Auc(order, chances, weights));
    }

    private static int[] Order(float[] chances)
    {
        int[] order = [.. Enumerable.Range(0, chances.Length)];
        Array.Sort([.. chances], order);
        return order;
    }

    // Sorted once for all resamples: only how often each owner was drawn changes.
    private double Auc(int[] order, float[] chances, int[] weights)
    {
        (double rank, double positives, double negatives) = (0, 0, 0);
        for (int start = 0; start < order.Length;)
        {
            (double here, double others) = (0, 0);
            int end = start;
            for (; end < order.Length && chances[order[end]] == chances[order[start]]; end++)
            {
                int weight = weights[owner[order[end]]];
                (here, others) = came[order[end]] ? (here + weight, others) : (here, others + weight);
            }

            rank += here * (negatives + (others / 2));
            (positives, negatives, start) = (positives + here, negatives + others, end);
        }

        return positives == 0 || negatives == 0 ? double.NaN : rank / (positives * negatives);
    }

    private MetricEstimate Drawn(Func<int[], double> statistic)
    {
        BootstrapInterval interval = Bootstrap.Statistic(owners =>
        {
            int[] weights = new int[ownerCount];
            foreach (int drawn in owners)
            {
                weights[drawn]++;
            }

            return statistic(weights);
        }, ownerCount, seed);
        return new MetricEstimate(interval.Value, interval.Low, interval.High);
    }
}
