using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What another policy would have earned, told from a log of choices whose chances are known: nobody has to be shown it first.</summary>
/// <example>cartwright recommendation off-policy --log random.csv --policy-log bernoulli.csv --action item_id --reward click --propensity propensity_score</example>
public sealed record OffPolicyRequest
{
    /// <summary>CSV of logged choices, a row each: what was shown, with which chance, what came of it. The shop's own explored lists where none is given.</summary>
    [PathField]
    public string? Log { get; init; }

    /// <summary>CSV of the policy to be valued: the columns action and probability, and position where the log has one.</summary>
    [PathField]
    public string? Policy { get; init; }

    /// <summary>A log of the policy to be valued, from which its chances are counted; what it earned itself is told beside the estimates.</summary>
    [PathField]
    public string? PolicyLog { get; init; }

    /// <summary>Where no file names the policy: "random", each action alike; or "model", what the shop's model would show where nothing is explored.</summary>
    [TargetName]
    public string Target { get; init; } = "model";

    /// <summary>The column that says what was shown.</summary>
    public string Action { get; init; } = "action";

    /// <summary>The column that says what came of it: 1 for a click, 0 for none, or any number.</summary>
    public string Reward { get; init; } = "reward";

    /// <summary>The column with the chance with which it was shown: more than 0, at most 1.</summary>
    public string Propensity { get; init; } = "propensity";

    /// <summary>The column with its place in the list; "position" where the log has such a column, else all places are one.</summary>
    public string? Position { get; init; }

    /// <summary>Columns that tell of the moment: who it was, when. The reward model of the doubly robust estimate reads them.</summary>
    [ItemCount(0, 50)]
    public IReadOnlyList<string> Context { get; init; } = [];

    /// <summary>A column that names whose rows belong together, a session or a shopper: intervals draw them whole.</summary>
    public string? Group { get; init; }

    /// <summary>Weights above this are cut to it: less variance, some bias. None is cut where it is not given.</summary>
    [Range(1.0, 1e9)]
    public double? Clip { get; init; }

    /// <summary>Hours within which a click or a purchase is counted as the reward of what the shop itself had shown.</summary>
    [Range(1, 700)]
    public int RewardHours { get; init; } = 24;

    /// <summary>Same seed and same log give the same intervals.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>A policy's value by several estimates, and what speaks for and against believing them.</summary>
public sealed record OffPolicyResponse
{
    /// <summary>What the log is called.</summary>
    public required string Log { get; init; }

    /// <summary>The policy that is valued.</summary>
    public required string Policy { get; init; }

    public required int RowCount { get; init; }

    public required int ActionCount { get; init; }

    public required int PositionCount { get; init; }

    /// <summary>Mean reward of a logged choice: what the policy that wrote the log earned.</summary>
    public required MetricEstimate Logged { get; init; }

    /// <summary>What the valued policy earned in its own log; null where none was given.</summary>
    public MetricEstimate? OnPolicy { get; init; }

    public required IReadOnlyList<PolicyEstimate> Estimates { get; init; }

    /// <summary>How many rows of the valued policy's own the weighted log is worth: (sum of weights)² / sum of squared weights.</summary>
    public required double EffectiveSampleSize { get; init; }

    /// <summary>1 where log, chances and policy belong together.</summary>
    public required double MeanWeight { get; init; }

    public required double LargestWeight { get; init; }

    /// <summary>Where weights were cut; null where none was.</summary>
    public double? Clip { get; init; }

    /// <summary>Share of the rows whose weight was cut.</summary>
    public required double ClippedShare { get; init; }

    /// <summary>Share of the valued policy's choices that the log never holds.</summary>
    public required double UnsupportedShare { get; init; }

    /// <summary>Why the figures should be doubted; empty where nothing speaks against them.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <param name="Estimator">"ips", "snips", "doubly-robust" or "reward-model".</param>
/// <param name="Value">Mean reward of a choice, with its 95 % bootstrap interval.</param>
/// <param name="Gain">By how much it is above what the log's policy earned, row by row, with its interval.</param>
public sealed record PolicyEstimate(string Estimator, MetricEstimate Value, MetricEstimate Gain);

/// <summary>What stands for a policy that no file names.</summary>
internal sealed class TargetNameAttribute() : OneOfAttribute("target policy")
{
    protected override IReadOnlyCollection<string> Allowed => ["model", "random"];
}
