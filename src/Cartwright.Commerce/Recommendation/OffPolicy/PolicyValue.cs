using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Recommendation;

/// <summary>The estimates of a policy's value from another policy's log.</summary>
/// <remarks>
/// With w = min(chance of the logged action under the valued policy / its logged chance, clip) and q the <see cref="RewardModel"/>:
/// ips = mean of w r (Horvitz and Thompson, "A Generalization of Sampling Without Replacement From a Finite Universe", 1952); snips = sum of w r / sum of w (Swaminathan and
/// Joachims, "The Self-Normalized Estimator for Counterfactual Learning", NIPS 2015); reward-model = mean of q under the policy; doubly-robust = the same plus
/// mean of w (r − q of the logged action) (Dudík, Langford and Li, "Doubly Robust Policy Evaluation and Learning", ICML 2011). Intervals are 95 % bootstraps over groups of rows.
/// Where w is cut, ips comes out too low, and the doubly robust estimate leans to the reward model. The interval of reward-model alone leaves out what the model got wrong.
/// </remarks>
internal static class PolicyValue
{
    /// <summary>A log worth fewer rows than this share of its own is called thin.</summary>
    private const double ThinShare = 0.1;

    private const int FewRows = 100;
    private const int FewRewards = 30;
    private const int Resamples = 1_000;

    /// <param name="onPolicy">The valued policy's own log; null where there is none.</param>
    public static OffPolicyResponse Estimate(BanditLog log, TargetPolicy policy, BanditLog? onPolicy, double? clip, int seed, CancellationToken cancellationToken)
    {
        int count = log.RowCount;
        double[] full = [.. Enumerable.Range(0, count).Select(row => policy.Chance(log, row) / log.Propensity[row])];
        double[] weights = Array.ConvertAll(full, weight => Math.Min(weight, clip ?? double.PositiveInfinity));
        double[] ones = [.. Enumerable.Repeat(1.0, count)];
        double[] weighted = [.. weights.Zip(log.Reward, (weight, reward) => weight * reward)];
        var model = new RewardModel(log, seed, cancellationToken);
        double[] told = [.. Enumerable.Range(0, count).Select(row => model.Of(policy, row))];
        double[] robust = [.. Enumerable.Range(0, count).Select(row => told[row] + (weights[row] * (log.Reward[row] - model.OfLogged(row))))];
        double unsupported = policy.Unsupported(log);
        cancellationToken.ThrowIfCancellationRequested();
        var draws = new GroupDraws(log, seed);
        return new OffPolicyResponse
        {
            Log = log.Name,
            Policy = policy.Name,
            RowCount = count,
            ActionCount = log.Actions.Count,
            PositionCount = log.Positions.Count,
            Logged = draws.Ratio(log.Reward, ones),
            OnPolicy = onPolicy is null ? null : new GroupDraws(onPolicy, seed).Ratio(onPolicy.Reward, [.. Enumerable.Repeat(1.0, onPolicy.RowCount)]),
            Estimates = [draws.Of("ips", weighted, ones), draws.Of("snips", weighted, weights), draws.Of("doubly-robust", robust, ones), draws.Of("reward-model", told, ones)],
            EffectiveSampleSize = EffectiveSize(weights),
            MeanWeight = weights.Average(),
            LargestWeight = full.Max(),
            Clip = clip,
            ClippedShare = full.Count(weight => weight > clip) / (double)count,
            UnsupportedShare = unsupported,
            Warnings = [.. Warnings(log, full, weights, unsupported, clip)],
        };
    }

    /// <summary>(sum of weights)² / sum of squared weights, 0 where all are 0. Kish, "Survey Sampling", 1965.</summary>
    public static double EffectiveSize(double[] weights)
    {
        double sum = weights.Sum(), squares = weights.Sum(weight => weight * weight);
        return squares == 0 ? 0 : sum * sum / squares;
    }

    private static IEnumerable<string> Warnings(BanditLog log, double[] full, double[] weights, double unsupported, double? clip)
    {
        if (unsupported > 0.001)
        {
            yield return FormattableString.Invariant(
                $"The log never holds {unsupported:P1} of what the policy would choose. ips counts that as earning nothing, snips leaves it out, the doubly robust estimate takes the reward model's word.");
        }

        double effective = EffectiveSize(weights);
        if (effective < ThinShare * weights.Length)
        {
            bool isHopeless = effective < FewRows;
            yield return FormattableString.Invariant($"A few rows carry the estimates: {weights.Length:N0} rows are worth {effective:N0} of the policy's own, the largest weight is {full.Max():N0}. ")
                + (isHopeless ? "Believe none of them" : "Trust snips and doubly-robust sooner than ips")
                + (clip is null ? "; cut weights with --clip, and see whether they still say the same." : "; explore more, or value a policy nearer to the log's.");
        }

        double mean = full.Average();
        double deviation = Math.Sqrt(full.Sum(weight => (weight - mean) * (weight - mean)) / full.Length / full.Length);
        if (Math.Abs(mean - 1 + unsupported) > Math.Max(0.05, 4 * deviation))
        {
            yield return FormattableString.Invariant($"Weights average {mean:0.000} where {1 - unsupported:0.000} is expected: the logged chances are not those that the log was made by, or the policy is another one.");
        }

        int rewarded = log.Reward.Count(reward => reward != 0);
        if (rewarded < FewRewards)
        {
            yield return FormattableString.Invariant($"Only {rewarded} of {log.RowCount:N0} rows earned anything; with so few the intervals are too narrow.");
        }
    }

    /// <summary>Draws groups of rows anew, for intervals.</summary>
    private sealed class GroupDraws(BanditLog log, int seed)
    {
        private readonly double[] _rewards = ByGroup(log, log.Reward);
        private readonly double[] _rows = ByGroup(log, [.. Enumerable.Repeat(1.0, log.RowCount)]);

        public PolicyEstimate Of(string name, double[] above, double[] below)
        {
            double[] top = ByGroup(log, above), bottom = ByGroup(log, below);
            return new PolicyEstimate(name, Draw(drawn => Sum(top, drawn) / Sum(bottom, drawn)),
                Draw(drawn => (Sum(top, drawn) / Sum(bottom, drawn)) - (Sum(_rewards, drawn) / Sum(_rows, drawn))));
        }

        public MetricEstimate Ratio(double[] above, double[] below)
        {
            double[] top = ByGroup(log, above), bottom = ByGroup(log, below);
            return Draw(drawn => Sum(top, drawn) / Sum(bottom, drawn));
        }

        private MetricEstimate Draw(Func<int[], double> statistic)
        {
            BootstrapInterval interval = Bootstrap.Statistic(statistic, _rows.Length, seed, Resamples);
            return double.IsFinite(interval.Value) ? new MetricEstimate(interval.Value, interval.Low, interval.High) : new MetricEstimate(0, 0, 0);
        }

        private static double Sum(double[] values, int[] drawn)
        {
            double sum = 0;
            foreach (int group in drawn)
            {
                sum += values[group];
            }

            return sum;
        }

        private static double[] ByGroup(BanditLog log, double[] values)
        {
            var places = new Dictionary<int, int>();
            var sums = new List<double>();
            for (int row = 0; row < values.Length; row++)
            {
                if (!places.TryGetValue(log.Group[row], out int place))
                {
                    places.Add(log.Group[row], place = sums.Count);
                    sums.Add(0);
                }

                sums[place] += values[row];
            }

            return [.. sums];
        }
    }
}
