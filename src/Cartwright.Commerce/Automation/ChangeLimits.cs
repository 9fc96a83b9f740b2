using System.Globalization;

namespace Cartwright.Commerce.Automation;

/// <summary>Sorts what a verb proposes by what the rule's limits and approval say of it.</summary>
internal sealed class ChangeLimits(AutomationRule rule, IAutomationStore store, TimeProvider clock)
{
    /// <summary>The changes to be written down, each in its first state. Those are left out that nothing is said of: no change at all.</summary>
    public async Task<IReadOnlyList<AutomationChange>> SortAsync(RuleRun run, IReadOnlyList<ProposedChange> proposed, CancellationToken cancellationToken)
    {
        (int count, decimal amount) = await SpentTodayAsync(cancellationToken);
        var changes = new List<AutomationChange>(proposed.Count);
        int ofRun = 0;
        foreach (ProposedChange change in proposed)
        {
            string? held = Holds(change, ofRun, count, amount);
            if (held is null)
            {
                ofRun++;
                count++;
                amount += change.Amount ?? 0;
            }

            ChangeState state = held is not null ? ChangeState.Held
                : run.Mode == RuleMode.DryRun ? ChangeState.DryRun
                : rule.Approval.Asks(change) ? ChangeState.Waiting
                : ChangeState.Applying;
            changes.Add(new AutomationChange
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{run.Id}-{changes.Count + 1:0000}"),
                RunId = run.Id,
                RuleId = rule.Id,
                At = run.At,
                Kind = change.Kind,
                Subject = change.Subject,
                Before = change.Before,
                After = change.After,
                Share = change.Share,
                Amount = change.Amount,
                Why = change.Why,
                Apply = change.Apply,
                Undo = change.Undo,
                State = state,
                StateAt = run.At,
                Note = held,
            });
        }

        return changes;
    }

    /// <summary>The limit that changes would break together with what was made today; null where none.</summary>
    public async Task<string?> BreaksAsync(IReadOnlyList<AutomationChange> waiting, CancellationToken cancellationToken)
    {
        (int count, decimal amount) = await SpentTodayAsync(cancellationToken);
        return count + waiting.Count > rule.Limits.MostChangesPerDay ? ByDay
            : amount + waiting.Sum(change => change.Amount ?? 0) > rule.Limits.MostAmountPerDay ? ByAmount
            : null;
    }

    private string ByDay => string.Create(CultureInfo.InvariantCulture, $"The rule makes at most {rule.Limits.MostChangesPerDay:#,0} changes in a day.");

    private string ByAmount => string.Create(CultureInfo.InvariantCulture, $"The rule spends at most {rule.Limits.MostAmountPerDay:#,0.00} in a day.");

    private string? Holds(ProposedChange change, int ofRun, int ofDay, decimal amount) =>
        ofRun >= rule.Limits.MostChangesPerRun ? string.Create(CultureInfo.InvariantCulture, $"The rule makes at most {rule.Limits.MostChangesPerRun:#,0} changes in a run.")
        : ofDay >= rule.Limits.MostChangesPerDay ? ByDay
        : Math.Abs(change.Share ?? 0) > rule.Limits.MostShare + 1e-9 ? string.Create(CultureInfo.InvariantCulture, $"The rule changes a value by at most {rule.Limits.MostShare:P1} at once.")
        : change.Amount is > 0 and { } more && amount + more > rule.Limits.MostAmountPerDay ? ByAmount
        : null;

    /// <summary>What counts for today: changes that were made, undone ones too, since they were made.</summary>
    private async Task<(int Count, decimal Amount)> SpentTodayAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset midnight = new(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        IReadOnlyList<AutomationChange> made = await store.ListChangesAsync(new ChangeFilter { RuleId = rule.Id, DoneSince = midnight }, cancellationToken);
        return (made.Count, made.Sum(change => change.Amount ?? 0));
    }
}
