using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Automation;

/// <summary>When a rule's schedule fired in past days, and what it changed or would have changed, as far as that can be told truthfully.</summary>
/// <remarks>
/// Three things are known: what the journal says of a firing that ran; that nothing changes where the conditions did not hold; and, since a verb reads the shop as it is, what the last
/// firing would change now. Prices, stock and models are kept only as they are today, so of any other firing it is said that nobody can tell.
/// </remarks>
internal sealed class RuleHistory(ShopCatalog catalog, IAutomationStore store, TimeProvider clock)
{
    private const int MostFirings = 1_000;

    /// <summary>Changes that an answer holds of the journal; those of the newest firings.</summary>
    private const int MostChanges = 1_000;

    private const string Lost = "It did not run then, and what it would have changed can't be told: prices, stock and models are kept only as they are today.";

    /// <param name="zone">The schedule's.</param>
    /// <param name="now">The run that the question was asked with, and what it changed or would change.</param>
    /// <returns>Oldest first; none where the rule has no schedule.</returns>
    public async Task<IReadOnlyList<PastFiring>> ReadAsync(AutomationRule rule, int days, TimeZoneInfo zone, (RuleRun Run, IReadOnlyList<AutomationChange> Changes) now,
        IVerbCaller verbs, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        if (rule.When.Cron is not { } cron)
        {
            return [];
        }

        DateTimeOffset today = clock.GetUtcNow();
        ShopMeasures shop = await ShopMeasures.ReadAsync(catalog, cancellationToken);
        bool canTell = rule.If.All(condition => ShopMeasures.IsOfThePast(condition.Measure));
        var ran = new Dictionary<string, RuleRun>(StringComparer.Ordinal);
        foreach (RuleRun run in (await store.ListRuleRunsAsync(rule.Id, int.MaxValue, cancellationToken)).Where(run => run.Id != now.Run.Id))
        {
            ran[run.Firing] = run;
        }

        DateTimeOffset[] times = [.. CronSchedule.Parse(cron).Between(today.AddDays(-days), today, zone, MostFirings)];
        var firings = new PastFiring[times.Length];
        int listed = 0;
        for (int i = times.Length - 1; i >= 0; i--)
        {
            var values = rule.If.Select(condition => condition.Measure).Distinct(StringComparer.Ordinal).ToDictionary(name => name, name => shop.At(name, times[i]), StringComparer.Ordinal);
            var firing = new PastFiring(times[i], canTell ? rule.If.All(condition => condition.Holds(values[condition.Measure])) : null, values) { Told = Lost };
            firing = ran.TryGetValue(Automator.Firing(times[i]), out RuleRun? then) ? await OfJournalAsync(firing, then, MostChanges - listed, cancellationToken)
                : firing.Holds == false ? firing with { Changes = [], Told = "Its conditions did not hold, so nothing would have been changed." }
                : i == times.Length - 1 ? await OfTodayAsync(rule, firing, now, verbs, progress, cancellationToken)
                : firing;
            listed += firing.Changes?.Count ?? 0;
            firings[i] = firing;
        }

        return firings;
    }

    private async Task<PastFiring> OfJournalAsync(PastFiring firing, RuleRun run, int most, CancellationToken cancellationToken)
    {
        IReadOnlyList<AutomationChange> changes = await store.ListChangesAsync(new ChangeFilter { RunId = run.Id }, cancellationToken);
        string told = $"It ran then{(run.Mode == RuleMode.DryRun ? ", dry" : "")}: {run.Summary}";
        return changes.Count <= most ? firing with { Changes = changes, Told = told } : firing with { Told = $"{told} 'cartwright automation changes --run-id {run.Id}' lists them." };
    }

    private async Task<PastFiring> OfTodayAsync(AutomationRule rule, PastFiring firing, (RuleRun Run, IReadOnlyList<AutomationChange> Changes) now,
        IVerbCaller verbs, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        const string AsOfNow = "It did not run then. This is what it changes with the shop as it is now, within its limits.";
        switch (now.Run.Outcome)
        {
            case RuleOutcome.Done:
                return firing with { Changes = now.Changes, Told = AsOfNow };
            case RuleOutcome.ConditionsNotMet:
                RuleRun dry = now.Run with { Mode = RuleMode.DryRun };
                Proposed proposed = await verbs.ProposeAsync(rule.Do.Call, isDry: true, progress, cancellationToken);
                return firing with { Changes = await new ChangeLimits(rule, store, clock).SortAsync(dry, proposed.Changes, cancellationToken), Told = AsOfNow };
            default:
                return firing with { Told = $"It did not run then, and the verb can't be asked now: {now.Run.Summary}" };
        }
    }
}
