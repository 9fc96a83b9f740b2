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

    /// <summary>Periods of past sales that the answer shows beside the forecast.</summary>
    [Range(0, 400)]
    public int HistoryCount { get; init; }

    /// <summary>Longest list.</summary>
    [Range(1, 1_000)]
    public int Count { get; init; } = 20;
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
/// <param name="Units">The forecast.</param>
/// <param name="Low">Four of five times more than this is asked for, or as much.</param>
/// <param name="High">And less than this, or as much.</param>
public sealed record PeriodForecast(DateOnly Date, double Units, double Low, double High);
