using Cartwright.Commerce.Runs;
using Cartwright.Server.Verbs;

namespace Cartwright.Server.Runs;

/// <summary>A run of this process that waits or works.</summary>
internal sealed class LiveRun(Run run, Verb verb, object request, RunLock held, Action? afterwards) : IRunWatch, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly Lock _lock = new();
    private readonly List<RunPoint> _points = [];
    private volatile Run _run = run;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isTaken;

    public Run Run => _run;

    public Verb Verb { get; } = verb;

    public object Request { get; } = request;

    public CancellationToken Canceled => _cancel.Token;

    public RunStatus StatusWhenStopped => _cancel.IsCancellationRequested ? RunStatus.Canceled : RunStatus.Interrupted;

    /// <summary>Done once nothing of it works any more.</summary>
    public Task Ended => _ended.Task;

    public Task NextChange => Volatile.Read(ref _change).Task;

    public bool TryStart() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    public bool TryEndWaiting() => TryStart();

    public void Cancel() => _cancel.Cancel();

    public List<RunPoint> PointsSince(int index)
    {
        lock (_lock)
        {
            return index < _points.Count ? _points.GetRange(index, _points.Count - index) : [];
        }
    }

    public void Changed(Run run) => Tell(run, point: null);

    public void Reported(Run run, RunPoint point, bool isKept)
    {
        if (isKept)
        {
            Tell(run, point);
        }
        else
        {
            _run = run;
        }
    }

    public void Dispose()
    {
        held.Dispose();
        _cancel.Dispose();
        afterwards?.Invoke();
        _ended.TrySetResult();
        Volatile.Read(ref _change).TrySetResult();
    }

    private void Tell(Run run, RunPoint? point)
    {
        lock (_lock)
        {
            if (point is not null)
            {
                _points.Add(point);
            }

            _run = run;
        }

        Interlocked.Exchange(ref _change, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
