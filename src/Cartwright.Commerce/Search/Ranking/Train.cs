using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Search;

/// <summary>Learns from the shop's judgments, or from its clicks, in which order results should stand.</summary>
/// <example>cartwright search train</example>
public sealed record TrainRequest
{
    /// <summary>What is learned from: "judgments", "clicks" (with the places taken away by a click model), or "auto": judgments where there are enough.</summary>
    [LearnedFrom]
    public string From { get; init; } = LearnedFromAttribute.Auto;

    /// <summary>Same seed and same data give the same ranker, bit for bit.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Passes over the queries that the network makes; found by their number where it is not given.</summary>
    [Range(1, 1_000)]
    public int? Epochs { get; init; }

    /// <summary>Puts the version into service even where it does not beat the active one.</summary>
    public bool Activate { get; init; }
}

/// <param name="Version">Folder name under <c>models/search</c>.</param>
/// <param name="IsActive">True where the version is now in service.</param>
/// <param name="Summary">What happened and what it means, in a sentence or two.</param>
/// <param name="From">What was learned from: "judgments" or "clicks".</param>
/// <param name="Queries">Queries that were learned from.</param>
/// <param name="Estimates">On queries kept aside, bm25's beside the ranker's: "ranker ndcg@10".</param>
/// <param name="TrainSeconds">Wall time of the training alone.</param>
public sealed record TrainResponse(string Version, bool IsActive, string Summary, string From, int Queries, IReadOnlyDictionary<string, MetricEstimate> Estimates, double TrainSeconds);

/// <summary>Which search ranker is in service, and which versions are kept.</summary>
/// <example>cartwright search status</example>
public sealed record StatusRequest;

/// <summary>Puts a kept version of the search ranker into service: by hand, or to go back.</summary>
/// <example>cartwright search activate --version 20260102-030405-ranker</example>
public sealed record ActivateRequest
{
    /// <summary>The version, as <c>status</c> lists it.</summary>
    [Required]
    public required string Version { get; init; }
}

/// <summary>The field says what a ranker learns from.</summary>
internal sealed class LearnedFromAttribute() : OneOfAttribute("source")
{
    public const string Auto = "auto", Judgments = "judgments", Clicks = "clicks";

    protected override IReadOnlyCollection<string> Allowed => [Auto, Judgments, Clicks];
}
