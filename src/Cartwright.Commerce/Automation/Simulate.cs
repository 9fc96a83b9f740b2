using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Automation;

/// <summary>Lets the default rules run live on a simulated shop, beside the same shop on the same days with the same luck that is looked after by hand.</summary>
/// <example>cartwright automation simulate --days 60</example>
public sealed record SimulateRequest
{
    /// <summary>Days that automation looks after.</summary>
    [Range(2, 600)]
    public int Days { get; init; } = 60;

    /// <summary>Days before them on which the shop goes on by itself; what is learned is learned from them.</summary>
    [Range(60, 1_000)]
    public int HistoryDays { get; init; } = 120;

    /// <summary>Products of the simulated shop.</summary>
    [Range(10, 1_000)]
    public int Products { get; init; } = 60;

    /// <summary>Shoppers of the simulated shop.</summary>
    [Range(100, 100_000)]
    public int Shoppers { get; init; } = 1_500;

    /// <summary>Shops that are tried, each of another seed; the intervals are over them.</summary>
    [Range(1, 100)]
    public int Shops { get; init; } = 5;

    /// <summary>Share of the price that must be left above cost.</summary>
    [Range(0.0, 0.95)]
    public double LeastMargin { get; init; } = 0.1;

    /// <summary>Share of the price by which it may change in a day.</summary>
    [Range(0.001, 1.0)]
    public double MostStep { get; init; } = 0.1;

    /// <summary>Money that orders of a day may cost together.</summary>
    [Range(0.0, 1_000_000_000.0)]
    public double MostOrderedPerDay { get; init; } = 20_000;

    /// <summary>Passes of the recurrent forecaster over the sales; more take longer.</summary>
    [Range(1, 100)]
    public int Epochs { get; init; } = 2;

    /// <summary>Seed of the first shop; the others follow it. Same seed, same shops and same days.</summary>
    public int Seed { get; init; } = 1;
}

/// <param name="Days">Days that automation looked after.</param>
/// <param name="Shops">What each shop came to.</param>
/// <param name="Figures">Off against on, with the interval of the difference over the shops.</param>
/// <param name="Changes">Changes that automation made, in all shops.</param>
/// <param name="GuardrailsBroken">Prices and orders that broke a limit or guardrail; each was checked from what the shop did, not from what automation says.</param>
/// <param name="Untraced">Prices and orders that changed without a line in the journal that says from what to what.</param>
/// <param name="Undone">Changes that were undone at the end.</param>
/// <param name="NotUndone">Changes whose way back had closed: orders that were delivered, versions that are no longer kept.</param>
/// <param name="NotRestored">Values that were not exactly as before after that.</param>
/// <param name="Off">What the shop without automation does.</param>
public sealed record SimulateResponse(int Days, IReadOnlyList<TrialOutcome> Shops, IReadOnlyList<TrialFigure> Figures, int Changes, int GuardrailsBroken, int Untraced,
    int Undone, int NotUndone, int NotRestored, string Off);

/// <param name="Name">"profit", "revenue", "stockOutShare" (of product days that ended with an empty shelf), "lostShare" (of the units that were wanted), "holdingCost", "orderCost" or "slotReward" (visits in which something of the first place went into the cart).</param>
/// <param name="Off">Mean over the shops without automation; money over all days.</param>
/// <param name="On">The same with it.</param>
/// <param name="Difference">Mean of on less off: a share of off for money, else as it is.</param>
/// <param name="Low">Lower end of its 95 % interval over the shops; null for one shop.</param>
/// <param name="High">Upper end.</param>
public sealed record TrialFigure(string Name, double Off, double On, double Difference, double? Low, double? High);

/// <param name="Seed">The shop's.</param>
/// <param name="Off">Without automation.</param>
/// <param name="On">With it.</param>
/// <param name="Changes">Changes that automation made.</param>
public sealed record TrialOutcome(int Seed, TrialSums Off, TrialSums On, int Changes);

/// <param name="Profit">Price less cost of what sold, less the costs of holding stock and of placing orders.</param>
/// <param name="Revenue">What was paid.</param>
/// <param name="Units">Units sold.</param>
/// <param name="StockOutShare">Share of product days that ended with an empty shelf.</param>
/// <param name="LostShare">Share of the units that were wanted and not there.</param>
/// <param name="HoldingCost">Of the stock.</param>
/// <param name="OrderCost">Of placing orders.</param>
/// <param name="SlotReward">Share of the visits in which something of the first place went into the cart.</param>
public sealed record TrialSums(double Profit, double Revenue, long Units, double StockOutShare, double LostShare, double HoldingCost, double OrderCost, double SlotReward);
