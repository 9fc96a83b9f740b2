using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Automation;

/// <summary>How the shop does, and what should be done now, the most urgent first and then what brings most.</summary>
/// <example>cartwright automation advise</example>
public sealed record AdviseRequest
{
    /// <summary>Longest list of advice.</summary>
    [Range(1, 100)]
    public int Count { get; init; } = 20;

    /// <summary>Days looked back at; as many before them are compared with.</summary>
    [Range(1, 1_000)]
    public int Days { get; init; } = 30;
}

/// <param name="Summary">How the shop does, in one or two sentences.</param>
/// <param name="Performance">The figures behind it; null where nothing has happened yet, or times only keep an order.</param>
/// <param name="Results">What should be done.</param>
/// <param name="Unseen">What could not be looked at, and why.</param>
public sealed record AdviseResponse(string Summary, ShopPerformance? Performance, IReadOnlyList<Advice> Results, IReadOnlyList<string> Unseen);

/// <summary>What a span of days brought, beside the span of the same length before it.</summary>
/// <param name="From">First day, in the shop's time zone.</param>
/// <param name="To">Last day, the last on which anything is known.</param>
/// <param name="Revenue">Of purchases, before returns, in the shop's currency.</param>
/// <param name="RevenueBefore">Of the days before; null where they are not all known.</param>
/// <param name="Purchases">Lines bought.</param>
/// <param name="PurchasesBefore">Of the days before; null where they are not all known.</param>
/// <param name="Shoppers">Who did anything.</param>
/// <param name="Views">Product pages seen.</param>
public sealed record ShopPerformance(DateOnly From, DateOnly To, string Currency, decimal Revenue, decimal? RevenueBefore,
    long Purchases, long? PurchasesBefore, int Shoppers, long Views)
{
    /// <summary>Change of the revenue against the days before, 0.08 for 8 % more; null where it can't be told.</summary>
    public double? RevenueChange => RevenueBefore is > 0 ? (double)((Revenue / RevenueBefore.Value) - 1) : null;
}
