using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Search;

/// <summary>Puts the results of a query into an order that gives products of uncertain value a chance to be seen, none far from its ranked place.</summary>
/// <remarks>Ask again with another seed for each page that is shown, and keep the propensities with it: they make it possible to tell later what another order would have earned.</remarks>
/// <example>cartwright search reallocate "cast iron pan" --most-move 3</example>
public sealed record ReallocateRequest
{
    /// <summary>Words as a shopper types them.</summary>
    [Required, StringLength(500)]
    public required string Query { get; init; }

    /// <summary>Products in the list.</summary>
    [Range(1, 100)]
    public int Count { get; init; } = 10;

    /// <summary>Places that a product may stand above or below its ranked one, at most; 0 leaves the order as it is.</summary>
    [Range(0, 100)]
    public int MostMove { get; init; } = 3;

    /// <summary>Shop folder whose searches tell values; the shop's own where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Same seed, same clicks, same order.</summary>
    public int Seed { get; init; } = 1;
}

/// <param name="Results">In the order to show.</param>
/// <param name="Searches">Pages of this query that the values come from.</param>
public sealed record ReallocateResponse(IReadOnlyList<ReallocatedProduct> Results, int Searches);

/// <param name="Place">Where it is to stand, from 1.</param>
/// <param name="RankedPlace">Where the ranking has it.</param>
/// <param name="Value">Chance of a click once it is looked at, as far as is known.</param>
/// <param name="Low">Nineteen of twenty such products have more.</param>
/// <param name="High">And nineteen of twenty less.</param>
/// <param name="Drawn">The value that was drawn and decided its place.</param>
/// <param name="Propensity">Chance that it stands at this place, over all draws.</param>
public sealed record ReallocatedProduct(string ProductId, string Title, int Place, int RankedPlace, double Value, double Low, double High, double Drawn, double Propensity);
