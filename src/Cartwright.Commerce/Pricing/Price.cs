using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Pricing;

/// <summary>Suggests a price for a listing, with an interval and reasons.</summary>
/// <example>cartwright pricing price --product-id p-17</example>
public sealed record PriceRequest
{
    /// <summary>A product of the shop. What else is given stands in place of what the shop knows of it.</summary>
    public string? ProductId { get; init; }

    /// <summary>Title of the listing.</summary>
    public string? Title { get; init; }

    /// <summary>Description of the listing.</summary>
    public string? Description { get; init; }

    /// <summary>Path from the root: "Kitchen > Pots".</summary>
    public string? Category { get; init; }

    /// <summary>Brand of the listing.</summary>
    public string? Brand { get; init; }

    /// <summary>Everything else that is known, by attribute; for a model of a table, by column: "carat=0.7,cut=Ideal".</summary>
    [ItemCount(0, 1_000)]
    public IReadOnlyList<string>? Attributes { get; init; }

    /// <summary>Gives the reasons: what each attribute does to the price.</summary>
    public bool Explain { get; init; }
}

/// <param name="Price">The price that fits, in the shop's currency (in the table's unit, where the model learned from one).</param>
/// <param name="Low">Four of five such listings cost more than this.</param>
/// <param name="High">And less than this.</param>
/// <param name="IsSure">False where the interval is wide or the listing is unlike any that was learned from.</param>
/// <param name="WhyNotSure">What to know before the price is used; null where it is sure.</param>
/// <param name="Reasons">What each attribute does, largest first; empty unless asked for.</param>
/// <param name="Version">The model version that answered.</param>
public sealed record PriceResponse(
    double Price, double Low, double High, bool IsSure, string? WhyNotSure, IReadOnlyList<PriceReason> Reasons, string Version);

/// <param name="Attribute">The attribute or column.</param>
/// <param name="Value">What it says of the listing.</param>
/// <param name="ComparedWith">The ordinary value it was compared with; empty for none.</param>
/// <param name="Effect">What it adds to the price of an ordinary listing, in the price's unit; the effects of all attributes add up to the difference.</param>
public sealed record PriceReason(string Attribute, string Value, string ComparedWith, double Effect);

/// <summary>Which price model is in service, and which versions are kept.</summary>
/// <example>cartwright pricing status</example>
public sealed record StatusRequest;

/// <summary>Puts a kept version of the price model into service: by hand, or to go back.</summary>
/// <example>cartwright pricing activate --version 20260102-030405-blend</example>
public sealed record ActivateRequest
{
    /// <summary>The version, as <c>status</c> lists it.</summary>
    [Required]
    public required string Version { get; init; }
}
