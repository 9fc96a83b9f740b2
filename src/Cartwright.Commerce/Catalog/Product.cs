using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Cartwright.Commerce.Catalog;

/// <summary>A thing the shop sells, as one row of <c>products.csv</c>.</summary>
public sealed record Product : IValidatableObject
{
    /// <summary>The shop's own id, as it stands in its system.</summary>
    public required string Id { get; init; }

    /// <summary>What shoppers read; needed by a product that is put, and empty only where a whole file of products has none.</summary>
    public string Title { get; init; } = "";

    /// <summary>What it is called: its title, or its id where it has none.</summary>
    [JsonIgnore]
    public string Name => Title.Length > 0 ? Title : Id;

    public string? Description { get; init; }

    /// <summary>Path from the root, parts separated by " > ": "Kitchen > Pots".</summary>
    public string? Category { get; init; }

    public string? Brand { get; init; }

    /// <summary>List price in the shop's currency, 0 or more.</summary>
    public decimal? Price { get; init; }

    /// <summary>What one unit costs the shop, in its currency, 0 or more.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Units on hand. Unknown stock counts as in stock.</summary>
    public int? Stock { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Path of a picture, relative to the shop folder, never outside it.</summary>
    public string? Image { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Everything else that is known, by column name.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = EmptyAttributes.Instance;

    /// <summary>True where interactions name it and the catalog does not have it: its id and what was done with it are kept, and it is in no list.</summary>
    internal bool IsMentioned { get; init; }

    /// <summary>True where the product can be sold now: its stock is unknown or more than 0.</summary>
    public bool IsInStock => Stock is null or > 0;

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if ((CatalogRules.Check(this) ?? CatalogRules.CheckTitle(this)) is { } reason)
        {
            yield return CatalogRules.Result<Product>(reason);
        }
    }
}

internal static class EmptyAttributes
{
    public static readonly IReadOnlyDictionary<string, string> Instance =
        new Dictionary<string, string>(StringComparer.Ordinal).AsReadOnly();
}
