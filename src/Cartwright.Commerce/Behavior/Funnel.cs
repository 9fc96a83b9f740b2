using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>How many go from one step to the next, and where they drop out.</summary>
/// <example>cartwright behavior funnel --steps view,cart,purchase --by session</example>
public sealed record FunnelRequest
{
    /// <summary>Shop folder to read into memory; the shop's own data where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Kinds of interactions in their order; others may lie between them.</summary>
    [ItemCount(2, 20)]
    public IReadOnlyList<InteractionKind> Steps { get; init; } = [InteractionKind.View, InteractionKind.Cart, InteractionKind.Purchase];

    /// <summary>Who goes through it: "session" or "shopper".</summary>
    [FunnelUnit]
    public string By { get; init; } = "session";

    /// <summary>Hours from the first step to the last, at most; no limit where it is not given.</summary>
    [Range(0.01, 100_000)]
    public double? Hours { get; init; }

    /// <summary>Only what was done from this day on.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Only what was done up to this day, itself included.</summary>
    public DateOnly? To { get; init; }
}

/// <param name="Steps">In their order.</param>
/// <param name="LargestLoss">Number of the step at which the largest share is lost, from 2; null where nobody took the first.</param>
/// <param name="Summary">What it says, in a sentence.</param>
public sealed record FunnelResponse(IReadOnlyList<FunnelStep> Steps, int? LargestLoss, string Summary);

/// <param name="Kind">What is done.</param>
/// <param name="Count">How many got this far.</param>
/// <param name="OfFirst">Share of those who took the first step, from 0 to 1.</param>
/// <param name="OfPrevious">Share of those who took the step before.</param>
/// <param name="MedianMinutes">Time from the step before, for half of those who took it; null at the first step and where nobody took it.</param>
public sealed record FunnelStep(InteractionKind Kind, long Count, double OfFirst, double OfPrevious, double? MedianMinutes);

/// <summary>"session" or "shopper".</summary>
internal sealed class FunnelUnitAttribute() : OneOfAttribute("unit of a funnel")
{
    protected override IReadOnlyCollection<string> Allowed => ["session", "shopper"];
}
