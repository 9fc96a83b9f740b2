using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Automation;

/// <summary>Lists the rules, and what they did last.</summary>
/// <example>cartwright automation rules</example>
public sealed record RulesRequest;

/// <param name="Rules">By id.</param>
/// <param name="StoppedAt">Since when all of automation is stopped; null where it is not.</param>
/// <param name="StoppedWhy">What was said then.</param>
public sealed record RulesResponse(IReadOnlyList<RuleStatus> Rules, DateTimeOffset? StoppedAt, string? StoppedWhy);

/// <summary>A rule and what it did.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="NextAt">When its schedule fires next; null where it has none or rests.</param>
/// <param name="LastRun">Its latest run; null where it never ran.</param>
/// <param name="Waiting">Changes that wait for somebody's word.</param>
/// <param name="DoneToday">Changes that were made today (UTC).</param>
public sealed record RuleStatus(AutomationRule Rule, DateTimeOffset? NextAt, RuleRun? LastRun, int Waiting, int DoneToday);

/// <summary>Sets a rule: a new one, or in place of the one with its id.</summary>
/// <example>cartwright automation put-rule --file rule.json</example>
public sealed record PutRuleRequest
{
    /// <summary>The rule.</summary>
    public required AutomationRule Rule { get; init; }
}

/// <summary>Takes a rule away. What it did stays in the journal and can be undone.</summary>
/// <example>cartwright automation remove-rule --rule-id nightly-prices</example>
public sealed record RemoveRuleRequest
{
    /// <summary>The rule's id.</summary>
    [Required]
    public required string RuleId { get; init; }
}

/// <summary>Lists the measures that conditions can be put on, as they are now.</summary>
/// <example>cartwright automation measures</example>
public sealed record MeasuresRequest;

/// <param name="Measures">In a fixed order.</param>
public sealed record MeasuresResponse(IReadOnlyList<MeasuredValue> Measures);

/// <param name="Name">As conditions name it.</param>
/// <param name="Value">Now; null where it is not known.</param>
/// <param name="Meaning">What it is.</param>
public sealed record MeasuredValue(string Name, double? Value, string Meaning);

/// <summary>Stops all of automation: no rule runs and no change is made until it is resumed. What is done stays.</summary>
/// <example>cartwright automation stop --why "stocktaking"</example>
public sealed record StopRequest
{
    /// <summary>Why, for whoever finds it stopped.</summary>
    public string Why { get; init; } = "";
}

/// <summary>Lets automation go on.</summary>
/// <example>cartwright automation resume</example>
public sealed record ResumeRequest;
