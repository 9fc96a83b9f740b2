using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Pricing;

/// <summary>What a rule asks of prices.</summary>
public enum RuleKind
{
    /// <summary>Nothing was said.</summary>
    None,

    /// <summary>No price below low or above high.</summary>
    Bounds,

    /// <summary>(price - cost) / price is at least least.</summary>
    Margin,

    /// <summary>Prices end in one of endings: 0.99.</summary>
    Ending,

    /// <summary>No price changes by more than the share most of what it is now.</summary>
    Change,

    /// <summary>At most most prices change.</summary>
    ChangeCount,

    /// <summary>The products are packs of one thing, smallest first: a larger one costs no less, and no more for each unit.</summary>
    Packs,

    /// <summary>The products cost at least the share least less than the product than.</summary>
    Below,

    /// <summary>Each product costs the same in all of the segments.</summary>
    SameInSegments,

    /// <summary>Within a segment the products cost the same.</summary>
    SameOfProducts,

    /// <summary>Profit on the products together is at least the share least of what they sell for.</summary>
    TotalMargin,

    /// <summary>Of the products together at least least units are sold.</summary>
    TotalUnits,
}

/// <summary>A rule that prices must keep.</summary>
public sealed record PricingRule : IValidatableObject
{
    /// <summary>What the rule asks; it says which of the other fields are needed.</summary>
    public required RuleKind Kind { get; init; }

    /// <summary>What the answer calls it; its kind and place in the list where none is given.</summary>
    public string? Name { get; init; }

    /// <summary>Ids of the products it holds for; all where none is named.</summary>
    public IReadOnlyList<string>? Products { get; init; }

    /// <summary>Segments it holds in; all where none is named.</summary>
    public IReadOnlyList<string>? Segments { get; init; }

    /// <summary>For bounds: lowest price allowed.</summary>
    public decimal? Low { get; init; }

    /// <summary>For bounds: highest price allowed.</summary>
    public decimal? High { get; init; }

    /// <summary>For margin, totalMargin and below: a share, 0.3 is 30 %. For totalUnits: units.</summary>
    public double? Least { get; init; }

    /// <summary>For change: a share, 0.1 is 10 %. For changeCount: a number of prices.</summary>
    public double? Most { get; init; }

    /// <summary>For ending: what comes after the last full unit of currency: 0.99, 0.49.</summary>
    public IReadOnlyList<decimal>? Endings { get; init; }

    /// <summary>For below: id of the product that is dearer.</summary>
    public string? Than { get; init; }

    /// <summary>True where keeping the rule takes a look at several prices at once.</summary>
    internal bool Couples => Kind is RuleKind.ChangeCount or RuleKind.Packs or RuleKind.Below or RuleKind.SameInSegments
        or RuleKind.SameOfProducts or RuleKind.TotalMargin or RuleKind.TotalUnits;

    internal bool Holds(string product, string segment) =>
        (Products is null || Products.Contains(product, StringComparer.Ordinal)) && (Segments is null || Segments.Contains(segment, StringComparer.Ordinal));

    /// <summary>Whether a price keeps a rule that looks at one price alone.</summary>
    internal bool Allows(PricedProduct product, decimal price) => Kind switch
    {
        RuleKind.Bounds => price >= (Low ?? 0) && price <= (High ?? decimal.MaxValue),
        RuleKind.Margin => price - product.Cost >= (decimal)Least!.Value * price,
        RuleKind.Ending => Endings!.Contains(price - decimal.Floor(price)),
        RuleKind.Change => product.CurrentPrice is not { } now || Math.Abs(price - now) <= (decimal)Most!.Value * now,
        _ => true,
    };

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) => Check().Select(reason => new ValidationResult(reason));

    private string[] Check() => Kind switch
    {
        RuleKind.Bounds => Low is null && High is null ? ["low or high is needed for a rule of kind bounds"]
            : Low < 0 || High < 0 || Low > High ? [FormattableString.Invariant($"low was {Low ?? 0} and high {(High is { } high ? high : "left out")}; both take 0 or more, and low may not be above high")] : [],
        RuleKind.Margin or RuleKind.TotalMargin => Within(Least, "least", 0, 1),
        RuleKind.Below => [.. Within(Least, "least", 0, 1), .. Than is null || Products is not { Count: > 0 } ? ["products and than are needed for a rule of kind below"] : Array.Empty<string>()],
        RuleKind.Ending => Endings is not { Count: > 0 } || Endings.Any(e => e is < 0 or >= 1) ? ["endings are needed for a rule of kind ending, each from 0 to less than 1: 0.99"] : [],
        RuleKind.Change => Within(Most, "most", 0, 10),
        RuleKind.ChangeCount => Within(Most, "most", 0, 1e9),
        RuleKind.TotalUnits => Within(Least, "least", 0, 1e15),
        RuleKind.Packs => Products is not { Count: > 1 } ? ["two products or more, smallest pack first, are needed for a rule of kind packs"] : [],
        RuleKind.SameOfProducts => Products is not { Count: > 1 } ? ["two products or more are needed for a rule of kind sameOfProducts"] : [],
        RuleKind.SameInSegments => [],
        _ => ["kind must be bounds, margin, ending, change, changeCount, packs, below, sameInSegments, sameOfProducts, totalMargin or totalUnits"],
    };

    private static string[] Within(double? value, string field, double low, double high) =>
        value >= low && value <= high ? []
            : [FormattableString.Invariant($"{field} {(value is { } number ? FormattableString.Invariant($"was {number}") : "is needed for this kind of rule")}; it takes {low} to {high:#,0}")];
}
