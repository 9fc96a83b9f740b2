using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Automation;

/// <summary>Lists what rules changed, would change or were kept from changing, newest first.</summary>
/// <example>cartwright automation changes --state waiting</example>
public sealed record ChangesRequest
{
    /// <summary>Only those of this rule.</summary>
    public string? RuleId { get; init; }

    /// <summary>Only those of this run of a rule.</summary>
    public string? RunId { get; init; }

    /// <summary>Only those that are in this state.</summary>
    public ChangeState? State { get; init; }

    /// <summary>One change, with every state it was in.</summary>
    public string? ChangeId { get; init; }

    /// <summary>How many at most.</summary>
    [Range(1, 10_000)]
    public int Count { get; init; } = 100;
}

/// <param name="Changes">The changes as they are now.</param>
/// <param name="Steps">The states of the one that was asked for, oldest first.</param>
public sealed record ChangesResponse(IReadOnlyList<AutomationChange> Changes, IReadOnlyList<ChangeStep> Steps);

/// <summary>Makes changes that wait.</summary>
/// <example>cartwright automation approve --change-ids 20260301-053000-3f9a1c-0001</example>
public sealed record ApproveRequest
{
    /// <summary>Changes that wait.</summary>
    [ItemCount(1, 10_000)]
    public required IReadOnlyList<string> ChangeIds { get; init; }
}

/// <summary>Decides against changes that wait.</summary>
/// <example>cartwright automation reject --change-ids 20260301-053000-3f9a1c-0001</example>
public sealed record RejectRequest
{
    /// <summary>Changes that wait.</summary>
    [ItemCount(1, 10_000)]
    public required IReadOnlyList<string> ChangeIds { get; init; }
}

/// <summary>Takes changes back that were made, the latest first: some, those of a run, or all of a rule.</summary>
/// <example>cartwright automation undo --run-id 20260301-053000-3f9a1c</example>
public sealed record UndoRequest
{
    /// <summary>Changes that were made.</summary>
    [ItemCount(1, 100_000)]
    public IReadOnlyList<string>? ChangeIds { get; init; }

    /// <summary>In place of changes: all that this run of a rule made.</summary>
    public string? RunId { get; init; }

    /// <summary>In place of changes: all that this rule ever made.</summary>
    public string? RuleId { get; init; }
}
