using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>Tells the shop what shoppers did.</summary>
/// <example>cartwright catalog interactions --file today.json</example>
public sealed record InteractionsRequest
{
    /// <summary>What happened, in any order; each counts once by its id.</summary>
    [Required, ItemCount(1, 1000)]
    public required IReadOnlyList<Interaction> Interactions { get; init; }
}

/// <param name="Accepted">New interactions, now stored.</param>
/// <param name="Duplicates">Interactions whose id was already there.</param>
public sealed record InteractionsResponse(int Accepted, int Duplicates);
