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
    /// <summary>Beyond it profits no longer fit a number that can be trusted to the cent.</summary>
    private const double Most = 1e12;
    private const int LeastElasticity = -100;
    private const int MostUtility = 1000;

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
            : Units.Any(u => u is not (>= 0 and <= Most)) ? [FormattableString.Invariant($"units[{Units.TakeWhile(u => u is >= 0 and <= Most).Count()}] was {Units.First(u => u is not (>= 0 and <= Most))}; it takes 0 to {Most:#,0}")] : [],
        DemandKind.Linear => [.. Positive(Intercept, "intercept"), .. Positive(Slope, "slope")],
        DemandKind.Elasticity => [.. Positive(ReferenceUnits, "referenceUnits"), .. Positive(ReferencePrice, "referencePrice"), .. Elasticity is < 0 and >= LeastElasticity ? Array.Empty<string>() : [$"elasticity {Found(Elasticity)}; it takes {LeastElasticity} to less than 0"]],
        DemandKind.Logit => [.. Positive(MarketSize, "marketSize"), .. Positive(Sensitivity, "sensitivity"),
            .. Utility is >= -MostUtility and <= MostUtility ? Array.Empty<string>() : [$"utility {Found(Utility)}; it takes {-MostUtility} to {MostUtility}"]],
        _ => ["kind must be units, linear, elasticity or logit"],
    };

    private static string[] Positive(double? value, string field) =>
        value is > 0 and <= Most ? [] : [FormattableString.Invariant($"{field} {Found(value)}; it takes more than 0, at most {Most:#,0}")];

    private static string Found(double? value) => value is { } number ? FormattableString.Invariant($"was {number}") : "is needed for this kind of demand";
}
