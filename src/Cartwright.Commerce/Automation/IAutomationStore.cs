namespace Cartwright.Commerce.Automation;

/// <summary>Keeps rules, what they did, experiments and choices.</summary>
/// <remarks>Each write is one transaction. A change's states are added one behind the other; none is ever taken away.</remarks>
public interface IAutomationStore
{
    Task PutRuleAsync(AutomationRule rule, CancellationToken cancellationToken = default);

    /// <returns>False where there is none. What it did stays in the journal.</returns>
    Task<bool> RemoveRuleAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>By id.</summary>
    Task<IReadOnlyList<AutomationRule>> ListRulesAsync(CancellationToken cancellationToken = default);

    /// <summary>Begins a run, once for each rule and firing.</summary>
    /// <returns>False where that firing began a run before; nothing was written.</returns>
    Task<bool> BeginRuleRunAsync(RuleRun run, CancellationToken cancellationToken = default);

    Task SaveRuleRunAsync(RuleRun run, CancellationToken cancellationToken = default);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<RuleRun>> ListRuleRunsAsync(string? ruleId, int count, CancellationToken cancellationToken = default);

    /// <summary>Writes changes down that are new.</summary>
    Task AddChangesAsync(IReadOnlyList<AutomationChange> changes, CancellationToken cancellationToken = default);

    /// <summary>Moves changes on: all of them, or none where one is no longer in the state it is moved from.</summary>
    /// <returns>False where nothing was written.</returns>
    Task<bool> MoveChangesAsync(IReadOnlyList<AutomationChange> changes, ChangeState from, CancellationToken cancellationToken = default);

    Task<AutomationChange?> FindChangeAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Newest first; those of one run keep the order of the run.</summary>
    Task<IReadOnlyList<AutomationChange>> ListChangesAsync(ChangeFilter filter, CancellationToken cancellationToken = default);

    /// <summary>The states of a change, oldest first.</summary>
    Task<IReadOnlyList<ChangeStep>> ListStepsAsync(string changeId, CancellationToken cancellationToken = default);

    /// <summary>Since when automation is stopped; null where it is not.</summary>
    Task<StoppedAutomation?> ReadStoppedAsync(CancellationToken cancellationToken = default);

    Task SetStoppedAsync(StoppedAutomation? stopped, CancellationToken cancellationToken = default);

    /// <summary>Says that a process is at work until a moment, or until it says so anew.</summary>
    Task RenewLeaseAsync(string worker, DateTimeOffset until, CancellationToken cancellationToken = default);

    Task EndLeaseAsync(string worker, CancellationToken cancellationToken = default);

    /// <summary>Whether any process says that it is at work at a moment.</summary>
    Task<bool> IsWorkedOnAsync(DateTimeOffset at, CancellationToken cancellationToken = default);
}

/// <summary>That automation is stopped.</summary>
/// <param name="Why">What was said; empty where nothing was.</param>
public sealed record StoppedAutomation(DateTimeOffset At, string Why);

/// <summary>Which changes are meant; all where nothing is said.</summary>
public sealed record ChangeFilter
{
    public string? RuleId { get; init; }

    public string? RunId { get; init; }

    public ChangeState? State { get; init; }

    /// <summary>Only those that were made at or after this.</summary>
    public DateTimeOffset? DoneSince { get; init; }

    public int Count { get; init; } = int.MaxValue;
}
