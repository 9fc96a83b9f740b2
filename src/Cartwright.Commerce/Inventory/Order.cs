using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Inventory;

/// <summary>Notes units as ordered, so that the next answer counts them as on their way; units below 0 take an order back.</summary>
/// <remarks>They stand in the product's attribute <c>on_order</c>. Whoever brings in the delivery lowers it again: an import, or a product that is put.</remarks>
/// <example>cartwright inventory order --file orders.json</example>
public sealed record OrderRequest
{
    /// <summary>What was ordered, a line for each product.</summary>
    [ItemCount(1, 10_000)]
    public required IReadOnlyList<OrderedUnits> Orders { get; init; }
}

/// <summary>Units of a product that were ordered.</summary>
public sealed record OrderedUnits : IValidatableObject
{
    private const int MostUnits = 100_000_000;

    /// <summary>The product.</summary>
    public required string ProductId { get; init; }

    /// <summary>How many; below 0 takes them back.</summary>
    public required int Units { get; init; }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) =>
        Units is 0 or > MostUnits or < -MostUnits ? [new ValidationResult(FormattableString.Invariant($"units was {Units}; it takes 1 to {MostUnits:#,0}, or as many below 0"))] : [];
}

/// <param name="Orders">Units on their way now, by product, in the order of the request.</param>
public sealed record OrderResponse(IReadOnlyList<OnOrder> Orders);

/// <param name="ProductId">The product.</param>
/// <param name="Before">Units on their way before.</param>
/// <param name="Now">Units on their way now.</param>
public sealed record OnOrder(string ProductId, double Before, double Now);
