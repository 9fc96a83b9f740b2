using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation.OffPolicy;

public sealed class PolicyValueTests
{
    /// <summary>Chances of three actions under the log's policy, by context.</summary>
    private static readonly double[][] Logging = [[0.6, 0.3, 0.1], [0.2, 0.3, 0.5]];

    private static readonly double[] Worth = [0.2, 0.5, 0.8];
    private static readonly double[] OfContext = [-0.1, 0.1];

    [Fact]
    public void Four_rows_give_what_the_formulas_give_by_hand()
    {
        BanditLog log = Log([0, 0, 1, 1], [1, 0, 1, 0], [0.5, 0.5, 0.25, 0.25]);

        OffPolicyResponse valued = PolicyValue.Estimate(log, TargetPolicy.Random(log), null, clip: null, 1, default);

        // Weights 1, 1, 2, 2: (1 * 1 + 2 * 1) / 4 and / 6; (1 + 1 + 2 + 2)² / (1 + 1 + 4 + 4).
        Assert.Equal(0.75, Of(valued, "ips").Value, 12);
        Assert.Equal(0.5, Of(valued, "snips").Value, 12);
        Assert.Equal(3.6, valued.EffectiveSampleSize, 12);
        Assert.Equal(1.5, valued.MeanWeight, 12);
        Assert.Equal(0.5, valued.Logged.Value, 12);
        Assert.Equal(0.25, valued.Estimates[0].Gain.Value, 12);
    }

    [Fact]
    public void A_cut_weight_is_cut_and_said()
    {
        BanditLog log = Log([0, 0, 1, 1], [1, 0, 1, 0], [0.5, 0.5, 0.25, 0.25]);

        OffPolicyResponse valued = PolicyValue.Estimate(log, TargetPolicy.Random(log), null, clip: 1.5, 1, default);

        Assert.Equal((1 + 1.5) / 4, Of(valued, "ips").Value, 12);
        Assert.Equal(2.5 / 5, Of(valued, "snips").Value, 12);
        Assert.Equal(0.5, valued.ClippedShare);
        Assert.Equal(2, valued.LargestWeight);
    }

    [Fact]
    public void Over_many_logs_ips_and_doubly_robust_are_right_on_average_and_a_good_model_takes_the_variance_away()
    {
        const int logs = 80;
        var estimates = new Dictionary<string, List<MetricEstimate>>(StringComparer.Ordinal);
        double truth = 0;
        for (int seed = 0; seed < logs; seed++)
        {
            BanditLog log = Synthetic(400, seed, noise: 0.05);
            truth = Worth[2] + OfContext.Average();
            OffPolicyResponse valued = PolicyValue.Estimate(log, TargetPolicy.Choosing("third", [.. Enumerable.Repeat(2, log.RowCount)]), null, clip: null, seed, default);
            foreach (PolicyEstimate estimate in valued.Estimates)
            {
                (estimates.TryGetValue(estimate.Estimator, out List<MetricEstimate>? known) ? known : estimates[estimate.Estimator] = []).Add(estimate.Value);
            }
        }

        foreach (string name in (string[])["ips", "doubly-robust"])
        {
            double error = Math.Sqrt(Variance(estimates[name]) / logs);
            Assert.InRange(estimates[name].Average(estimate => estimate.Value) - truth, -3.5 * error, 3.5 * error);
        }

        Assert.InRange(estimates["snips"].Average(estimate => estimate.Value) - truth, -0.01, 0.01);
        Assert.True(Variance(estimates["doubly-robust"]) < 0.1 * Variance(estimates["ips"]));
        Assert.True(Variance(estimates["snips"]) < Variance(estimates["ips"]));
        foreach (string name in (string[])["ips", "snips", "doubly-robust"])
        {
            Assert.InRange(estimates[name].Count(estimate => estimate.Low <= truth && truth <= estimate.High) / (double)logs, 0.88, 1);
        }
    }

