using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Automation;

/// <summary>Runs rules: asks the verb what it would change, holds what lies beyond the limits, writes all down, and does what needs nobody's word.</summary>
internal sealed class RuleEngine(ShopCatalog catalog, IAutomationStore store, TimeProvider clock)
{
    private readonly ChangeMaker _maker = new(store, clock);

    /// <summary>Runs a rule for a firing; a firing that ran before is told as it was.</summary>
    public async Task<(RuleRun Run, IReadOnlyList<AutomationChange> Changes)> RunAsync(
        AutomationRule rule, RunRequest request, IVerbCaller verbs, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string id = $"{now:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..6]}";
        var run = new RuleRun { Id = id, RuleId = rule.Id, Firing = request.Firing ?? $"hand {id}", At = now, Mode = request.Mode ?? rule.Mode };
        if (await store.ReadStoppedAsync(cancellationToken) is { } stopped)
        {
            return (run with { Outcome = RuleOutcome.Stopped, Summary = Automator.SaysStopped(stopped) }, []);
        }

        if (!await store.BeginRuleRunAsync(run, cancellationToken))
        {
            RuleRun before = (await store.ListRuleRunsAsync(rule.Id, int.MaxValue, cancellationToken)).First(one => one.Firing == run.Firing);
            return (before, await store.ListChangesAsync(new ChangeFilter { RunId = before.Id }, cancellationToken));
        }

        try
        {
            (run, IReadOnlyList<AutomationChange> changes) = await DoAsync(rule, run, verbs, progress, cancellationToken);
            run = run with { Summary = request.Missed > 0 ? $"{run.Summary} It stands for {request.Missed} more that nobody was there to run." : run.Summary };
            await store.SaveRuleRunAsync(run, CancellationToken.None);
            return (run, changes);
        }
        catch (OperationCanceledException)
        {
            await store.SaveRuleRunAsync(run with { Outcome = RuleOutcome.Interrupted, Summary = "It was stopped in the middle." }, CancellationToken.None);
            throw;
        }
        catch (Exception refused) when (ChangeMaker.IsRefusal(refused))
        {
            run = run with { Outcome = RuleOutcome.Failed, Summary = refused.Message };
            await store.SaveRuleRunAsync(run, CancellationToken.None);
            return (run, await store.ListChangesAsync(new ChangeFilter { RunId = run.Id }, CancellationToken.None));
        }
        catch
        {
            await store.SaveRuleRunAsync(run with { Outcome = RuleOutcome.Failed, Summary = "It failed for a reason inside Cartwright. The server's log has the details." }, CancellationToken.None);
            throw;
        }
    }

    private async Task<(RuleRun Run, IReadOnlyList<AutomationChange> Changes)> DoAsync(
        AutomationRule rule, RuleRun run, IVerbCaller verbs, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        if (rule.If.Count > 0)
        {
            ShopMeasures shop = await ShopMeasures.ReadAsync(catalog, cancellationToken);
            run = run with { Measures = await shop.NowAsync(rule.If.Select(condition => condition.Measure), run.At, verbs, cancellationToken) };
            if (rule.If.FirstOrDefault(condition => !condition.Holds(run.Measures[condition.Measure])) is { } failed)
            {
                return (run with { Outcome = RuleOutcome.ConditionsNotMet, Summary = Says(failed, run.Measures[failed.Measure]) }, []);
            }
        }

        Proposed proposed = await verbs.ProposeAsync(rule.Do.Call, run.Mode == RuleMode.DryRun, progress, cancellationToken);
        if (run.Mode == RuleMode.Live)
        {
            await ReplaceWaitingAsync(rule.Id, cancellationToken);
        }

        IReadOnlyList<AutomationChange> changes = await new ChangeLimits(rule, store, clock).SortAsync(run, proposed.Changes, cancellationToken);
        await store.AddChangesAsync(changes, cancellationToken);
        IReadOnlyList<AutomationChange> made = await _maker.MakeAsync([.. changes.Where(change => change.State == ChangeState.Applying)], verbs, progress, cancellationToken);
        Dictionary<string, AutomationChange> after = made.ToDictionary(change => change.Id, StringComparer.Ordinal);
        changes = [.. changes.Select(change => after.GetValueOrDefault(change.Id, change))];
        var counts = changes.GroupBy(change => change.State).ToDictionary(group => Word(group.Key), group => group.Count(), StringComparer.Ordinal);
        return (run with { Outcome = RuleOutcome.Done, Changes = counts, Summary = Summary(proposed.Summary, counts) }, changes);
    }

