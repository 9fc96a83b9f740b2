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

    /// <summary>Model to ask; the one in service where none is named: "sasrec", "gru4rec", "item-knn", "popularity", "recent-popularity".</summary>
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
    string? Fallback);

/// <param name="Price">List price in <see cref="Currency"/>; null where it is not known.</param>
/// <param name="Score">Higher is better; comparable inside one answer only.</param>
public sealed record RankedProduct(string ProductId, string Title, decimal? Price, double Score)
{
    /// <summary>ISO 4217 code of the price.</summary>
    public required string Currency { get; init; }

    /// <summary>Filled where the request said <c>explain</c>.</summary>
    public IReadOnlyList<Reason>? Reasons { get; init; }
}

/// <summary>Something true of the computation: without it the score would be lower by <paramref name="Weight"/>.</summary>
/// <param name="Kind">"history", "basket", "similar", "popularity".</param>
/// <param name="Text">For people: "because you bought Cast Iron Pan".</param>
/// <param name="ProductId">The product that the reason names, if it names one.</param>
/// <param name="Weight">What the score loses when the reason is taken away.</param>
public sealed record Reason(string Kind, string Text, string? ProductId, double Weight);
