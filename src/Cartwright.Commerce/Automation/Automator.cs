using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Automation;

/// <summary>The verbs of rules: what is done without being asked, within which limits, and what came of it.</summary>
/// <param name="catalog">The shop that is looked after.</param>
/// <param name="store">Where rules and what they did are kept.</param>
public sealed class Automator(ShopCatalog catalog, IAutomationStore store, TimeProvider clock) : IDisposable
{
    private readonly RuleEngine _engine = new(catalog, store, clock);
    private readonly ChangeMaker _maker = new(store, clock);

    /// <summary>One at a time, so that two never spend the same limit.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Lists the rules, and what they did last.</summary>
    public async Task<RulesResponse> RulesAsync(RulesRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        StoppedAutomation? stopped = await store.ReadStoppedAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        TimeZoneInfo zone = await ZoneAsync(cancellationToken);
        ILookup<string, AutomationChange> waiting = (await store.ListChangesAsync(new ChangeFilter { State = ChangeState.Waiting }, cancellationToken)).ToLookup(change => change.RuleId, StringComparer.Ordinal);
        ILookup<string, AutomationChange> done = (await store.ListChangesAsync(new ChangeFilter { DoneSince = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) }, cancellationToken)).ToLookup(change => change.RuleId, StringComparer.Ordinal);
        var rules = new List<RuleStatus>();
        foreach (AutomationRule rule in await store.ListRulesAsync(cancellationToken))
        {
            rules.Add(new RuleStatus(rule, rule.Enabled && rule.When.Cron is { } cron ? CronSchedule.Parse(cron).Next(now, zone) : null,
                await store.ListRuleRunsAsync(rule.Id, 1, cancellationToken) is [var last, ..] ? last : null, waiting[rule.Id].Count(), done[rule.Id].Count()));
        }

