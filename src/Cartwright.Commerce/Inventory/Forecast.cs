using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Inventory;

/// <summary>How much of each product will sell after the last day of sales, with an interval.</summary>
/// <example>cartwright inventory forecast --product-ids p-17 --horizon 14</example>
public sealed record ForecastRequest
{
    /// <summary>Products to forecast; those that will sell most where none is named.</summary>
    [ItemCount(0, 1_000)]
    public IReadOnlyList<string>? ProductIds { get; init; }

    /// <summary>One store; every store where none is named.</summary>
    public string? Store { get; init; }

    /// <summary>Periods to forecast; as many as were trained for where none is said.</summary>
    [Range(1, 400)]
    public int? Horizon { get; init; }

    /// <summary>Days on which the products will be promoted, as 2026-03-14; none where none is said.</summary>
    [ItemCount(0, 400)]
    public IReadOnlyList<DateOnly>? PromotedDates { get; init; }

    /// <summary>
    /// What is planned for days to come: prices, promotions and columns named known_…; what is not said stays as it was, without a promotion and with 0.
    /// </summary>
    [ItemCount(0, 100_000)]
    public IReadOnlyList<PlannedSale>? Plan { get; init; }

    /// <summary>The same as a CSV file: date, product, store, price, promoted and known_… columns as in sales.csv.</summary>
    [PathField]
    public string? PlanFile { get; init; }

    /// <summary>Periods of past sales that the answer shows beside the forecast.</summary>
    [Range(0, 400)]
    public int HistoryCount { get; init; }

    /// <summary>Longest list.</summary>
    [Range(1, 1_000)]
    public int Count { get; init; } = 20;
}

/// <summary>What is planned for one product on one day to come.</summary>
public sealed record PlannedSale : IValidatableObject
{
    public required DateOnly Date { get; init; }

    public required string ProductId { get; init; }

    /// <summary>Store id; every store that sells it where it is empty.</summary>
    public string Store { get; init; } = "";

    /// <summary>Price of one unit, in the shop's currency; the last one known where none is said.</summary>
    public decimal? Price { get; init; }

    /// <summary>Share under a promotion, from 0 to 1.</summary>
    public double? Promoted { get; init; }

    /// <summary>Columns that are planned ahead, named as in sales.csv: known_holiday.</summary>
    public IReadOnlyDictionary<string, string> Known { get; init; } = EmptyAttributes.Instance;

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        var sale = new Sale { Date = Date, Product = ProductId, Store = Store, Units = 0, Price = Price, Promoted = Promoted, Covariates = Known };
        if (CatalogRules.Check(sale) is { } reason)
        {
            yield return CatalogRules.Result<PlannedSale>(reason.StartsWith("product ", StringComparison.Ordinal) ? reason.Replace("product ", "productId ", StringComparison.Ordinal) : reason);
        }
    }
}

/// <param name="Period">How long a period is.</param>
/// <param name="Results">Those that will sell most first.</param>
/// <param name="Version">The model version that answered.</param>
public sealed record ForecastResponse(DemandPeriod Period, IReadOnlyList<ProductForecast> Results, string Version);

/// <param name="Store">Empty for a shop with one store.</param>
/// <param name="Total">Units expected over all periods.</param>
/// <param name="Low">Four of five such totals lie above this or on it.</param>
/// <param name="High">And below this or on it.</param>
/// <param name="Periods">Oldest first; days on which it will be closed are left out.</param>
public sealed record ProductForecast(string ProductId, string Store, double Total, double Low, double High, IReadOnlyList<PeriodForecast> Periods)
{
    /// <summary>What was sold last, oldest first; empty unless asked for.</summary>
    public IReadOnlyList<PeriodSales> History { get; init; } = [];
}

/// <param name="Date">The day, or the first day of the week.</param>
/// <param name="Units">Null where nothing is known of it: it was closed.</param>
public sealed record PeriodSales(DateOnly Date, double? Units);

/// <param name="Date">The day, or the first day of the week.</param>
/// <param name="Units">Units expected; those of all periods sum to the total.</param>
/// <param name="Low">Four of five times more than this is asked for, or as much.</param>
/// <param name="High">And less than this, or as much.</param>
public sealed record PeriodForecast(DateOnly Date, double Units, double Low, double High);
