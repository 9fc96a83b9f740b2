using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which products a shopper is likely to want next.</summary>
/// <example>cartwright recommendation recommend --shopper-id 7 --count 5 --explain</example>
public sealed record RecommendRequest : ShopperFilter
{
    /// <summary>What the shopper has bought is left out, unless it is said otherwise.</summary>
    public RecommendRequest() => ExcludeBought = true;

    /// <summary>Leaves places to chance where the pipeline says so, and notes with which. False for somebody who only looks.</summary>
    public bool Explore { get; init; } = true;

    /// <summary>Model to ask; the one in service where none is named. A name that is none is refused with the list.</summary>
    public string? Model { get; init; }

    /// <summary>Adds the reasons of each product.</summary>
    public bool Explain { get; init; }
}

/// <param name="Results">Best first.</param>
/// <param name="Model">Who ranked them.</param>
/// <param name="Version">Version of that model; null for a baseline that is counted, not trained.</param>
/// <param name="Fallback">Why a simpler model answered than the one asked; null where it did not.</param>
public sealed record RecommendResponse(
    IReadOnlyList<RankedProduct> Results,
    string Model,
    string? Version,
    string? Fallback)
{
    /// <summary>Version of the pipeline that made the list out of the scores; null where none was ever set.</summary>
    public string? Pipeline { get; init; }
}
