using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Learns a recommendation model from the shop's interactions.</summary>
/// <example>cartwright recommendation train --minutes 10</example>
public sealed record TrainRequest
{
    /// <summary>A model by name: "sasrec", "blend", "ease", "item-knn" and so on; a name that is none is refused with the list.</summary>
    [ModelName]
    public string Model { get; init; } = "sasrec";

    /// <summary>Models that a blend adds, by name; what each weighs is learned. Only for "blend".</summary>
    [ItemCount(0, 20)]
    public IReadOnlyList<string> Generators { get; init; } = [];

    /// <summary>Options of the model as name=value, in place of its own choice: what <c>tune</c> found. Where none are given, those that <c>tune --keep</c> kept.</summary>
    [ItemCount(0, 50)]
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Same seed and same data give the same model, bit for bit.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Passes over the data, at most; training stops earlier when validation stops improving.</summary>
    [Range(1, 10_000)]
    public int? Epochs { get; init; }

    /// <summary>Wall time after which training stops and keeps the best model so far.</summary>
    [Range(1, 100_000)]
    public int? Minutes { get; init; }

    /// <summary>A canceled or interrupted training run to go on with; its own options are kept.</summary>
    public string? ResumeRunId { get; init; }

    /// <summary>Puts the version into service even where it does not beat the active one.</summary>
    public bool Activate { get; init; }
}

/// <param name="Version">Folder name under <c>models/recommendation/</c>; "" in a process that only helped another to train.</param>
/// <param name="IsActive">True where the version is now in service.</param>
/// <param name="Summary">What happened and what it means, in a sentence or two.</param>
/// <param name="Metrics">On the held-out interactions, the baselines' beside the model's: "sasrec ndcg@10".</param>
public sealed record TrainResponse(
    string Version,
    bool IsActive,
    string Summary,
    IReadOnlyDictionary<string, double> Metrics,
    double TrainSeconds)
{
    /// <summary>The same figures with their 95 % intervals; empty where there were too few shoppers to measure.</summary>
    public IReadOnlyDictionary<string, MetricEstimate> Estimates { get; init; } = new Dictionary<string, MetricEstimate>(StringComparer.Ordinal);
}