    [Fact]
    public void A_wrong_reward_model_is_mended_where_the_chances_are_right()
    {
        // The rewards turn with the context, which this log does not tell the model.
        var robust = new List<MetricEstimate>();
        for (int seed = 0; seed < 60; seed++)
        {
            BanditLog log = Synthetic(600, seed, noise: 0.05, crosses: true) with { Context = [] };
            int[] chosen = [.. Enumerable.Repeat(2, log.RowCount)];
            robust.Add(Of(PolicyValue.Estimate(log, TargetPolicy.Choosing("third", chosen), null, clip: null, seed, default), "doubly-robust"));
        }

        double truth = (0.8 + 0.2) / 2, error = Math.Sqrt(Variance(robust) / robust.Count);
        Assert.InRange(robust.Average(estimate => estimate.Value) - truth, -3.5 * error, 3.5 * error);
    }

    [Fact]
    public void What_the_log_never_shows_is_said()
    {
        BanditLog log = Log([.. Enumerable.Range(0, 400).Select(i => i % 2)], [.. Enumerable.Range(0, 400).Select(i => i % 3 == 0 ? 1.0 : 0)], [.. Enumerable.Repeat(0.5, 400)]) with { Actions = ["a", "b", "c"] };

        OffPolicyResponse valued = PolicyValue.Estimate(log, TargetPolicy.Random(log), null, clip: null, 1, default);

        Assert.Equal(1 / 3.0, valued.UnsupportedShare, 12);
        Assert.Contains(valued.Warnings, warning => warning.Contains("never holds 33.3 %", StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_that_explode_and_chances_that_are_wrong_are_said()
    {
        double[] rare = [.. Enumerable.Range(0, 1_000).Select(i => i == 0 ? 0.0001 : 0.5)];
        BanditLog log = Log([.. Enumerable.Range(0, 1_000).Select(i => i % 2)], [.. Enumerable.Range(0, 1_000).Select(i => i % 3 == 0 ? 1.0 : 0)], rare);
        BanditLog wrong = log with { Propensity = [.. Enumerable.Repeat(0.2, 1_000)] };

        Assert.Contains(PolicyValue.Estimate(log, TargetPolicy.Random(log), null, clip: null, 1, default).Warnings, warning => warning.Contains("A few rows carry", StringComparison.Ordinal));
        Assert.Contains(PolicyValue.Estimate(wrong, TargetPolicy.Random(wrong), null, clip: null, 1, default).Warnings, warning => warning.StartsWith("Weights average 2.5", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_of_one_visitor_are_drawn_together()
    {
        BanditLog alone = Synthetic(400, 3, noise: 0.05);
        BanditLog tied = alone with { Group = [.. alone.Group.Select(row => row / 40)] };
        TargetPolicy policy = TargetPolicy.Random(alone);

        MetricEstimate wide = PolicyValue.Estimate(tied with { Reward = [.. tied.Group.Select(group => (double)(group % 2))] }, policy, null, clip: null, 1, default).Logged;
        MetricEstimate narrow = PolicyValue.Estimate(alone with { Reward = [.. tied.Group.Select(group => (double)(group % 2))] }, policy, null, clip: null, 1, default).Logged;

        Assert.True(wide.High - wide.Low > 3 * (narrow.High - narrow.Low));
    }

    [DataTheory, InlineData("random", "bts", "men"), InlineData("random", "bts", "women"), InlineData("bts", "random", "men"), InlineData("bts", "random", "women")]
    public async Task What_one_policy_of_the_open_bandit_sample_earned_lies_in_the_intervals_from_the_others_log(string log, string policy, string campaign)
    {
        string folder = Path.Combine(DataFolder.Root!, "open-bandit-sample");
        OffPolicyResponse valued = await Judge().OffPolicyAsync(new OffPolicyRequest
        {
            Log = Path.Combine(folder, $"{log}_{campaign}.csv.gz"),
            PolicyLog = Path.Combine(folder, $"{policy}_{campaign}.csv.gz"),
            Action = "item_id",
            Reward = "click",
            Propensity = "propensity_score",
            Context = ["user_feature_0", "user_feature_1", "user_feature_2", "user_feature_3"],
        });

        foreach (string name in (string[])["ips", "snips", "doubly-robust"])
        {
            Assert.InRange(valued.OnPolicy!.Value, Of(valued, name).Low, Of(valued, name).High);
        }

        Assert.Equal(log == "bts", valued.Warnings.Any(warning => warning.Contains("A few rows carry", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("action,reward,propensity\na,1,0\n", "row 1 below the header: the column 'propensity' says '0'; it takes a chance, more than 0 and at most 1")]
    [InlineData("action,reward,propensity\na,yes,0.5\n", "the column 'reward' says 'yes'; it takes a number")]
    [InlineData("action,reward,chance\na,1,0.5\n", "There is no column 'propensity'")]
    [InlineData("action,reward,propensity\na,1,0.5\n", "Nothing says which policy to value. Give its chances with --policy")]
    public async Task A_log_that_can_not_be_used_says_what_to_do(string text, string expected)
    {
        using var folder = new TempFile(text);

        ValidationException refused = await Assert.ThrowsAnyAsync<ValidationException>(() => Judge().OffPolicyAsync(new OffPolicyRequest { Log = folder.Path }));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_is_silent_about_a_place_is_refused()
    {
        using var log = new TempFile("action,position,reward,propensity\na,1,1,0.5\nb,2,0,0.5\n");
        using var policy = new TempFile("action,position,probability\na,1,1\n");

        ValidationException refused = await Assert.ThrowsAnyAsync<ValidationException>(() => Judge().OffPolicyAsync(new OffPolicyRequest { Log = log.Path, Policy = policy.Path }));

        Assert.Contains("says nothing of place '2'", refused.Message, StringComparison.Ordinal);
    }

    internal static MetricEstimate Of(OffPolicyResponse valued, string name) => valued.Estimates.Single(estimate => estimate.Estimator == name).Value;

    private static PolicyJudge Judge() => new(null!, null!, TimeProvider.System);

    private static double Variance(List<MetricEstimate> estimates)
    {
        double mean = estimates.Average(estimate => estimate.Value);
        return estimates.Sum(estimate => (estimate.Value - mean) * (estimate.Value - mean)) / (estimates.Count - 1);
    }

    private static BanditLog Log(int[] actions, double[] rewards, double[] propensities) => new()
    {
        Name = "log",
        Actions = ["a", "b"],
        Positions = [""],
        Action = actions,
        Position = new int[actions.Length],
        Reward = rewards,
        Propensity = propensities,
        Group = [.. Enumerable.Range(0, actions.Length)],
    };

    /// <summary>Rewards that add up from action and context; or, where they cross, turn the actions around in the second context.</summary>
    private static BanditLog Synthetic(int rows, int seed, double noise, bool crosses = false)
    {
        var random = new Random(seed);
        BanditLog log = Log(new int[rows], new double[rows], new double[rows]) with { Actions = ["a", "b", "c"], Context = [new string[rows]] };
        for (int row = 0; row < rows; row++)
        {
            int context = random.Next(2);
            double drawn = random.NextDouble();
            int action = drawn < Logging[context][0] ? 0 : drawn < Logging[context][0] + Logging[context][1] ? 1 : 2;
            log.Action[row] = action;
            log.Propensity[row] = Logging[context][action];
            log.Reward[row] = (crosses ? (context == 0 ? Worth[action] : 1 - Worth[action]) : Worth[action] + OfContext[context]) + (noise * (random.NextDouble() - 0.5));
            log.Context[0][row] = context == 0 ? "phone" : "desk";
        }

        return log;
    }

    private sealed class TempFile : IDisposable
    {
        public TempFile(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"cartwright-{Guid.NewGuid():N}.csv");

        public void Dispose() => File.Delete(Path);
    }
}
