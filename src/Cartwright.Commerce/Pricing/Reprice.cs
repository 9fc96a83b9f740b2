using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Pricing;

/// <summary>Proposes tomorrow's prices from sales (purchases where there are none), stock and competitors, within a floor, a ceiling and a step. Proposals wait for approval.</summary>
/// <example>cartwright pricing reprice --most-step 0.05</example>
public sealed record RepriceRequest
{
    /// <summary>Products to reprice; all with a price and a cost where none is named.</summary>
    [ItemCount(1, 10_000)]
    public IReadOnlyList<string>? ProductIds { get; init; }

    /// <summary>Share of the price that must be left above cost.</summary>
    [Range(0.0, 0.95)]
    public double LeastMargin { get; init; } = 0.1;

    /// <summary>Share by which a price may be above the usual one, the median of its sales.</summary>
    [Range(0.0, 10.0)]
    public double MostAboveUsual { get; init; } = 0.5;

    /// <summary>Share of the price by which it may change at once.</summary>
    [Range(0.001, 1.0)]
    public double MostStep { get; init; } = 0.1;

    /// <summary>Days until the next delivery, over which stock must last.</summary>
    [Range(1, 100)]
    public int CoverDays { get; init; } = 7;

    /// <summary>Days of sales to learn from, up to the last one.</summary>
    [Range(14, 3600)]
    public int HistoryDays { get; init; } = 180;

    /// <summary>Same seed, same draws, same proposals.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Answers what would be proposed and keeps none of it.</summary>
    public bool DryRun { get; init; }
}

/// <param name="Proposals">Prices that differ from those now, largest expected gain first; they wait. Their demand is kept with them and left out here.</param>
/// <param name="Unchanged">Products whose price is best left as it is.</param>
/// <param name="Skipped">Products without a proposal, each with the reason.</param>
/// <param name="ModelVersion">What computed them.</param>
public sealed record RepriceResponse(IReadOnlyList<PriceProposal> Proposals, int Unchanged, IReadOnlyList<SkippedProduct> Skipped, string ModelVersion);

/// <param name="ProductId">The product.</param>
/// <param name="Reason">Why it has no proposal.</param>
public sealed record SkippedProduct(string ProductId, string Reason);

/// <summary>Lists proposed prices, newest first.</summary>
/// <example>cartwright pricing proposals --status waiting</example>
public sealed record ProposalsRequest
{
    /// <summary>Only those of this status; all where none is given.</summary>
    public ProposalStatus? Status { get; init; }

    /// <summary>How many at most.</summary>
    [Range(1, 10_000)]
    public int Count { get; init; } = 100;

    /// <summary>Gives the demand that each was made from: what is believed to be wanted at prices around it.</summary>
    public bool WithDemand { get; init; }
}

/// <summary>Sets products to their proposed prices.</summary>
/// <example>cartwright pricing approve --proposal-ids 20260301-p-17</example>
public sealed record ApproveRequest
{
    /// <summary>Proposals that wait.</summary>
    [ItemCount(1, 10_000)]
    public required IReadOnlyList<string> ProposalIds { get; init; }
}

/// <summary>Decides against proposed prices.</summary>
/// <example>cartwright pricing reject --proposal-ids 20260301-p-17</example>
public sealed record RejectRequest
{
    /// <summary>Proposals that wait.</summary>
    [ItemCount(1, 10_000)]
    public required IReadOnlyList<string> ProposalIds { get; init; }
}

/// <summary>Brings back the prices before proposals were approved.</summary>
/// <example>cartwright pricing undo --proposal-ids 20260301-p-17</example>
public sealed record UndoRequest
{
    /// <summary>Proposals that were approved.</summary>
    [ItemCount(1, 10_000)]
    public required IReadOnlyList<string> ProposalIds { get; init; }
}

/// <param name="Proposals">The proposals as they are now.</param>
public sealed record ProposalsResponse(IReadOnlyList<PriceProposal> Proposals);
