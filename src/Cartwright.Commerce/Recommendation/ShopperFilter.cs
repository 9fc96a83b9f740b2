using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>For whom a list is made, and what they are spared. What a shopper blocked is in no list, whatever else the request says.</summary>
public abstract record ShopperFilter : ProductFilter
{
    /// <summary>Whose list: their blocked products are left out, and their history is read where the list reads one.</summary>
    public string? ShopperId { get; init; }

    /// <summary>A session's, for somebody who is not signed in.</summary>
    public string? SessionId { get; init; }

    /// <summary>Product ids in the basket, added to the history as its latest and never in the list.</summary>
    [ItemCount(0, 200)]
    public IReadOnlyList<string> Basket { get; init; } = [];

    /// <summary>Leaves out what the shopper has bought.</summary>
    public bool ExcludeBought { get; init; }

    /// <summary>Leaves out what the shopper has viewed, clicked or put in a cart.</summary>
    public bool ExcludeSeen { get; init; }

    /// <summary>Leaves out what the shopper brought back.</summary>
    public bool ExcludeReturned { get; init; } = true;

    /// <summary>Product ids that are left out this once; what is to be left out for good is told as an interaction of kind "block".</summary>
    [ItemCount(0, 500)]
    public IReadOnlyList<string> ExcludeProducts { get; init; } = [];
}
