using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which products are like this one.</summary>
/// <example>cartwright recommendation similar p42 --price-to 50</example>
public sealed record SimilarRequest : ShopperFilter
{
    /// <summary>The product that others are compared with.</summary>
    [Required]
    public required string ProductId { get; init; }

    /// <summary>Model to ask; the one in service where none is named.</summary>
    public string? Model { get; init; }
}

/// <inheritdoc cref="RecommendResponse"/>
public sealed record SimilarResponse(
    IReadOnlyList<RankedProduct> Results,
    string Model,
    string? Version,
    string? Fallback);
