using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Which products a shopper is likely to want next.</summary>
/// <example>cartwright recommendation recommend --shopper-id 7 --count 5 --explain</example>
public sealed record RecommendRequest : ProductFilter
{
    /// <summary>Whose history to read. A shopper nobody has seen gets what is popular now, and the answer says so.</summary>
    public string? ShopperId { get; init; }

    /// <summary>A session's history, for somebody who is not signed in.</summary>
    public string? SessionId { get; init; }

    /// <summary>Product ids in the basket, added to the history as its latest and never recommended.</summary>
    [ItemCount(0, 200)]
    public IReadOnlyList<string> Basket { get; init; } = [];

    /// <summary>Leaves out what the shopper has bought.</summary>
    public bool ExcludeBought { get; init; } = true;

    /// <summary>Leaves out what the shopper has viewed, clicked or put in a cart.</summary>
    public bool ExcludeSeen { get; init; }

    /// <summary>Leaves out what the shopper brought back.</summary>
    public bool ExcludeReturned { get; init; } = true;

    /// <summary>Product ids that are left out, whatever else: what the shopper doesn't want to see.</summary>
    [ItemCount(0, 500)]
    public IReadOnlyList<string> ExcludeProducts { get; init; } = [];

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
