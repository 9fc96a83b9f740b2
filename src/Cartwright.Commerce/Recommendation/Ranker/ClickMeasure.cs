using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Recommendation;

/// <summary>How well chances of clicks fit the clicks that came. Intervals are bootstraps over shoppers, drawn whole with all that they were shown.</summary>
internal sealed class ClickMeasure
{
    private const int Bins = 10;

    private readonly int[] _owner;
    private readonly bool[] _clicked;
    private readonly int _ownerCount;
    private readonly int _seed;

    public ClickMeasure(ClickRows rows, int seed)
    {
        var numbers = new Dictionary<int, int>();
        _owner = new int[rows.Count];
        _clicked = new bool[rows.Count];
        for (int row = 0; row < rows.Count; row++)
        {
            int owner = rows.Pages[rows.PageOf(row)].Owner;
            _owner[row] = numbers.TryGetValue(owner, out int number) ? number : numbers[owner] = numbers.Count;
            _clicked[row] = rows.IsClicked(row);
        }

        (_ownerCount, _seed) = (numbers.Count, seed);
    }

    /// <param name="chances">Of a click at the place where each product stood: [rows].</param>
    public IReadOnlyDictionary<string, MetricEstimate> Estimate(float[] chances) => new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal)
    {
        ["auc"] = Auc(chances),
        ["logLoss"] = LogLoss([.. chances.Select((chance, row) => Loss(chance, row))]),
        ["calibrationError"] = CalibrationError(chances),
    };

    /// <summary>By how much the one's figures are above the other's on the same rows; below 0 is better for a loss.</summary>
    public IReadOnlyDictionary<string, MetricEstimate> Above(float[] chances, float[] others, string name)
    {
        (int[] order, int[] otherOrder) = (Order(chances), Order(others));
        return new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal)
        {
            [$"auc over {name}"] = Drawn(weights => Auc(order, chances, weights) - Auc(otherOrder, others, weights)),
            [$"logLoss over {name}"] = LogLoss([.. chances.Select((chance, row) => Loss(chance, row) - Loss(others[row], row))]),
        };
    }

    private double Loss(float chance, int row) => Classification.LogLoss(_clicked[row] ? chance : 1 - chance);

    private MetricEstimate LogLoss(double[] losses)
    {
        BootstrapInterval interval = Bootstrap.Mean(losses, _owner, _seed);
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

    // Sorted once for all resamples: only how often each shopper was drawn changes.
    private double Auc(int[] order, float[] chances, int[] weights)
    {
        (double rank, double positives, double negatives) = (0, 0, 0);
        for (int start = 0; start < order.Length;)
        {
            (double here, double others) = (0, 0);
            int end = start;
            for (; end < order.Length && chances[order[end]] == chances[order[start]]; end++)
            {
                int weight = weights[_owner[order[end]]];
                (here, others) = _clicked[order[end]] ? (here + weight, others) : (here, others + weight);
            }

            rank += here * (negatives + (others / 2));
            (positives, negatives, start) = (positives + here, negatives + others, end);
        }

        return positives == 0 || negatives == 0 ? double.NaN : rank / (positives * negatives);
    }

    /// <summary>As <see cref="Classification.CalibrationError"/>.</summary>
    private MetricEstimate CalibrationError(float[] chances) => Drawn(weights =>
    {
        double[] differences = new double[Bins];
        double count = 0;
        for (int row = 0; row < chances.Length; row++)
        {
            int weight = weights[_owner[row]];
            count += weight;
            differences[Math.Clamp((int)(chances[row] * Bins), 0, Bins - 1)] += weight * (chances[row] - (_clicked[row] ? 1 : 0));
        }

        return count == 0 ? double.NaN : differences.Sum(Math.Abs) / count;
    });

    private MetricEstimate Drawn(Func<int[], double> statistic)
    {
        BootstrapInterval interval = Bootstrap.Statistic(owners =>
        {
            int[] weights = new int[_ownerCount];
            foreach (int owner in owners)
            {
                weights[owner]++;
            }

            return statistic(weights);
        }, _ownerCount, _seed);
        return new MetricEstimate(interval.Value, interval.Low, interval.High);
    }
}
