using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Observing;
using Cartwright.Server.Verbs;
using Cartwright.Storage;
using Quartz;

namespace Cartwright.Server.Runs;

/// <summary>A change of a run: its new state, a point of its chart, or both.</summary>
public sealed record RunEvent(Run Run, RunPoint? Point);

/// <summary>Starts, cancels, lists and watches runs. One works at a time, the others wait in order.</summary>
/// <remarks>The queue is Quartz's, in memory: runs that wait when the process ends are Interrupted at the next start.</remarks>
public sealed class RunService(Shop shop, RunRecorder recorder, ISchedulerFactory schedulers, TimeProvider clock, Measures measures) : IDisposable
{
    private const string Group = "runs";
    private static readonly TimeSpan StopTime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, LiveRun> _live = new(StringComparer.Ordinal);

    /// <summary>Queues a long verb and returns at once.</summary>
    /// <param name="afterwards">Done when the run has ended, however it ended; for files that it alone needed.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">The request breaks a rule of its record.</exception>
    /// <exception cref="NotFoundException">It asks for something that is not there.</exception>
    public Task<Run> StartAsync(Verb verb, object request, Action? afterwards = null, CancellationToken cancellationToken = default) =>
        StartAsync(verb, _ => request, afterwards, cancellationToken);

    /// <param name="request">Makes the request from the run's folder, for verbs that write files there.</param>
    /// <inheritdoc cref="StartAsync(Verb, object, Action, CancellationToken)"/>
    public async Task<Run> StartAsync(Verb verb, Func<string, object> request, Action? afterwards = null,
        CancellationToken cancellationToken = default)
    {
        (Run run, object made) = recorder.NewRun(verb, request);
        await verb.CheckAsync(shop, made, cancellationToken);
        var live = new LiveRun(run, verb, made, recorder.Take(run.Id), afterwards);
        _live[run.Id] = live;
        try
        {
            await shop.Store.SaveRunAsync(run, cancellationToken);
            IScheduler scheduler = await schedulers.GetScheduler(cancellationToken);
            IJobDetail job = JobBuilder.Create<RunJob>().WithIdentity(run.Id, Group).Build();
            ITrigger trigger = TriggerBuilder.Create().WithIdentity(run.Id, Group).StartNow().Build();
            await scheduler.ScheduleJob(job, trigger, cancellationToken: cancellationToken);
        }
        catch
        {
            Forget(live);
            throw;
        }

        return run;
    }

    /// <summary>Cancels a run that waits or works here.</summary>
    /// <returns>The run as it is now; a run that works stops soon after.</returns>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    /// <exception cref="RunEndedException">It has ended, or another process does it.</exception>
    public async Task<Run> CancelAsync(string id, CancellationToken cancellationToken = default)
    {
        Run run = await FindAsync(id, cancellationToken) ?? throw NoSuchRun(id);
        if (!_live.TryGetValue(id, out LiveRun? live))
        {
            throw new RunEndedException(run.Status is RunStatus.Queued or RunStatus.Running
                ? $"Run {id} is done by another process; stop it there with Ctrl-C."
                : $"Run {id} has ended already: {run.Status.ToString().ToLowerInvariant()}.");
        }

        live.Cancel();
        IScheduler scheduler = await schedulers.GetScheduler(cancellationToken);
        if (live.TryEndWaiting() && await scheduler.DeleteJob(new JobKey(id, Group), cancellationToken))
        {
            Run canceled = live.Run with { Status = RunStatus.Canceled, EndedAt = clock.GetUtcNow() };
            await shop.Store.SaveRunAsync(canceled, CancellationToken.None);
            live.Changed(canceled);
            Forget(live);
        }

        return live.Run;
    }

    public async Task<Run?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        _live.TryGetValue(id, out LiveRun? live) ? live.Run : await shop.Store.FindRunAsync(id, cancellationToken);

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<Run>> ListAsync(int count, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<Run> stored = await shop.Store.ListRunsAsync(count, cancellationToken);
        return [.. stored.Select(run => _live.TryGetValue(run.Id, out LiveRun? live) ? live.Run : run)];
    }

