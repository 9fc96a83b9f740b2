namespace Cartwright.Learning.Training;

/// <summary>Where a training is; reported after every epoch, and about every second inside one.</summary>
/// <param name="Epoch">The epoch under way or just done, from 1.</param>
/// <param name="Epochs">Epochs at most.</param>
/// <param name="Step">Batches of the epoch that are done.</param>
/// <param name="StepsPerEpoch">Batches in an epoch.</param>
/// <param name="Loss">Mean over those that are done.</param>
/// <param name="Metrics">What validation gave after the epoch, by name; empty inside an epoch, and after one without validation.</param>
/// <param name="StepsPerSecond">Batches a second since this run began, validation's time counted.</param>
/// <param name="TimeLeft">Until the last epoch or the time limit is reached, at this rate; early stopping makes it less.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, int Step, int StepsPerEpoch, double Loss,
    IReadOnlyDictionary<string, double> Metrics, double StepsPerSecond, TimeSpan TimeLeft)
{
    public bool IsEpochDone => Step == StepsPerEpoch;
}

/// <param name="Number">From 1.</param>
/// <param name="Loss">Mean over the epoch's batches.</param>
/// <param name="Metrics">What validation gave, by name; empty where there was none after this epoch.</param>
public sealed record TrainingEpoch(int Number, double Loss, IReadOnlyDictionary<string, double> Metrics);

/// <param name="Epochs">Epochs done.</param>
/// <param name="BestEpoch">The epoch whose weights the model has now, from 1.</param>
/// <param name="BestQuality">What the first metric was then; NaN without validation.</param>
public sealed record TrainingResult(int Epochs, int BestEpoch, double BestQuality, IReadOnlyList<TrainingEpoch> History);
