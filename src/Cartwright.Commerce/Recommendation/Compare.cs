using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Sets models beside each other on the shop's own interactions: the same held-out steps for all, every pair's difference with its interval.</summary>
/// <example>cartwright recommendation compare --models sasrec,ease,item-knn --protocol time-split</example>
public sealed record CompareRequest
{
    /// <summary>Models by name; all where none is named. The baselines always run.</summary>
    [ItemCount(0, 30)]
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>"leave-one-out", "random-75", "folds", "split-file", "session-split" or "time-split".</summary>
    [ProtocolName]
    public string Protocol { get; init; } = "leave-one-out";

    /// <summary>Length of the list at which ranking is measured.</summary>
    [Range(1, 1_000)]
    public int Cutoff { get; init; } = 10;

    /// <summary>What the pairs are compared by.</summary>
    [ComparedMetric]
    public string Metric { get; init; } = "ndcg";

    /// <summary>Same seed and same data give the same figures.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Passes over the data, at most.</summary>
    [Range(1, 10_000)]
    public int? Epochs { get; init; }
}

/// <param name="Report">Every model's figures, as <c>evaluate</c> tells them.</param>
/// <param name="Metric">What the pairs are compared by: "ndcg@10".</param>
/// <param name="Pairs">Every pair once, the better model first, the largest difference first.</param>
public sealed record CompareResponse(EvaluationReport Report, string Metric, IReadOnlyList<ModelPair> Pairs);

/// <summary>Two models on the same cases.</summary>
/// <param name="Better">The one with the higher figure.</param>
/// <param name="Other">The other.</param>
/// <param name="Difference">By how much it is higher, with its 95 % bootstrap interval over shoppers or sessions.</param>
/// <param name="IsSure">True where the whole interval lies above 0.</param>
public sealed record ModelPair(string Better, string Other, MetricEstimate Difference, bool IsSure);

/// <summary>One of the metrics that models can be compared by, case by case.</summary>
internal sealed class ComparedMetricAttribute() : OneOfAttribute("metric")
{
    protected override IReadOnlyCollection<string> Allowed => ["recall", "precision", "ndcg", "mrr", "map"];
}
