using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Assistant;

/// <summary>Learns to understand shoppers: from utterances made of the shop's catalog, and from those that it was given, which weigh more.</summary>
/// <example>cartwright assistant train</example>
public sealed record TrainRequest
{
    /// <summary>Passes over the utterances; more for fewer utterances where none is said.</summary>
    [Range(1, 1_000)]
    public int? Epochs { get; init; }

    /// <summary>Same seed, same catalog and same utterances give the same model, bit for bit.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Puts the new version into service even where it does not beat the one that is there.</summary>
    public bool Activate { get; init; }
}

/// <param name="Version">The new version.</param>
/// <param name="IsActive">Whether it is in service now.</param>
/// <param name="Summary">What was found, in a sentence or two.</param>
/// <param name="Intents">What it can tell apart.</param>
/// <param name="Slots">What it finds in a sentence.</param>
/// <param name="Given">Utterances of the shop that were learned from.</param>
/// <param name="Generated">Utterances made from the catalog that were learned from.</param>
/// <param name="Estimates">On utterances kept aside, those that were made being worded as none that was learned, by model and metric: "understanding-lstm accuracy".</param>
public sealed record TrainResponse(string Version, bool IsActive, string Summary, IReadOnlyList<string> Intents, IReadOnlyList<string> Slots, int Given, int Generated,
    IReadOnlyDictionary<string, MetricEstimate> Estimates, double TrainSeconds);

/// <summary>Which model of language is in service, and which versions are kept.</summary>
/// <example>cartwright assistant status</example>
public sealed record StatusRequest;

/// <summary>Puts a kept version of the model of language into service: by hand, or to go back.</summary>
/// <example>cartwright assistant activate --version 20260102-030405-understanding-lstm</example>
public sealed record ActivateRequest
{
    /// <summary>The version, as <c>status</c> lists it.</summary>
    [Required]
    public required string Version { get; init; }
}