    /// <summary>What waited from runs before rests on what is no longer so.</summary>
    private async Task ReplaceWaitingAsync(string ruleId, CancellationToken cancellationToken)
    {
        IReadOnlyList<AutomationChange> waiting = await store.ListChangesAsync(new ChangeFilter { RuleId = ruleId, State = ChangeState.Waiting }, cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        if (waiting.Count > 0)
        {
            _ = await store.MoveChangesAsync([.. waiting.Select(change => change with { State = ChangeState.Replaced, StateAt = now })], ChangeState.Waiting, cancellationToken);
        }
    }

    private static string Says(RuleCondition condition, double? value)
    {
        string bound = string.Join(" and ", new[]
        {
            condition.AtLeast is { } low ? string.Create(CultureInfo.InvariantCulture, $"at least {low:0.####}") : null,
            condition.AtMost is { } high ? string.Create(CultureInfo.InvariantCulture, $"at most {high:0.####}") : null,
        }.OfType<string>());
        return value is { } known
            ? string.Create(CultureInfo.InvariantCulture, $"It did not run: {condition.Measure} was {known:0.####}, and it takes {bound}.")
            : $"It did not run: {condition.Measure} is not known, and it takes {bound}.";
    }

    private static string Summary(string found, Dictionary<string, int> counts) =>
        $"{found}{(counts.Count == 0 ? " Nothing to change." : " " + string.Join(", ", counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value:#,0} {count.Key}"))) + ".")}".Trim();

    private static string Word(ChangeState state) => state switch
    {
        ChangeState.DryRun => "would be made",
        ChangeState.Waiting => "waiting",
        ChangeState.Done => "made",
        _ => state.ToString().ToLowerInvariant(),
    };
}

/// <summary>Makes changes that are written down, and takes them back.</summary>
internal sealed class ChangeMaker(IAutomationStore store, TimeProvider clock)
{
    /// <summary>Whether an error was written for the one who asked: a verb's refusal, and no fault of the program.</summary>
    public static bool IsRefusal(Exception error) =>
        error is ValidationException or NotFoundException or ModelNotTrainedException or ImportFormatException or ModelFormatException or StorageException;

    /// <param name="changes">Written down as being applied.</param>
    /// <returns>The same as they ended.</returns>
    public async Task<IReadOnlyList<AutomationChange>> MakeAsync(
        IReadOnlyList<AutomationChange> changes, IVerbCaller verbs, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        var ended = new List<AutomationChange>(changes.Count);
        foreach (IReadOnlyList<AutomationChange> batch in Batches(changes, change => change.Apply, verbs))
        {
            if (await store.ReadStoppedAsync(cancellationToken) is { } stopped)
            {
                ended.AddRange(await MoveAsync(batch, ChangeState.Applying, change => Ended(change, ChangeState.Held, Automator.SaysStopped(stopped)), cancellationToken));
                continue;
            }

            ended.AddRange(await MakeBatchAsync(batch, verbs, progress, cancellationToken));
        }

        return ended;
    }

    /// <summary>Takes changes back; the latest first.</summary>
    /// <exception cref="ValidationException">One was not made, has no way back, or its value was changed since; those before it in time were not touched.</exception>
    public async Task<IReadOnlyList<AutomationChange>> UndoAsync(IReadOnlyList<AutomationChange> changes, IVerbCaller verbs, CancellationToken cancellationToken)
    {
        AutomationChange[] latestFirst = [.. changes.OrderByDescending(change => change.DoneAt).ThenByDescending(change => change.Id, StringComparer.Ordinal)];
        if (latestFirst.FirstOrDefault(change => change.State != ChangeState.Done) is { } other)
        {
            throw new ValidationException($"Change '{other.Id}' is {other.State.ToString().ToLowerInvariant()}; only one that was made can be undone. Nothing was changed.");
        }

        if (latestFirst.FirstOrDefault(change => change.Undo is null) is { } oneWay)
        {
            throw new ValidationException($"Change '{oneWay.Id}' ({oneWay.Kind} of {oneWay.Subject}) has no way back. Nothing was changed.");
        }

        var undone = new List<AutomationChange>(latestFirst.Length);
        foreach (IReadOnlyList<AutomationChange> batch in Batches(latestFirst, change => change.Undo!, verbs))
        {
            undone.AddRange(await UndoBatchAsync(batch, verbs, cancellationToken));
        }

        return undone;
    }

    /// <summary>The changes that are being made or undone, or were when a process ended.</summary>
    public async Task<IReadOnlyList<AutomationChange>> InTheMiddleAsync(CancellationToken cancellationToken) =>
    [
        .. await store.ListChangesAsync(new ChangeFilter { State = ChangeState.Applying }, cancellationToken),
        .. await store.ListChangesAsync(new ChangeFilter { State = ChangeState.Undoing }, cancellationToken),
    ];