    /// <summary>All points so far, oldest first.</summary>
    public Task<IReadOnlyList<RunPoint>> PointsAsync(string id, CancellationToken cancellationToken = default) =>
        shop.Store.ListRunPointsAsync(id, cancellationToken);

    /// <summary>The run's points so far and every change from now on; ends when the run has ended.</summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    public async IAsyncEnumerable<RunEvent> WatchAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Run run = await FindAsync(id, cancellationToken) ?? throw NoSuchRun(id);
        int seen = 0;
        Run? told = null;
        while (true)
        {
            // Taken before the state is read, so that a change in between wakes the wait below.
            Task? change = _live.TryGetValue(id, out LiveRun? live) ? live.NextChange : null;
            run = await FindAsync(id, cancellationToken) ?? run;
            List<RunPoint> points = live?.PointsSince(seen) ?? [.. (await PointsAsync(id, cancellationToken)).Skip(seen)];
            foreach (RunPoint point in points)
            {
                yield return new RunEvent(run, point);
            }

            seen += points.Count;
            if (told != run)
            {
                told = run;
                yield return new RunEvent(run, Point: null);
            }

            if (run.Status is not (RunStatus.Queued or RunStatus.Running))
            {
                yield break;
            }

            // A run of another process tells nobody: look again after a while.
            await (change ?? Task.Delay(RunRecorder.PointInterval, clock, cancellationToken)).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Lets go of what still waits, when the server ends; the next start marks it as interrupted.</summary>
    public void Dispose()
    {
        foreach (LiveRun live in _live.Values)
        {
            Forget(live);
        }
    }

    /// <summary>Marks runs as interrupted whose process is gone. Done once, when the server starts.</summary>
    internal async Task<int> MarkInterruptedAsync(CancellationToken cancellationToken)
    {
        int count = 0;
        foreach (Run run in await shop.Store.ListRunsAsync(1000, cancellationToken))
        {
            if (run.Status is not (RunStatus.Queued or RunStatus.Running))
            {
                continue;
            }

            using RunLock? held = RunLock.TryTake(recorder.FolderOf(run.Id));
            if (held is not null)
            {
                await shop.Store.SaveRunAsync(run with
                {
                    Status = RunStatus.Interrupted,
                    EndedAt = clock.GetUtcNow(),
                    Error = "The process that did it ended. A training can be resumed with resumeRunId.",
                }, cancellationToken);
                count++;
            }
        }

        return count;
    }

    /// <summary>Does a queued run; called by the scheduler's one worker.</summary>
    internal async Task DoAsync(string id, CancellationToken cancellationToken)
    {
        if (!_live.TryGetValue(id, out LiveRun? live) || !live.TryStart())
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(live.Canceled, cancellationToken);
        try
        {
            await recorder.ExecuteAsync(live.Run, live.Verb, live.Request, live, stop.Token);
        }
        finally
        {
            Forget(live);
            measures.RunEnded(live.Run.Slice, live.Run.Verb, live.Run.Status.ToString());
        }
    }

    /// <summary>Stops the runs under way that have read what shoppers did; somebody of them is forgotten now.</summary>
    /// <returns>What they did, to be started again.</returns>
    internal async Task<IReadOnlyList<(Verb Verb, object Request)>> StopReadersAsync()
    {
        LiveRun[] reading = [.. _live.Values.Where(live => live.Run.Status == RunStatus.Running && ReadsShoppers(live.Verb))];
        foreach (LiveRun live in reading)
        {
            live.Cancel();
        }

        try
        {
            await Task.WhenAll(reading.Select(live => live.Ended)).WaitAsync(StopTime, clock);
        }
        catch (TimeoutException)
        {
            // It ends at its next step; what it makes is judged by its time as any other.
        }

        return [.. reading.Select(live => (live.Verb, live.Request))];
    }

    private static bool ReadsShoppers(Verb verb) => verb.Slice is "recommendation" or "behavior" || verb.Name is "train" or "export";

    private void Forget(LiveRun live)
    {
        _live.TryRemove(live.Run.Id, out _);
        live.Dispose();
    }

    private static NotFoundException NoSuchRun(string id) => new($"There is no run '{id}'. GET /v1/runs lists them.");
}

/// <summary>What was asked can't be done to a run that has ended.</summary>
public sealed class RunEndedException(string message) : Exception(message);
