using System.Text.Json.Serialization;

namespace Cartwright.Commerce.Evaluation;

/// <summary>What <c>evaluate</c> answers, the same for every slice.</summary>
public sealed record EvaluationReport
{
    /// <summary>Name of the data set, as its <c>shop.json</c> says.</summary>
    public required string Data { get; init; }

    public required string Protocol { get; init; }

    public required int Seed { get; init; }

    /// <summary>Targets, rows or series that were tested.</summary>
    public required int TestCount { get; init; }

    /// <summary>Products that were ranked for every target; 0 where nothing is ranked.</summary>
    public required int Candidates { get; init; }

    public required IReadOnlyList<ModelEvaluation> Models { get; init; }

    /// <summary>What was left out and why, in sentences; null where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }
}

/// <param name="Model">Lower-case name from the paper: "sasrec", "item-knn".</param>
/// <param name="Role">"model", "baseline", or "oracle" for one that knows what a simulation hides.</param>
/// <param name="Metrics">By name: "recall@10", "ndcg@10", "mrr@10", "coverage@10". Fractions, never percents.</param>
/// <param name="TrainSeconds">Wall time of the training alone.</param>
/// <param name="PeakMemoryBytes">Largest resident set of the process while this model was trained and measured, the data included. Where the system does not count anew for each (anything but Linux), of the process so far.</param>
public sealed record ModelEvaluation(
    string Model,
    string Role,
    IReadOnlyDictionary<string, MetricEstimate> Metrics,
    double TrainSeconds,
    long PeakMemoryBytes)
{
    /// <summary>Median wall time of one answer on one thread: all products scored for one history. Null where a model isn't asked so.</summary>
    public double? AnswerMilliseconds { get; init; }
}

/// <summary>A figure with its 95 % bootstrap interval.</summary>
public sealed record MetricEstimate(double Value, double Low, double High);