    /// <summary>Settles what a process that ended left in the middle: the value says whether it happened.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> SettleAsync(IReadOnlyList<AutomationChange> changes, IVerbCaller verbs, CancellationToken cancellationToken)
    {
        int count = 0;
        foreach (AutomationChange change in changes)
        {
            string? now = await verbs.ReadAsync(change.Kind, change.Subject, cancellationToken);
            AutomationChange settled = change.State == ChangeState.Applying
                ? HasHappened(change, now) ? Done(change, now) with { Note = "The process ended while it was made; it had happened." }
                    : Ended(change, ChangeState.Failed, "The process ended before it was made.")
                : now == change.Before ? Ended(change, ChangeState.Undone, "The process ended while it was undone; it had happened.")
                    : Ended(change, ChangeState.Done, "The process ended before it was undone.");
            count += await store.MoveChangesAsync([settled], change.State, cancellationToken) ? 1 : 0;
        }

        return count;
    }

    private static bool HasHappened(AutomationChange change, string? now) => change.After is null ? now != change.Before : now == change.After && now != change.Before;

    private async Task<IReadOnlyList<AutomationChange>> MakeBatchAsync(
        IReadOnlyList<AutomationChange> batch, IVerbCaller verbs, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        string? refusal;
        try
        {
            await verbs.DoAsync(verbs.Together([.. batch.Select(change => change.Apply)])[0], progress, cancellationToken);
            refusal = null;
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            refusal = refused.Message;
        }

        if (refusal is not null && batch.Count > 1)
        {
            // One of them was refused, so none was made: each by itself.
            var ended = new List<AutomationChange>(batch.Count);
            foreach (AutomationChange change in batch)
            {
                ended.AddRange(await MakeBatchAsync([change], verbs, progress, cancellationToken));
            }

            return ended;
        }

        var made = new List<AutomationChange>(batch.Count);
        foreach (AutomationChange change in batch)
        {
            string? now = change.After is null || refusal is not null ? await verbs.ReadAsync(change.Kind, change.Subject, CancellationToken.None) : change.After;
            made.Add(refusal is null || HasHappened(change, now) ? Done(change, now) : Ended(change, ChangeState.Failed, refusal));
        }

        return await MoveAsync(made, ChangeState.Applying, change => change, CancellationToken.None);
    }

    private async Task<IReadOnlyList<AutomationChange>> UndoBatchAsync(IReadOnlyList<AutomationChange> batch, IVerbCaller verbs, CancellationToken cancellationToken)
    {
        foreach (AutomationChange change in batch)
        {
            string? now = await verbs.ReadAsync(change.Kind, change.Subject, cancellationToken);
            if (now != change.After)
            {
                throw new ValidationException($"The {change.Kind} of {change.Subject} is {now ?? "none"} by now, and change '{change.Id}' made it {change.After ?? "none"}: somebody or something has changed it since. It was left as it is.");
            }
        }

        IReadOnlyList<AutomationChange> undoing = await MoveAsync(batch, ChangeState.Done, change => Ended(change, ChangeState.Undoing, note: null), cancellationToken);
        try
        {
            await verbs.DoAsync(verbs.Together([.. undoing.Select(change => change.Undo!)])[0], progress: null, cancellationToken);
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            await MoveAsync(undoing, ChangeState.Undoing, change => Ended(change, ChangeState.Done, $"It could not be undone: {refused.Message}"), CancellationToken.None);
            throw;
        }

        return await MoveAsync(undoing, ChangeState.Undoing, change => Ended(change, ChangeState.Undone, note: null), CancellationToken.None);
    }

    private async Task<IReadOnlyList<AutomationChange>> MoveAsync(
        IReadOnlyList<AutomationChange> changes, ChangeState from, Func<AutomationChange, AutomationChange> move, CancellationToken cancellationToken)
    {
        AutomationChange[] moved = [.. changes.Select(move)];
        return await store.MoveChangesAsync(moved, from, cancellationToken) ? moved
            : throw new ValidationException($"Change '{changes[0].Id}' or one with it was decided on by somebody else meanwhile. Look again.");
    }

    private AutomationChange Done(AutomationChange change, string? now)
    {
        DateTimeOffset at = clock.GetUtcNow();
        bool stays = now == change.Before;
        return change with
        {
            State = ChangeState.Done,
            StateAt = at,
            DoneAt = at,
            After = now,
            Undo = stays ? null : change.Undo,
            Note = stays ? $"The {change.Kind} stayed as it was." : null,
        };
    }

    private AutomationChange Ended(AutomationChange change, ChangeState state, string? note) => change with { State = state, StateAt = clock.GetUtcNow(), Note = note };

    /// <summary>Neighbors that one call can do; nothing stands twice in one of them.</summary>
    private static IEnumerable<IReadOnlyList<AutomationChange>> Batches(IReadOnlyList<AutomationChange> changes, Func<AutomationChange, VerbCall> call, IVerbCaller verbs)
    {
        var batch = new List<AutomationChange>();
        foreach (AutomationChange change in changes)
        {
            bool fits = batch.Count == 0 || (batch.TrueForAll(other => (other.Kind, other.Subject) != (change.Kind, change.Subject))
                && verbs.Together([call(batch[0]), call(change)]).Count == 1);
            if (!fits)
            {
                yield return batch;
                batch = [];
            }

            batch.Add(change);
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
