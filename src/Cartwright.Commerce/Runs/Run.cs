namespace Cartwright.Commerce.Runs;

public enum RunStatus
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Canceled,

    /// <summary>The process ended while it ran; it can be resumed.</summary>
    Interrupted,
}

/// <summary>One piece of long work: a training, an import, an evaluation.</summary>
public sealed record Run
{
    public required string Id { get; init; }

    /// <summary>Slice and verb, as on the command line: "recommendation", "train".</summary>
    public required string Slice { get; init; }

    public required string Verb { get; init; }

    /// <summary>The request record as JSON.</summary>
    public required string Request { get; init; }

    public RunStatus Status { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public RunProgress? Progress { get; init; }

    /// <summary>The response record as JSON, once it succeeded.</summary>
    public string? Result { get; init; }

    /// <summary>What went wrong and what to do, once it failed.</summary>
    public string? Error { get; init; }
}

/// <summary>How far a run is.</summary>
/// <param name="Stage">What is being done, in the merchant's words: "training sasrec".</param>
/// <param name="Done">How much of <paramref name="Total"/> is done, in <paramref name="Unit"/>.</param>
/// <param name="Total">0 where the end is not known.</param>
/// <param name="Unit">"epochs", "rows", "shoppers".</param>
public sealed record RunProgress(string Stage, double Done, double Total, string Unit)
{
    /// <summary>Numbers that change as the run goes on, by name: "loss", "ndcg@10". One point of the live chart.</summary>
    public IReadOnlyDictionary<string, double> Values { get; init; } = EmptyValues;

    private static readonly IReadOnlyDictionary<string, double> EmptyValues =
        new Dictionary<string, double>(StringComparer.Ordinal).AsReadOnly();
}

/// <summary>A point on a run's chart.</summary>
public sealed record RunPoint(DateTimeOffset At, RunProgress Progress);
