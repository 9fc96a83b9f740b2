using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Finds what spoils the shop's figures: bots, broken tracking, and rows that can't be true.</summary>
/// <example>cartwright behavior anomalies --count 20</example>
public sealed record AnomaliesRequest
{
    /// <summary>Shop folder to read into memory; the shop's own data where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Findings listed, the strangest first.</summary>
    [Range(1, 10_000)]
    public int Count { get; init; } = 100;

    /// <summary>Same seed and same data give the same findings.</summary>
    public int Seed { get; init; } = 1;
}

/// <param name="Results">The strangest first.</param>
/// <param name="Counts">Findings of each kind, those that are not listed too.</param>
/// <param name="Summary">What it says, in a sentence or two.</param>
public sealed record AnomaliesResponse(IReadOnlyList<Anomaly> Results, IReadOnlyList<AnomalyCount> Counts, string Summary);

/// <param name="Kind">What is wrong.</param>
/// <param name="Findings">How many are such.</param>
/// <param name="Rows">Interactions in them.</param>
public sealed record AnomalyCount(AnomalyKind Kind, int Findings, long Rows);

/// <summary>Something that should not be in the data: what, who or when, how strange, and which numbers say so.</summary>
public sealed record Anomaly
{
    public required AnomalyKind Kind { get; init; }

    /// <summary>The day it happened on, or the first of them; null where none is known.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>Who did it, where it is somebody who is signed in.</summary>
    public string? ShopperId { get; init; }

    /// <summary>The session, where nobody is signed in.</summary>
    public string? SessionId { get; init; }

    /// <summary>The product it is about.</summary>
    public string? ProductId { get; init; }

    /// <summary>What was done, where only that kind of interactions is concerned.</summary>
    public InteractionKind? Of { get; init; }

    /// <summary>Interactions that are concerned; of those that are missing, about how many.</summary>
    public required long Rows { get; init; }

    /// <summary>How many usual deviations it lies from the usual, 100 at most; 100 where it can't be at all.</summary>
    public required double Score { get; init; }

    /// <summary>Which numbers are strange, and what is usual.</summary>
    public required string Reason { get; init; }
}

/// <summary>What can be wrong with a shop's data.</summary>
public enum AnomalyKind
{
    /// <summary>A visitor who is no person.</summary>
    Bot,

    /// <summary>A day on which interactions were recorded twice.</summary>
    RepeatedEvents,

    /// <summary>A day on which interactions lost their session.</summary>
    MissingSessions,

    /// <summary>A day on which a kind of interactions, or all, were not recorded.</summary>
    MissingEvents,

    /// <summary>A visit at a time that is still to come, or long before all others.</summary>
    WrongTime,

    /// <summary>A price that the product never had.</summary>
    WrongPrice,

    /// <summary>A quantity that nobody buys.</summary>
    WrongQuantity,

    /// <summary>A product that the catalog does not describe.</summary>
    UnknownProduct,

    /// <summary>A row that the import could not take.</summary>
    RejectedRow,
}
