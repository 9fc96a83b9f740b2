using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Metrics;

/// <summary>A mean with the interval that holds it in 95 of 100 repetitions of the sampling.</summary>
public readonly record struct BootstrapInterval(double Value, double Low, double High);

/// <summary>95 % percentile intervals by drawing the sample again from itself.</summary>
/// <remarks>Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979.</remarks>
public static class Bootstrap
{
    /// <summary>Interval of the mean of independent values: one for each user, session, query or row.</summary>
    /// <param name="seed">The same seed draws the same samples, for every metric of the same count of values.</param>
    /// <param name="resamples">Samples drawn; at least 1.</param>
    /// <returns>All three 0 where there are no values.</returns>
    public static BootstrapInterval Mean(ReadOnlySpan<double> values, int seed, int resamples = 1_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        return values.IsEmpty ? default : Interval(values.ToArray(), counts: null, seed, resamples);
    }

    /// <summary>
    /// Interval of the mean of values that come in groups (the events of a session, the days of a series): whole
    /// groups are drawn, because the values within one are alike.
    /// </summary>
    /// <param name="values">Any number for each group.</param>
    /// <param name="groups">The group of each value: any numbers.</param>
    /// <param name="seed">The same seed draws the same samples.</param>
    /// <param name="resamples">Samples drawn; at least 1.</param>
    /// <exception cref="ShapeException">There are not as many groups as values.</exception>
    public static BootstrapInterval Mean(
        ReadOnlySpan<double> values, ReadOnlySpan<int> groups, int seed, int resamples = 1_000)
    {
        ShapeException.Require(groups.Length == values.Length, $"There is a group for each value; found {groups.Length} groups and {values.Length} values.");
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (values.IsEmpty)
        {
            return default;
        }

        var places = new Dictionary<int, int>();
        var sums = new List<double>();
        var counts = new List<int>();
        for (int i = 0; i < values.Length; i++)
        {
            if (!places.TryGetValue(groups[i], out int place))
            {
                place = sums.Count;
                places.Add(groups[i], place);
                sums.Add(0);
                counts.Add(0);
            }

            sums[place] += values[i];
            counts[place]++;
        }

        return Interval([.. sums], [.. counts], seed, resamples);
    }

    /// <summary>Interval of anything that is computed from a sample of rows, such as an area under a curve.</summary>
    /// <param name="statistic">Gets the drawn rows, some of them several times, and is asked from several threads.</param>
    /// <param name="count">Rows of the sample.</param>
    /// <param name="seed">The same seed draws the same samples.</param>
    /// <param name="resamples">Samples drawn; at least 1. Fewer than for a mean, since each computes the statistic anew.</param>
    /// <returns>All three 0 where there are no rows.</returns>
    public static BootstrapInterval Statistic(Func<int[], double> statistic, int count, int seed, int resamples = 200)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (count == 0)
        {
            return default;
        }

        double[] drawn = new double[resamples];
        ParallelWork.For(resamples, new Redraw(statistic, count, (uint)seed, drawn));
        double[] defined = [.. drawn.Where(double.IsFinite).Order()];
        double value = statistic([.. Enumerable.Range(0, count)]);
        return defined.Length == 0 ? new BootstrapInterval(value, value, value)
            : new BootstrapInterval(value, Quantile(defined, 0.025), Quantile(defined, 0.975));
    }

    // counts is null where every sum is one value.
    private static BootstrapInterval Interval(double[] sums, int[]? counts, int seed, int resamples)
    {
        double[] means = new double[resamples];
        ParallelWork.For(resamples, new Resample(sums, counts, (uint)seed, means));
        Array.Sort(means);
        double total = counts is null ? sums.Length : counts.Sum();
        return new BootstrapInterval(sums.Sum() / total, Quantile(means, 0.025), Quantile(means, 0.975));
    }

    /// <summary>Between the two nearest of the sorted values, linearly.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>A stream of its own for every sample (SplitMix64), so any thread may draw it.</summary>
    private struct Draws(uint seed, int sample)
    {
        private ulong _state = CounterHash.Derive(seed, (uint)sample, 0);

        /// <summary>From 0 to below the count.</summary>
        public int Next(int count)
        {
            _state += 0x9E3779B97F4A7C15;
            ulong bits = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            return (int)(((bits >> 32) * (uint)count) >> 32);
        }
    }

    private readonly struct Redraw(Func<int[], double> statistic, int count, uint seed, double[] values) : IWorkItem
    {
        public void Run(int index)
        {
            var draws = new Draws(seed, index);
            int[] rows = new int[count];
            for (int i = 0; i < count; i++)
            {
                rows[i] = draws.Next(count);
            }

            values[index] = statistic(rows);
        }
    }

    private readonly struct Resample(double[] sums, int[]? counts, uint seed, double[] means) : IWorkItem
    {
        public void Run(int index)
        {
            var draws = new Draws(seed, index);
            double sum = 0;
            long count = counts is null ? sums.Length : 0;
            for (int i = 0; i < sums.Length; i++)
            {
                int drawn = draws.Next(sums.Length);
                sum += sums[drawn];
                if (counts is not null)
                {
                    count += counts[drawn];
                }
            }

            means[index] = sum / count;
        }
    }
}
