using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Pricing;

/// <summary>Finds the prices that earn most together, under stock and rules, given how demand answers to them.</summary>
/// <example>cartwright pricing optimize problem.json</example>
public sealed record OptimizeRequest
{
    /// <summary>Problem file: JSON with products, rules and penalty, as docs/pricing-problem.schema.json says.</summary>
    [PathField(IsPositional = true)]
    public string? Problem { get; init; }

    /// <summary>The products, each with its cost, the prices it may have and its demand.</summary>
    [ItemCount(1, 20_000)]
    public IReadOnlyList<PricedProduct>? Products { get; init; }

    /// <summary>What the prices must keep.</summary>
    [ItemCount(0, 10_000)]
    public IReadOnlyList<PricingRule>? Rules { get; init; }

    /// <summary>Cost of a high margin: penalty · (price - cost)² is taken off the profit of each price; 0 is profit alone.</summary>
    [Range(0.0, 1e12)]
    public double Penalty { get; init; }

    /// <summary>How long to search for the best prices; what was found by then is answered, with how far from the best it can be.</summary>
    [Range(1, 3600)]
    public int Seconds { get; init; } = 5;

    /// <summary>For how many sold-out products to say what one more unit would be worth. Each takes another search.</summary>
    [Range(0, 1000)]
    public int StockValues { get; init; } = 5;
}

/// <summary>A product whose price is to be found.</summary>
public sealed record PricedProduct : IValidatableObject
{
    private const decimal MostMoney = 1_000_000_000;
    private const double MostUnits = 1e12;

    /// <summary>The product.</summary>
    public required string Id { get; init; }

    /// <summary>What one unit costs the shop; 0 or more.</summary>
    public required decimal Cost { get; init; }

    /// <summary>Its price now; rules about changes look at it.</summary>
    public decimal? CurrentPrice { get; init; }

    /// <summary>The prices it may have, in any order. Where none are given any price is allowed and the best is found exactly; rules over several products need them.</summary>
    public IReadOnlyList<decimal>? Prices { get; init; }

    /// <summary>Lowest price allowed.</summary>
    public decimal? Floor { get; init; }

    /// <summary>Highest price allowed.</summary>
    public decimal? Ceiling { get; init; }

    /// <summary>Units that can be sold at most, over all segments; no limit where it is left out.</summary>
    public double? Stock { get; init; }

    /// <summary>Units in the pack, for rules of kind packs; more than 0.</summary>
    public double? PackSize { get; init; }

    /// <summary>In place of the problem's penalty; 0 or more.</summary>
    public double? Penalty { get; init; }

    /// <summary>Units wanted at each price: one curve, or one for each segment.</summary>
    public required IReadOnlyList<DemandCurve> Demand { get; init; }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) => Check().Take(3).Select(reason => new ValidationResult(reason));

    private IEnumerable<string> Check()
    {
        if (Id is not { Length: > 0 and <= 256 })
        {
            yield return "id is needed, with at most 256 characters";
        }

        foreach ((string field, decimal? money) in new (string, decimal?)[] { ("cost", Cost), ("currentPrice", CurrentPrice), ("floor", Floor), ("ceiling", Ceiling) })
        {
            if (money is < 0 or > MostMoney)
            {
                yield return FormattableString.Invariant($"{field} was {money}; it takes 0 to {MostMoney:#,0}");
            }
        }

        foreach ((string field, double? number, double most) in new (string, double?, double)[] { ("stock", Stock, MostUnits), ("packSize", PackSize, MostUnits), ("penalty", Penalty, (double)MostMoney) })
        {
            if (number is { } found && !(found >= 0 && found <= most && (found > 0 || field != "packSize")))
            {
                yield return FormattableString.Invariant($"{field} was {found}; it takes {(field == "packSize" ? "more than 0, at most" : "0 to")} {most:#,0}");
            }
        }

        if (Floor > Ceiling)
        {
            yield return FormattableString.Invariant($"floor {Floor} is above ceiling {Ceiling}");
        }

        if (Prices is { } prices)
        {
            if (prices.Count is 0 or > 1000)
            {
                yield return FormattableString.Invariant($"prices has {prices.Count} entries; it takes 1 to 1,000, or is left out");
            }
            else if (prices.Any(p => p is <= 0 or > MostMoney))
            {
                yield return FormattableString.Invariant($"prices has {prices.First(p => p is <= 0 or > MostMoney)}; each is more than 0, at most {MostMoney:#,0}");
            }
            else if (prices.GroupBy(p => p).FirstOrDefault(same => same.Count() > 1) is { } twice)
            {
                yield return FormattableString.Invariant($"prices has {twice.Key} more than once");
            }
        }

        if (Demand is not { Count: > 0 } || Demand.Any(d => d is null))
        {
            yield return "demand is needed: one curve or more";
            yield break;
        }

        if (Demand.Select(d => d.Segment ?? "").Distinct(StringComparer.Ordinal).Count() < Demand.Count)
        {
            yield return "each curve of demand needs a segment of its own";
        }

        foreach (string reason in Demand.SelectMany((d, i) => d.Check().Select(reason => $"demand[{i}].{reason}")))
        {
            yield return reason;
        }

        for (int i = 0; i < Demand.Count; i++)
        {
            if (Demand[i] is { Kind: DemandKind.Units, Units: { } units } && units.Count != (Prices?.Count ?? 0))
            {
                yield return $"demand[{i}].units has {units.Count} entries; it takes one for each of the {Prices?.Count ?? 0} prices";
            }
        }
    }
}

/// <param name="Status">"optimal": no better prices exist. "feasible": there may be, by the gap at most. "infeasible": no prices keep all rules.</param>
/// <param name="Solver">What found the prices: the solver with its version, "greedy" where none is installed, "exact" where each price could be found alone.</param>
/// <param name="Profit">What the prices earn, penalties taken off; null where there are none.</param>
/// <param name="Bound">No prices that keep the rules earn more than this.</param>
/// <param name="Gap">Share by which the bound is above the profit.</param>
/// <param name="Seconds">Time that the search took.</param>
/// <param name="Prices">By product in the order of the problem, then segment.</param>
/// <param name="StockValues">What one more unit of products that sell out would be worth.</param>
/// <param name="Conflict">Where there are no prices: rules that can't be kept together; with any one of them gone, the rest of these could.</param>
/// <param name="Note">What to know about the answer, in words.</param>
public sealed record OptimizeResponse(string Status, string Solver, double? Profit, double? Bound, double? Gap, double Seconds,
    IReadOnlyList<OptimizedPrice> Prices, IReadOnlyList<StockValue> StockValues, IReadOnlyList<string> Conflict, string Note);

/// <param name="ProductId">The product.</param>
/// <param name="Segment">Empty where it has one curve of demand.</param>
/// <param name="Price">The price to set.</param>
/// <param name="CurrentPrice">The price now, where the problem says it.</param>
/// <param name="Demand">Units wanted at the price.</param>
/// <param name="Units">Units sold: no more than there are.</param>
/// <param name="Profit">What they earn, the penalty taken off.</param>
/// <param name="HeldBy">The rules without which another price might earn more here; empty where it is the best by itself.</param>
public sealed record OptimizedPrice(string ProductId, string Segment, decimal Price, decimal? CurrentPrice, double Demand, double Units, double Profit, IReadOnlyList<string> HeldBy);

/// <param name="ProductId">A product that sells out.</param>
/// <param name="Stock">Units there are.</param>
/// <param name="OneMore">Profit gained with one more unit and the prices that are best then; null where the time did not suffice to tell.</param>
public sealed record StockValue(string ProductId, double Stock, double? OneMore);
