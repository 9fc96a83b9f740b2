using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>Which products may be in an answer. Every request that lists products has these fields.</summary>
public abstract record ProductFilter
{
    internal const int MaxCount = 100;

    /// <summary>Products in the answer, at most.</summary>
    [Range(1, MaxCount)]
    public int Count { get; init; } = 10;

    /// <summary>Only products in this category or below it: "Kitchen > Pots".</summary>
    public string? Category { get; init; }

    /// <summary>Lowest price, in the shop's currency. Products without a price are left out.</summary>
    [Range(0.0, 1e12)]
    public decimal? PriceFrom { get; init; }

    /// <summary>Highest price, in the shop's currency. Products without a price are left out.</summary>
    [Range(0.0, 1e12)]
    public decimal? PriceTo { get; init; }

    /// <summary>Only products of this brand.</summary>
    public string? Brand { get; init; }

    /// <summary>Only products with one of these tags.</summary>
    [ItemCount(0, 20)]
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Only products with these attributes, each "name=value", or "name>=number" and "name&lt;=number" for those that begin with a number. Several values of one name: any of them.</summary>
    [ItemCount(0, 20)]
    public IReadOnlyList<string> Attributes { get; init; } = [];

    /// <summary>Leaves out products whose stock is 0.</summary>
    public bool InStock { get; init; } = true;
}
