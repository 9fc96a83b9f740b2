using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which model is in service, and which versions are kept.</summary>
/// <example>cartwright recommendation status</example>
public sealed record StatusRequest;

public sealed record StatusResponse(string? ActiveVersion, IReadOnlyList<ModelVersion> Versions);

/// <param name="Metrics">On held-out interactions at training time.</param>
public sealed record ModelVersion(string Version, string Model, DateTimeOffset TrainedAt, bool IsActive,
    IReadOnlyDictionary<string, double> Metrics, double TrainSeconds)
{
    /// <summary>Why this version can't be put into service: a damaged file; null where it can.</summary>
    public string? Problem { get; init; }
}

/// <summary>Puts a kept version into service: by hand, or to go back.</summary>
/// <example>cartwright recommendation activate 20260102-0304</example>
public sealed record ActivateRequest
{
    /// <summary>The version, as <c>status</c> lists it.</summary>
    [Required]
    public required string Version { get; init; }
}