        return new RulesResponse(rules, stopped?.At, stopped?.Why);
    }

    /// <summary>Sets a rule.</summary>
    /// <exception cref="ValidationException">It is not what it should be, or would do by itself what can't be taken back.</exception>
    /// <exception cref="NotFoundException">There is no such verb.</exception>
    public async Task<RulesResponse> PutRuleAsync(PutRuleRequest request, IVerbCaller verbs, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        AutomationRule rule = request.Rule;
        bool canUndo = verbs.Check(rule.Do.Call);
        if (!canUndo && rule.Approval.Kind != ApprovalKind.Always)
        {
            throw new ValidationException($"What '{rule.Do.Slice} {rule.Do.Verb}' does can't be taken back, so each time needs somebody's word: the rule's approval must be always.");
        }

        await store.PutRuleAsync(rule with { SetAt = clock.GetUtcNow() }, cancellationToken);
        return await RulesAsync(new RulesRequest(), cancellationToken);
    }

    /// <summary>Sets the rules that most shops want and that are not there yet, as dry runs.</summary>
    /// <returns>How many were set.</returns>
    public async Task<int> SetDefaultsAsync(IVerbCaller verbs, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<AutomationRule> there = await store.ListRulesAsync(cancellationToken);
        AutomationRule[] missing = [.. DefaultRules.All.Where(rule => there.All(other => other.Id != rule.Id))];
        foreach (AutomationRule rule in missing)
        {
            await PutRuleAsync(new PutRuleRequest { Rule = rule }, verbs, cancellationToken);
        }

        return missing.Length;
    }

    /// <summary>Takes a rule away.</summary>
    /// <exception cref="NotFoundException">There is no such rule.</exception>
    public async Task<RulesResponse> RemoveRuleAsync(RemoveRuleRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return await store.RemoveRuleAsync(request.RuleId, cancellationToken) ? await RulesAsync(new RulesRequest(), cancellationToken) : throw NoSuchRule(request.RuleId);
    }

    /// <summary>Lists the measures as they are now.</summary>
    public async Task<MeasuresResponse> MeasuresAsync(MeasuresRequest request, IVerbCaller verbs, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        ShopMeasures shop = await ShopMeasures.ReadAsync(catalog, cancellationToken);
        Dictionary<string, double?> values = await shop.NowAsync(ShopMeasures.Names, clock.GetUtcNow(), verbs, cancellationToken);
        return new MeasuresResponse([.. ShopMeasures.Names.Select(name => new MeasuredValue(name, values[name], ShopMeasures.Meaning(name)))]);
    }

    /// <summary>Stops all of automation.</summary>
    public async Task<RulesResponse> StopAsync(StopRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        await store.SetStoppedAsync(await store.ReadStoppedAsync(cancellationToken) ?? new StoppedAutomation(clock.GetUtcNow(), request.Why), cancellationToken);
        return await RulesAsync(new RulesRequest(), cancellationToken);
    }

    /// <summary>Lets automation go on.</summary>
    public async Task<RulesResponse> ResumeAsync(ResumeRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        await store.SetStoppedAsync(null, cancellationToken);
        return await RulesAsync(new RulesRequest(), cancellationToken);
    }

    /// <summary>Runs a rule once.</summary>
    /// <exception cref="NotFoundException">There is no such rule.</exception>
    public async Task<RunResponse> RunAsync(RunRequest request, IVerbCaller verbs, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        AutomationRule rule = await FindAsync(request.RuleId, cancellationToken);
        return await WorkAsync(async () =>
        {
            (RuleRun Run, IReadOnlyList<AutomationChange> Changes) now = await _engine.RunAsync(rule, request, verbs, progress, cancellationToken);
            return new RunResponse(now.Run, now.Changes, request.HistoryDays == 0 ? []
                : await new RuleHistory(catalog, store, clock).ReadAsync(rule, request.HistoryDays, await ZoneAsync(cancellationToken), now, verbs, progress, cancellationToken));
        }, cancellationToken);
    }

    /// <summary>Lists changes.</summary>
    /// <exception cref="NotFoundException">The one that was asked for is not there.</exception>
    public async Task<ChangesResponse> ChangesAsync(ChangesRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return request.ChangeId is { } id
            ? new ChangesResponse([await FindChangeAsync(id, cancellationToken)], await store.ListStepsAsync(id, cancellationToken))
            : new ChangesResponse(await store.ListChangesAsync(
                new ChangeFilter { RuleId = request.RuleId, RunId = request.RunId, State = request.State, Count = request.Count }, cancellationToken), []);
    }

    /// <summary>The latest runs of rules, newest first.</summary>
    public Task<IReadOnlyList<RuleRun>> ListRunsAsync(int count, CancellationToken cancellationToken = default) => store.ListRuleRunsAsync(null, count, cancellationToken);

    /// <summary>Makes changes that wait.</summary>
    /// <exception cref="NotFoundException">One is not there; nothing was changed.</exception>
    /// <exception cref="ValidationException">One does not wait, automation is stopped, or a limit would be broken; nothing was changed.</exception>
    public async Task<ChangesResponse> ApproveAsync(ApproveRequest request, IVerbCaller verbs, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return await WorkAsync(async () =>
        {
            await CheckAsync(request, cancellationToken);
            IReadOnlyList<AutomationChange> waiting = await WaitingAsync(request.ChangeIds, cancellationToken);
            IReadOnlyList<AutomationRule> rules = await store.ListRulesAsync(cancellationToken);
            foreach (IGrouping<string, AutomationChange> ofRule in waiting.GroupBy(change => change.RuleId, StringComparer.Ordinal))
            {
                if (rules.FirstOrDefault(rule => rule.Id == ofRule.Key) is { } rule && await new ChangeLimits(rule, store, clock).BreaksAsync([.. ofRule], cancellationToken) is { } limit)
                {
                    throw new ValidationException($"{limit} With these it would be more. Nothing was changed. Approve fewer, or raise the limit.");
                }
            }

            IReadOnlyList<AutomationChange> applying = await DecideAsync(waiting, ChangeState.Applying, cancellationToken);
            return new ChangesResponse(await _maker.MakeAsync(applying, verbs, progress: null, cancellationToken), []);
        }, cancellationToken);
    }

    /// <summary>Decides against changes that wait.</summary>
    /// <exception cref="NotFoundException">One is not there; nothing was changed.</exception>
    /// <exception cref="ValidationException">One does not wait; nothing was changed.</exception>
    public async Task<ChangesResponse> RejectAsync(RejectRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        return new ChangesResponse(await DecideAsync(await WaitingAsync(request.ChangeIds, cancellationToken), ChangeState.Rejected, cancellationToken), []);
    }

    /// <summary>Takes changes back, the latest first. A stop does not forbid it.</summary>
    /// <exception cref="NotFoundException">One is not there; nothing was changed.</exception>
    /// <exception cref="ValidationException">One was not made, has no way back, or its value was changed since.</exception>
    public async Task<ChangesResponse> UndoAsync(UndoRequest request, IVerbCaller verbs, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        await CheckAsync(request, cancellationToken);
        return await WorkAsync(async () => new ChangesResponse(await _maker.UndoAsync(await ToUndoAsync(request, cancellationToken), verbs, cancellationToken), []), cancellationToken);
    }

    /// <summary>Settles what a process that ended left in the middle. While any process says that it is at work, here or elsewhere, it leaves all as it is: look again.</summary>
    /// <returns>Changes that were settled.</returns>
    public async Task<int> RecoverAsync(IVerbCaller verbs, CancellationToken cancellationToken = default)
    {
        // What is in the middle is listed before it is asked who works: whoever began later isn't listed, and whoever ended between has moved on what is.
        IReadOnlyList<AutomationChange> changes = await _maker.InTheMiddleAsync(cancellationToken);
        RuleRun[] runs = await RunningAsync(cancellationToken);
        if (changes.Count + runs.Length == 0 || await store.IsWorkedOnAsync(clock.GetUtcNow(), cancellationToken))
        {
            return 0;
        }

        int count = await _maker.SettleAsync(changes, verbs, cancellationToken);
        HashSet<string> still = [.. (await RunningAsync(cancellationToken)).Select(run => run.Id)];
        foreach (RuleRun run in runs.Where(run => still.Contains(run.Id)))
        {
            await store.SaveRuleRunAsync(run with { Outcome = RuleOutcome.Interrupted, Summary = "The process ended in the middle." }, cancellationToken);
        }

        return count;
    }

    /// <summary>The planned firing of a rule that is due: the latest that did not run, and how many before it did not either.</summary>
    public async Task<DueFiring?> DueAsync(AutomationRule rule, CancellationToken cancellationToken = default)
    {
        if (!rule.Enabled || rule.When.Cron is not { } cron)
        {
            return null;
        }

        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<RuleRun> runs = await store.ListRuleRunsAsync(rule.Id, 1_000, cancellationToken);
        DateTimeOffset since = rule.SetAt ?? now;
        DateTimeOffset? last = runs.Select(run => PlannedAt(run.Firing)).Max();
        DateTimeOffset[] missed = [.. CronSchedule.Parse(cron).Between(last > since ? last.Value : since, now, await ZoneAsync(cancellationToken))];
        return missed.Length == 0 ? null : new DueFiring(Firing(missed[^1]), missed[^1], missed.Length - 1);
    }

    /// <summary>Takes the latest run of a rule back where the rule says that it should be by now.</summary>
    /// <returns>The changes that were undone; none where all is well.</returns>
    public async Task<IReadOnlyList<AutomationChange>> TakeBackAsync(AutomationRule rule, IVerbCaller verbs, CancellationToken cancellationToken = default)
    {
        if (rule.Undo is not { } undo || await store.ReadStoppedAsync(cancellationToken) is not null)
        {
            return [];
        }

        DateTimeOffset now = clock.GetUtcNow();
        AutomationChange[] made = [.. (await store.ListChangesAsync(new ChangeFilter { RuleId = rule.Id, State = ChangeState.Done, DoneSince = now.AddHours(-undo.WithinHours) }, cancellationToken))
            .Where(change => change.Undo is not null)];
        if (made.Length == 0)
        {
            return [];
        }

        ShopMeasures shop = await ShopMeasures.ReadAsync(catalog, cancellationToken);
        Dictionary<string, double?> values = await shop.NowAsync(undo.If.Select(condition => condition.Measure), now, verbs, cancellationToken);
        return undo.If.All(condition => condition.Holds(values[condition.Measure]))
            ? (await UndoAsync(new UndoRequest { RunId = made[0].RunId }, verbs, cancellationToken)).Changes : [];
    }

    /// <summary>When a rule's schedule fires next; null where it has none or rests.</summary>
    public async Task<DateTimeOffset?> NextAsync(AutomationRule rule, CancellationToken cancellationToken = default) =>
        rule.Enabled && rule.When.Cron is { } cron ? CronSchedule.Parse(cron).Next(clock.GetUtcNow(), await ZoneAsync(cancellationToken)) : null;

    /// <summary>The name of a planned firing.</summary>
    public static string Firing(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"at {at.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}");

    public void Dispose() => _turn.Dispose();

    internal static string SaysStopped(StoppedAutomation stopped) =>
        $"Automation is stopped since {stopped.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC{(stopped.Why.Length > 0 ? $" ({stopped.Why})" : "")}. 'cartwright automation resume' lets it go on.";

    /// <summary>Refuses to run what is not there, before anything waits for its turn.</summary>
    /// <exception cref="NotFoundException">There is no such rule.</exception>
    public async Task CheckAsync(RunRequest request, CancellationToken cancellationToken = default) => _ = await FindAsync(request.RuleId, cancellationToken);

    /// <summary>Refuses to make what can't be made, before anything waits for its turn.</summary>
    /// <inheritdoc cref="ApproveAsync" path="/exception"/>
    public async Task CheckAsync(ApproveRequest request, CancellationToken cancellationToken = default)
    {
        _ = await WaitingAsync(request.ChangeIds, cancellationToken);
        if (await store.ReadStoppedAsync(cancellationToken) is { } stopped)
        {
            throw new ValidationException($"{SaysStopped(stopped)} Nothing was changed.");
        }
    }

    /// <summary>Refuses to take back what is not there, before anything waits for its turn.</summary>
    /// <exception cref="NotFoundException">One is not there.</exception>
    /// <exception cref="ValidationException">Not one of changes, run and rule is named.</exception>
    public async Task CheckAsync(UndoRequest request, CancellationToken cancellationToken = default)
    {
        if (new object?[] { request.ChangeIds, request.RunId, request.RuleId }.Count(given => given is not null) != 1)
        {
            throw new InvalidRequestException("changeIds", "Say what is undone: some changes, all of a run, or all of a rule. It takes one of the three.");
        }

        _ = await ToUndoAsync(request, cancellationToken);
    }

    internal async Task<AutomationRule> FindAsync(string id, CancellationToken cancellationToken) =>
        (await store.ListRulesAsync(cancellationToken)).FirstOrDefault(rule => rule.Id == id) ?? throw NoSuchRule(id);

    private static NotFoundException NoSuchRule(string id) => new($"There is no rule '{id}'. 'cartwright automation rules' lists them.");

    private static DateTimeOffset? PlannedAt(string firing) => firing.StartsWith("at ", StringComparison.Ordinal)
        && DateTimeOffset.TryParse(firing[3..], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : null;

    private async Task<TimeZoneInfo> ZoneAsync(CancellationToken cancellationToken) => ActivityByDay.ZoneOf(await catalog.Store.ReadInfoAsync(cancellationToken));

    private async Task<RuleRun[]> RunningAsync(CancellationToken cancellationToken) =>
        [.. (await store.ListRuleRunsAsync(null, 1_000, cancellationToken)).Where(run => run.Outcome == RuleOutcome.Running)];

    /// <summary>Does something that changes the shop: alone in this process, and so that others know of it.</summary>
    private async Task<T> WorkAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using WorkLease lease = await WorkLease.TakeAsync(store, clock, cancellationToken);
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<IReadOnlyList<AutomationChange>> WaitingAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var waiting = new List<AutomationChange>(ids.Count);
        foreach (string id in ids.Distinct(StringComparer.Ordinal))
        {
            AutomationChange change = await FindChangeAsync(id, cancellationToken);
            waiting.Add(change.State == ChangeState.Waiting ? change
                : throw new ValidationException($"Change '{id}' is {change.State.ToString().ToLowerInvariant()}; only one that waits can be decided on. Nothing was changed."));
        }

        return waiting;
    }

    private async Task<IReadOnlyList<AutomationChange>> DecideAsync(IReadOnlyList<AutomationChange> waiting, ChangeState state, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        AutomationChange[] decided = [.. waiting.Select(change => change with { State = state, StateAt = now })];
        return await store.MoveChangesAsync(decided, ChangeState.Waiting, cancellationToken) ? decided
            : throw new ValidationException("One of the changes was decided on by somebody else meanwhile. Nothing was changed. Look again.");
    }

    private async Task<IReadOnlyList<AutomationChange>> ToUndoAsync(UndoRequest request, CancellationToken cancellationToken)
    {
        if (request.ChangeIds is { } ids)
        {
            var named = new List<AutomationChange>(ids.Count);
            foreach (string id in ids.Distinct(StringComparer.Ordinal))
            {
                named.Add(await FindChangeAsync(id, cancellationToken));
            }

            return named;
        }

        IReadOnlyList<AutomationChange> all = await store.ListChangesAsync(new ChangeFilter { RunId = request.RunId, RuleId = request.RuleId, State = ChangeState.Done }, cancellationToken);
        return all.Count == 0 ? throw new NotFoundException($"There is nothing to undo of {(request.RunId is null ? $"rule '{request.RuleId}'" : $"run '{request.RunId}'")}.")
            : [.. all.Where(change => change.Undo is not null)];
    }

    private async Task<AutomationChange> FindChangeAsync(string id, CancellationToken cancellationToken) =>
        await store.FindChangeAsync(id, cancellationToken) ?? throw new NotFoundException($"There is no change '{id}'. 'cartwright automation changes' lists them.");
}

/// <summary>A planned firing that is due.</summary>
/// <param name="Firing">Its name.</param>
/// <param name="At">When it was planned.</param>
/// <param name="Missed">Firings before it that nobody was there to run.</param>
public sealed record DueFiring(string Firing, DateTimeOffset At, int Missed);
