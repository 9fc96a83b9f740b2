namespace Cartwright.Learning.Training;

/// <summary>How fast a run goes and how long it still takes.</summary>
internal sealed class TrainingPace(TrainerOptions options, int stepsPerEpoch, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly long _startedAt = clock.GetTimestamp();
    private long _reportedAt = clock.GetTimestamp();
    private long _steps;

    public bool IsOutOfTime => options.TimeLimit is { } limit && clock.GetElapsedTime(_startedAt) >= limit;

    /// <summary>Counts a batch.</summary>
    /// <returns>True about once a second.</returns>
    public bool Count()
    {
        _steps++;
        if (clock.GetElapsedTime(_reportedAt) < Interval)
        {
            return false;
        }

        _reportedAt = clock.GetTimestamp();
        return true;
    }

    public TrainingProgress Report(int epoch, int step, double loss, IReadOnlyDictionary<string, double> metrics)
    {
        TimeSpan elapsed = clock.GetElapsedTime(_startedAt);
        double seconds = Math.Max(elapsed.TotalSeconds, 1e-9);
        long left = ((long)(options.Epochs - epoch) * stepsPerEpoch) + (stepsPerEpoch - step);
        double secondsLeft = Math.Min(left * seconds / _steps, TimeSpan.MaxValue.TotalSeconds / 2);
        if (options.TimeLimit is { } limit)
        {
            secondsLeft = Math.Min(secondsLeft, Math.Max(0, (limit - elapsed).TotalSeconds));
        }

        return new TrainingProgress(
            epoch, options.Epochs, step, stepsPerEpoch, loss, metrics, _steps / seconds, TimeSpan.FromSeconds(secondsLeft));
    }
}
