using Cartwright.Commerce.Runs;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Tells a run of every epoch that is done, with its loss and its metrics.</summary>
internal sealed class EpochProgress : IProgress<TrainingProgress>
{
    private readonly IProgress<RunProgress> _progress;
    private readonly string _stage;

    private EpochProgress(IProgress<RunProgress> progress, string stage) => (_progress, _stage) = (progress, stage);

    /// <returns>Null where nobody listens.</returns>
    public static EpochProgress? Of(IProgress<RunProgress>? progress, string stage) => progress is null ? null : new(progress, stage);

    public void Report(TrainingProgress value)
    {
        if (!value.IsEpochDone)
        {
            return;
        }

        Dictionary<string, double> values = new(value.Metrics, StringComparer.Ordinal) { ["loss"] = value.Loss };
        _progress.Report(new RunProgress(_stage, value.Epoch, value.Epochs, "epochs") { Values = values });
    }
}
