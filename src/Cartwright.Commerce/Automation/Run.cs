using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Automation;

/// <summary>Runs a rule once, now: dry, live, or as the rule says.</summary>
/// <example>cartwright automation run --rule-id nightly-prices --mode dryRun --history-days 30</example>
public sealed record RunRequest
{
    /// <summary>The rule's id.</summary>
    [Required]
    public required string RuleId { get; init; }

    /// <summary>"dryRun" or "live"; as the rule says where none is given.</summary>
    public RuleMode? Mode { get; init; }

    /// <summary>What fires it, where a program does: a rule runs once for each.</summary>
    public string? Firing { get; init; }

    /// <summary>Firings that this one stands for beside itself, since nobody was there to run them.</summary>
    [Range(0, 1_000_000)]
    public int Missed { get; init; }

    /// <summary>Past days of which is told when the rule would have run, its schedule and its conditions as they were then, and what it changed or would have changed where that can be known.</summary>
    [Range(0, 400)]
    public int HistoryDays { get; init; }
}

/// <param name="Run">What came of it.</param>
/// <param name="Changes">What it changed, would change, or was kept from changing.</param>
/// <param name="History">The firings of the past days, oldest first, where they were asked for.</param>
public sealed record RunResponse(RuleRun Run, IReadOnlyList<AutomationChange> Changes, IReadOnlyList<PastFiring> History);

/// <param name="At">When the schedule would have fired.</param>
/// <param name="Holds">Whether the conditions would have let it run; null where one can't be told of the past.</param>
/// <param name="Measures">Their values then.</param>
public sealed record PastFiring(DateTimeOffset At, bool? Holds, IReadOnlyDictionary<string, double?> Measures)
{
    /// <summary>What it changed where it ran; for the last firing, where it did not, what it would change now; null where that can't be told.</summary>
    public IReadOnlyList<AutomationChange>? Changes { get; init; }

    /// <summary>Where that is known from, or why it can't be, in a sentence.</summary>
    public string Told { get; init; } = "";
}
