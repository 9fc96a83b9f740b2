using System.Collections.Concurrent;
using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;
using Quartz;

namespace Cartwright.Server.Rules;

/// <summary>Tells the scheduler when rules are due, and starts their runs: by time, by event, by drift.</summary>
/// <remarks>
/// Nothing is scheduled twice: the rules stand in the store, Quartz holds the next moment of each, made anew at every start and at every look. A firing begins one
/// run, whoever is quicker, so a look too many does nothing.
/// </remarks>
public sealed class RuleSchedule(Shop shop, RunService runs, ISchedulerFactory schedulers, TimeProvider clock)
{
    internal const string Group = "rules";

    private static readonly Verb RunVerb = VerbTable.All.Single(verb => verb.RequestType == typeof(RunRequest));

    /// <summary>Runs of the past that an event rule looks back to.</summary>
    private const int LookedBack = 200;

    private readonly ConcurrentDictionary<(string Rule, string Firing), bool> _started = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _driftLooked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _undoLooked = new(StringComparer.Ordinal);

    /// <summary>Starts what is due, and tells the scheduler of what is next.</summary>
    /// <returns>Runs that were started.</returns>
    public async Task<int> LookAsync(CancellationToken cancellationToken = default)
    {
        RulesResponse all = await shop.Automation.RulesAsync(new RulesRequest(), cancellationToken);
        if (all.StoppedAt is not null)
        {
            return 0;   // What comes due meanwhile runs once, when automation is resumed.
        }

        int started = 0;
        IScheduler scheduler = await schedulers.GetScheduler(cancellationToken);
        foreach (RuleStatus status in all.Rules.Where(status => status.Rule.Enabled))
        {
            AutomationRule rule = status.Rule;
            started += await StartDueAsync(rule, cancellationToken) ? 1 : 0;
            await TakeBackAsync(rule, cancellationToken);
            if (await shop.Automation.NextAsync(rule, cancellationToken) is { } next)
            {
                await PlanAsync(scheduler, rule.Id, TimeProvider.System.GetUtcNow() + (next - clock.GetUtcNow()), cancellationToken);
            }
        }

        return started;
    }

    private async Task<bool> StartDueAsync(AutomationRule rule, CancellationToken cancellationToken)
    {
        if (rule.When.Cron is not null)
        {
            return await shop.Automation.DueAsync(rule, cancellationToken) is { } due && await StartAsync(rule, due.Firing, due.Missed, cancellationToken);
        }

        if (rule.When.Event is { } kind)
        {
            string[] words = kind.Split(' ');
            Run[] ended = [.. (await shop.Store.ListRunsAsync(LookedBack, cancellationToken)).Where(run => run.Slice == words[0] && run.Verb == words[1]
                && run.Status == RunStatus.Succeeded && run.EndedAt > rule.SetAt)];
            return ended.Length > 0 && await StartAsync(rule, $"run {ended[0].Id}", missed: 0, cancellationToken);
        }

        return await DriftedAsync(rule, cancellationToken);
    }

    private async Task<bool> DriftedAsync(AutomationRule rule, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (_driftLooked.TryGetValue(rule.Id, out DateTimeOffset looked) && looked.UtcDateTime.Date == now.UtcDateTime.Date)
        {
            return false;
        }

        _driftLooked[rule.Id] = now;
        return await shop.Drift.FiringAsync(rule, new VerbCaller(shop), cancellationToken) is { } firing && await StartAsync(rule, firing, missed: 0, cancellationToken);
    }

    private async Task TakeBackAsync(AutomationRule rule, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (rule.Undo is not null && (!_undoLooked.TryGetValue(rule.Id, out DateTimeOffset looked) || now - looked > TimeSpan.FromHours(1)))
        {
            _undoLooked[rule.Id] = now;
            await shop.Automation.TakeBackAsync(rule, new VerbCaller(shop), cancellationToken);
        }
    }

    private async Task<bool> StartAsync(AutomationRule rule, string firing, int missed, CancellationToken cancellationToken)
    {
        bool isKnown = (await shop.Automation.ListRunsAsync(1_000, cancellationToken)).Any(run => run.RuleId == rule.Id && run.Firing == firing);
        if (isKnown || !_started.TryAdd((rule.Id, firing), true))
        {
            return false;
        }

        await runs.StartAsync(RunVerb, new RunRequest { RuleId = rule.Id, Firing = firing, Missed = missed }, cancellationToken: cancellationToken);
        return true;
    }

    /// <summary>One moment a rule; a rule that was changed gets its new one.</summary>
    private static async Task PlanAsync(IScheduler scheduler, string rule, DateTimeOffset next, CancellationToken cancellationToken)
    {
        var key = new TriggerKey(rule, Group);
        ITrigger trigger = TriggerBuilder.Create().WithIdentity(key).StartAt(next).Build();
        ITrigger? planned = await scheduler.GetTrigger(key, cancellationToken);
        if (planned is null)
        {
            await scheduler.ScheduleJob(JobBuilder.Create<RuleJob>().WithIdentity(rule, Group).Build(), trigger, cancellationToken: cancellationToken);
        }
        else if ((planned.StartTimeUtc - next).Duration() > TimeSpan.FromSeconds(2))
        {
            await scheduler.RescheduleJob(key, trigger, cancellationToken);
        }
    }
}

/// <summary>The scheduler's side of rules: looks at what is due.</summary>
[DisallowConcurrentExecution]
internal sealed partial class RuleJob(RuleSchedule schedule, RuleRecovery recovery, ILogger<RuleJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await recovery.SettleAsync(cancellationToken);
            await schedule.LookAsync(cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Failed(error);   // the next look is a quarter of a minute away
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Rules could not be looked at")]
    private partial void Failed(Exception error);
}

/// <summary>Settles what a process that ended left in the middle; a process that is killed now may be a command, so this is done again and again.</summary>
internal sealed partial class RuleRecovery(Shop shop, ILogger<RuleRecovery> logger)
{
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        int settled = await shop.Automation.RecoverAsync(new VerbCaller(shop), cancellationToken);
        if (settled > 0)
        {
            Settled(settled);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} changes were in the middle when a process ended; their values said whether they had happened")]
    private partial void Settled(int count);
}

/// <summary>Before the server takes requests: settles what was left in the middle, then looks at the rules again and again.</summary>
internal sealed class RuleWatch(RuleRecovery recovery, ISchedulerFactory schedulers) : IHostedService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await recovery.SettleAsync(cancellationToken);
        IScheduler scheduler = await schedulers.GetScheduler(cancellationToken);
        ITrigger trigger = TriggerBuilder.Create().WithIdentity("watch", RuleSchedule.Group).StartNow().WithSimpleSchedule(times => times.WithInterval(Interval).RepeatForever()).Build();
        await scheduler.ScheduleJob(JobBuilder.Create<RuleJob>().WithIdentity("watch", RuleSchedule.Group).Build(), trigger, cancellationToken: cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
