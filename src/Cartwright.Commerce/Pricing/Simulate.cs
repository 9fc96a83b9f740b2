using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Pricing;

/// <summary>Tries daily repricing on a simulated shop, beside an oracle that knows demand, cost-plus prices and prices that never change.</summary>
/// <example>cartwright pricing simulate --days 60</example>
public sealed record SimulateRequest
{
    /// <summary>Days that are repriced.</summary>
    [Range(1, 3600)]
    public int Days { get; init; } = 60;

    /// <summary>Days before them on which the shop prices by itself; repricing learns its first beliefs from them.</summary>
    [Range(0, 3600)]
    public int HistoryDays { get; init; } = 120;

    /// <summary>Products of the simulated shop.</summary>
    [Range(1, 100_000)]
    public int Products { get; init; } = 500;

    /// <summary>Shoppers of the simulated shop: more of them sell more of each product, and so teach more.</summary>
    [Range(1, 10_000_000)]
    public int Shoppers { get; init; } = 10_000;

    /// <summary>What cost-plus adds to the cost: 0.5 is 50 %.</summary>
    [Range(0.01, 10.0)]
    public double Markup { get; init; } = 0.5;

    /// <summary>Share of the price that must be left above cost.</summary>
    [Range(0.0, 0.95)]
    public double LeastMargin { get; init; } = 0.1;

    /// <summary>Share by which a price may be above the usual one.</summary>
    [Range(0.0, 10.0)]
    public double MostAboveUsual { get; init; } = 0.5;

    /// <summary>Share of the price by which it may change in a day.</summary>
    [Range(0.001, 1.0)]
    public double MostStep { get; init; } = 0.1;

    /// <summary>Random shops, guardrails and sales on which every proposal is checked against the guardrails.</summary>
    [Range(0, 1_000_000)]
    public int GuardrailRuns { get; init; } = 10_000;

    /// <summary>Same seed, same shop and same draws.</summary>
    public int Seed { get; init; } = 1;
}

/// <param name="Days">Days that were repriced.</param>
/// <param name="Products">Products of the shop.</param>
/// <param name="Policies">What each way of pricing earned.</param>
/// <param name="ShareOfOracle">Profit of repricing as a share of the oracle's, over all days.</param>
/// <param name="ShareOfOracleAtEnd">The same over the last fourteen days.</param>
/// <param name="AboveCostPlus">Share by which repricing earned more than cost-plus.</param>
/// <param name="GuardrailRuns">Random runs in which every proposal was checked.</param>
/// <param name="Proposals">Proposals that were checked in them.</param>
/// <param name="GuardrailsBroken">Those that broke a guardrail.</param>
public sealed record SimulateResponse(int Days, int Products, IReadOnlyList<PolicyOutcome> Policies, double ShareOfOracle, double ShareOfOracleAtEnd,
    double AboveCostPlus, int GuardrailRuns, long Proposals, long GuardrailsBroken);

/// <param name="Policy">"reprice", "oracle", "cost-plus", "best-cost-plus" (the one markup that would have earned most) or "unchanged".</param>
/// <param name="Profit">Price less cost of all units sold over the days.</param>
/// <param name="Units">Units sold.</param>
/// <param name="Markup">For the two that add one markup to every cost.</param>
public sealed record PolicyOutcome(string Policy, double Profit, long Units, double? Markup);
