using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Pricing;

/// <summary>The form of a demand curve.</summary>
public enum DemandKind
{
    /// <summary>Nothing was said.</summary>
    None,

    /// <summary>Units are listed, one figure for each price of the product.</summary>
    Units,

    /// <summary>intercept - slope · price, never below 0.</summary>
    Linear,

    /// <summary>referenceUnits · (price / referencePrice) ^ elasticity.</summary>
    Elasticity,

    /// <summary>marketSize / (1 + exp(sensitivity · price - utility)).</summary>
    Logit,
}

/// <summary>How many units of a product are wanted at a price, in the time the prices hold.</summary>
public sealed record DemandCurve : IValidatableObject
{
    /// <summary>Who buys: "web", "members". May be left out where a product has one curve.</summary>
    public string? Segment { get; init; }

    /// <summary>Form of the curve; it says which of the other fields are needed.</summary>
    public required DemandKind Kind { get; init; }

    /// <summary>For units: what is wanted at each of the product's prices, in their order; 0 or more.</summary>
    public IReadOnlyList<double>? Units { get; init; }

    /// <summary>For linear: units wanted at price 0; more than 0.</summary>
    public double? Intercept { get; init; }

    /// <summary>For linear: units lost for each unit of currency; more than 0.</summary>
    public double? Slope { get; init; }

    /// <summary>For elasticity: units wanted at the reference price; more than 0.</summary>
    public double? ReferenceUnits { get; init; }

    /// <summary>For elasticity: a price; more than 0.</summary>
    public double? ReferencePrice { get; init; }

    /// <summary>For elasticity: percent that demand changes by where the price rises by one percent; below 0.</summary>
    public double? Elasticity { get; init; }

    /// <summary>For logit: units wanted if everybody bought; more than 0.</summary>
    public double? MarketSize { get; init; }

    /// <summary>For logit: how much the product is worth to them at price 0, in log odds of buying.</summary>
    public double? Utility { get; init; }

    /// <summary>For logit: log odds of buying lost for each unit of currency; more than 0.</summary>
    public double? Sensitivity { get; init; }

    /// <summary>Units wanted at a price; not for a curve that lists them.</summary>
    internal double At(double price) => Kind switch
    {
        DemandKind.Linear => Math.Max(0, Intercept!.Value - (Slope!.Value * price)),
        DemandKind.Elasticity => ReferenceUnits!.Value * Math.Pow(price / ReferencePrice!.Value, Elasticity!.Value),
        DemandKind.Logit => MarketSize!.Value / (1 + Math.Exp((Sensitivity!.Value * price) - Utility!.Value)),
        _ => throw new InvalidOperationException($"A curve of kind {Kind} has units at listed prices alone."),
    };

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) => Check().Select(reason => new ValidationResult(reason));

    internal IEnumerable<string> Check() => Kind switch
    {
        DemandKind.Units => Units is not { Count: > 0 } ? ["units are needed for demand of kind units: one figure for each price"]
            : Units.Any(u => !double.IsFinite(u) || u < 0) ? ["units must be 0 or more"] : [],
        DemandKind.Linear => [.. Positive(Intercept, "intercept"), .. Positive(Slope, "slope")],
        DemandKind.Elasticity => [.. Positive(ReferenceUnits, "referenceUnits"), .. Positive(ReferencePrice, "referencePrice"), .. Positive(-Elasticity, "elasticity", "below 0")],
        DemandKind.Logit => [.. Positive(MarketSize, "marketSize"), .. Positive(Sensitivity, "sensitivity"),
            .. Utility is { } utility && double.IsFinite(utility) ? Array.Empty<string>() : ["utility is needed for demand of kind logit"]],
        _ => ["kind must be units, linear, elasticity or logit"],
    };

    private static string[] Positive(double? value, string field, string range = "more than 0") =>
        value is > 0 and < double.PositiveInfinity ? [] : [$"{field} is needed for this kind of demand and must be {range}"];
}
