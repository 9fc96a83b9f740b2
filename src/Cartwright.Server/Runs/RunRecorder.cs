using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Verbs;
using Cartwright.Storage;

namespace Cartwright.Server.Runs;

/// <summary>Does long verbs and keeps, in the store, what becomes of them: one run each, with the points of its chart.</summary>
public sealed class RunRecorder(Shop shop, TimeProvider clock)
{
    /// <summary>Points closer together than this are not stored, the first of a stage and points with new figures aside.</summary>
    public static readonly TimeSpan PointInterval = TimeSpan.FromSeconds(1);

    /// <summary>Figures may come faster than plain progress, but not without end.</summary>
    private static readonly TimeSpan FigureInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Does a long verb now, as the command line does, and records it as a run.</summary>
    /// <exception cref="ValidationException">The request was refused before any work was done; no run is recorded.</exception>
    /// <exception cref="OperationCanceledException">It was canceled; what was done so far is kept.</exception>
    public async Task<object> RunAsync(Verb verb, object request, IProgress<RunProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        (Run run, _) = NewRun(verb, _ => request);
        try
        {
            using RunLock held = Take(run.Id);
            return await ExecuteAsync(run, verb, request, new Relay(progress), cancellationToken, isKnown: false);
        }
        catch (Exception error) when (Http.Problems.IsMeantForCallers(error))
        {
            if (await shop.Store.FindRunAsync(run.Id, CancellationToken.None) is null && Directory.Exists(FolderOf(run.Id)))
            {
                Directory.Delete(FolderOf(run.Id), recursive: true);
            }

            throw;
        }
    }

    /// <summary>The folder of a run's checkpoint and files.</summary>
    public string FolderOf(string runId) => Path.Combine(shop.Folder, "runs", Path.GetFileName(runId));

    /// <param name="request">Makes the request from the run's folder.</param>
    /// <returns>The run, not stored yet, and its request.</returns>
    /// <exception cref="ValidationException">The request breaks a rule of its record.</exception>
    internal (Run Run, object Request) NewRun(Verb verb, Func<string, object> request)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string id = $"{now:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..6]}";
        object made = request(FolderOf(id));
        verb.Validate(made, clock);
        return (new Run { Id = id, Slice = verb.Slice, Verb = verb.Name, Request = JsonSerializer.Serialize(made, verb.RequestType, WireJson.Options), CreatedAt = now }, made);
    }

    internal RunLock Take(string runId) => RunLock.TryTake(FolderOf(runId))
        ?? throw new StorageException($"Run {runId} is being worked on by another process.", isTransient: true);

    /// <summary>Does the work of a run, whose lock the caller holds, and stores every change of it.</summary>
    /// <param name="isKnown">False where nobody has heard of the run yet: it is stored once it reports something or ends, and not at all where it is refused before.</param>
    internal async Task<object> ExecuteAsync(Run run, Verb verb, object request, IRunWatch watch, CancellationToken cancellationToken, bool isKnown = true)
    {
        run = run with { Status = RunStatus.Running, StartedAt = clock.GetUtcNow() };
        if (isKnown)
        {
            await shop.Store.SaveRunAsync(run, CancellationToken.None);
        }

        watch.Changed(run);

        var reporter = new Reporter(this, run, watch);
        Task writing = reporter.WriteAsync(shop.Store);
        try
        {
            object response = await verb.InvokeAsync(shop, request, reporter, cancellationToken);
            await EndAsync(RunStatus.Succeeded, result: JsonSerializer.Serialize(response, verb.ResponseType, WireJson.Options));
            return response;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await EndAsync(watch.StatusWhenStopped);
            throw;
        }
        catch (Exception error)
        {
            await EndAsync(RunStatus.Failed, error: Explain(error), isRefused: Http.Problems.IsMeantForCallers(error));
            throw;
        }

        async Task EndAsync(RunStatus status, string? result = null, string? error = null, bool isRefused = false)
        {
            reporter.Complete();
            await writing;
            if (isRefused && !isKnown && reporter.Run.Progress is null)
            {
                return;
            }

            Run ended = reporter.Run with { Status = status, EndedAt = clock.GetUtcNow(), Result = result, Error = error };
            await shop.Store.SaveRunAsync(ended, CancellationToken.None);
            watch.Changed(ended);
        }
    }

    /// <summary>Errors made for people are shown as they are; of others the log has the details.</summary>
    private static string Explain(Exception error) => Http.Problems.IsMeantForCallers(error)
        ? error.Message
        : $"It failed for a reason inside Cartwright ({error.GetType().Name}). The server's log has the details.";

    /// <summary>What the verb sees: takes its progress at any rate, passes it on, and lets one writer store it.</summary>
    private sealed class Reporter(RunRecorder recorder, Run run, IRunWatch watch) : IRunReporter
    {
        private readonly System.Threading.Channels.Channel<RunPoint> _points =
            System.Threading.Channels.Channel.CreateUnbounded<RunPoint>(new() { SingleReader = true });

        private readonly Lock _lock = new();
        private Run _run = run;
        private RunPoint? _last;

        public Run Run => _run;

        public string RunId => _run.Id;

        public string Folder => recorder.FolderOf(RunId);

        public string FolderOf(string runId) => recorder.FolderOf(runId);

        public void Report(RunProgress value)
        {
            lock (_lock)
            {
                var point = new RunPoint(recorder.Now, value);
                _run = _run with { Progress = value };
                bool isKept = _last is null || _last.Progress.Stage != value.Stage
                    || point.At - _last.At >= (value.Values.Count > 0 ? FigureInterval : PointInterval);
                if (isKept)
                {
                    _last = point;
                    _points.Writer.TryWrite(point);
                }

                watch.Reported(_run, point, isKept);
            }
        }

        public void Complete()
        {
            lock (_lock)
            {
                if (_run.Progress is { } progress && _last is { } last && !ReferenceEquals(last.Progress, progress))
                {
                    var point = new RunPoint(recorder.Now, progress);   // the last word is always kept
                    _points.Writer.TryWrite(point);
                    watch.Reported(_run, point, isKept: true);
                }

                _points.Writer.Complete();
            }
        }

        public async Task WriteAsync(IRunStore store)
        {
            await foreach (RunPoint point in _points.Reader.ReadAllAsync())
            {
                await store.SaveRunAsync(_run);       // before its points: a run that nobody knew of is stored with its first
                await store.AddRunPointAsync(RunId, point);
            }
        }
    }

    private DateTimeOffset Now => clock.GetUtcNow();

    private sealed class Relay(IProgress<RunProgress>? progress) : IRunWatch
    {
        public RunStatus StatusWhenStopped => RunStatus.Canceled;

        public void Changed(Run run)
        {
        }

        public void Reported(Run run, RunPoint point, bool isKept) => progress?.Report(point.Progress);
    }
}

/// <summary>Sees a run change as it happens.</summary>
internal interface IRunWatch
{
    /// <summary>Canceled where somebody asked for it, Interrupted where the process ends.</summary>
    RunStatus StatusWhenStopped { get; }

    void Changed(Run run);

    void Reported(Run run, RunPoint point, bool isKept);
}
