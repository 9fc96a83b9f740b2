namespace Cartwright.Commerce.Automation;

/// <summary>A verb with its request as JSON.</summary>
/// <param name="Slice">As on the command line: "pricing".</param>
/// <param name="Verb">As on the command line: "approve".</param>
/// <param name="Request">The request record, as over HTTP.</param>
public sealed record VerbCall(string Slice, string Verb, string Request);

/// <summary>What became of a change.</summary>
public enum ChangeState
{
    /// <summary>A dry run would have made it.</summary>
    DryRun,

    /// <summary>It waits for somebody's word.</summary>
    Waiting,

    /// <summary>It is being made, or the process ended while it was.</summary>
    Applying,

    /// <summary>It was made.</summary>
    Done,

    /// <summary>It was refused by the verb; nothing was changed.</summary>
    Failed,

    /// <summary>Somebody decided against it.</summary>
    Rejected,

    /// <summary>It lay beyond a limit of the rule.</summary>
    Held,

    /// <summary>A newer run of the rule came before a decision.</summary>
    Replaced,

    /// <summary>It is being taken back.</summary>
    Undoing,

    /// <summary>What was before came back.</summary>
    Undone,
}

/// <summary>One change that a rule made, or would have made: what, from what to what, why, and how it is taken back.</summary>
public sealed record AutomationChange
{
    /// <summary>Names it for approve, reject and undo.</summary>
    public required string Id { get; init; }

    /// <summary>The run of the rule that it came from.</summary>
    public required string RunId { get; init; }

    public required string RuleId { get; init; }

    /// <summary>When it was written down.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>"price", "order", "version" or "call".</summary>
    public required string Kind { get; init; }

    /// <summary>What is changed: a product's id, or a slice whose version it is.</summary>
    public required string Subject { get; init; }

    /// <summary>The value before; null where there was none.</summary>
    public string? Before { get; init; }

    /// <summary>The value after; null where only doing it tells.</summary>
    public string? After { get; init; }

    /// <summary>Share by which the value changes: 0.05 is 5 % up; null where it is no number.</summary>
    public double? Share { get; init; }

    /// <summary>What it costs, in the shop's currency; null where it costs nothing.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Why { get; init; }

    /// <summary>The call that makes it.</summary>
    public required VerbCall Apply { get; init; }

    /// <summary>The call that takes it back; null where nothing does.</summary>
    public VerbCall? Undo { get; init; }

    public required ChangeState State { get; init; }

    /// <summary>When the state became what it is.</summary>
    public required DateTimeOffset StateAt { get; init; }

    /// <summary>When the change was made; null where it was not. It stays when the change is undone.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>What is to be said of the state: the limit that held it, the refusal of the verb.</summary>
    public string? Note { get; init; }
}

/// <summary>A state that a change was in.</summary>
/// <param name="Note">What was to be said of it.</param>
public sealed record ChangeStep(string ChangeId, DateTimeOffset At, ChangeState State, string? Note);

/// <summary>What became of one firing of a rule.</summary>
public enum RuleOutcome
{
    /// <summary>It works, or the process ended while it did.</summary>
    Running,

    /// <summary>It looked, and wrote down what it did or would do.</summary>
    Done,

    /// <summary>A condition did not hold.</summary>
    ConditionsNotMet,

    /// <summary>Automation was stopped.</summary>
    Stopped,

    /// <summary>The verb refused.</summary>
    Failed,

    /// <summary>The process ended before it did.</summary>
    Interrupted,
}

/// <summary>One firing of a rule, and what came of it.</summary>
public sealed record RuleRun
{
    public required string Id { get; init; }

    public required string RuleId { get; init; }

    /// <summary>What fired it: a planned time, a run, a day of drift, or somebody's hand. A rule runs once for each.</summary>
    public required string Firing { get; init; }

    public required DateTimeOffset At { get; init; }

    public required RuleMode Mode { get; init; }

    public RuleOutcome Outcome { get; init; }

    /// <summary>The measures that its conditions looked at.</summary>
    public IReadOnlyDictionary<string, double?> Measures { get; init; } = new Dictionary<string, double?>(StringComparer.Ordinal);

    /// <summary>How many changes it made, by state.</summary>
    public IReadOnlyDictionary<string, int> Changes { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>What happened, in a sentence.</summary>
    public string Summary { get; init; } = "";
}
