using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Why a product is recommended to a shopper.</summary>
/// <example>cartwright recommendation explain --shopper-id 7 --product-id p42</example>
public sealed record ExplainRequest
{
    /// <summary>Who it is recommended to.</summary>
    [Required]
    public required string ShopperId { get; init; }

    /// <summary>What is to be explained.</summary>
    [Required]
    public required string ProductId { get; init; }

    /// <summary>Reasons in the answer, at most.</summary>
    [Range(1, 20)]
    public int Count { get; init; } = 3;

    /// <summary>Model to ask; the one in service where none is named.</summary>
    public string? Model { get; init; }
}

/// <param name="Rank">Place of the product among all products for this shopper, from 1.</param>
/// <param name="Reasons">The heaviest first, each of the others the heaviest once those before it are gone: their weights together are what the score loses without all of them.</param>
public sealed record ExplainResponse(
    string ProductId,
    double Score,
    int Rank,
    IReadOnlyList<Reason> Reasons,
    string Model,
    string? Version)
{
    /// <summary>Why a simpler model answered than the one in service; null where it did not.</summary>
    public string? Fallback { get; init; }

    /// <summary>What each model that the one in service adds gave to the score, by the weights of the pipeline; empty where it is one model alone, or reads nothing of the shopper.</summary>
    public IReadOnlyList<StageChange> Parts { get; init; } = [];
}
