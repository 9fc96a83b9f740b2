using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which model is in service, and which versions are kept.</summary>
/// <example>cartwright recommendation status</example>
public sealed record StatusRequest;

/// <summary>Puts a kept version into service: by hand, or to go back.</summary>
/// <example>cartwright recommendation activate 20260102-0304</example>
public sealed record ActivateRequest
{
    /// <summary>The version, as <c>status</c> lists it.</summary>
    [Required]
    public required string Version { get; init; }
}
