using Cartwright.Learning.Autograd;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Learning.Tables;

/// <summary>How a <see cref="TableNetwork"/> is trained.</summary>
public sealed record TableTrainingOptions
{
    public int Seed { get; init; } = 1;

    /// <summary>Passes over the rows, at most; 1 or more.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Passes without a better validation loss after which training stops, 1 or more.</summary>
    public int Patience { get; init; } = 12;

    /// <summary>Highest rate of the one-cycle schedule; more than 0.</summary>
    public float LearningRate { get; init; } = 0.002f;

    /// <summary>Pulls weights to zero, 0 or more.</summary>
    public float WeightDecay { get; init; } = 0.01f;

    /// <summary>Rows in a batch; null takes a hundredth of the rows, 32 at least and 256 at most.</summary>
    public int? BatchSize { get; init; }
}

/// <summary>Trains a <see cref="TableNetwork"/>, keeping the weights of the epoch with the lowest validation loss.</summary>
public static class TableNetworkTraining
{
    private const int RowsAtOnce = 4096;

    /// <param name="network">Drawn from the same seed.</param>
    /// <param name="train">Rows to learn from, 1 or more.</param>
    /// <param name="targets">One for each row.</param>
    /// <param name="validation">Rows that choose the epoch, with their targets; null trains all epochs.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <exception cref="ShapeException">Rows and targets differ in number, or there are none.</exception>
    public static TrainingResult Fit(TableNetwork network, TableRows train, float[] targets, (TableRows Rows, float[] Targets)? validation,
        TableTrainingOptions options, TimeProvider? clock = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ShapeException.Require(targets.Length == train.Count, $"A table network learns one target for each row; found {targets.Length} targets for {train.Count} rows.");
        if (train.Count == 0)
        {
            throw new ShapeException("There are no rows to learn from.");
        }

        ShuffledBatches batches = new(train.Count, options.BatchSize ?? Math.Clamp(train.Count / 100, 32, 256));
        Adam optimizer = new(network, new AdamOptions { LearningRate = options.LearningRate, WeightDecay = options.WeightDecay, Groups = [ParameterGroup.WithoutDecay] });
        OneCycleSchedule schedule = new(options.LearningRate, options.Epochs * batches.Count, rise: 0.1f);
        Trainer trainer = new(new TrainerOptions
        {
            Seed = options.Seed,
            Epochs = options.Epochs,
            Patience = options.Patience,
            MaxGradientNorm = 5,
            AverageDecay = AverageDecay(batches.Count),
        }, clock ?? TimeProvider.System);
        return trainer.Train(new TrainingPlan
        {
            Model = network,
            Optimizer = optimizer,
            StepsPerEpoch = batches.Count,
            LearningRate = schedule.At,
            Metrics = [new("validation loss", HigherIsBetter: false)],
            Loss = step =>
            {
                int[] rows = batches.Take(step).ToArray();
                return network.Loss(train.Select(rows), Array.ConvertAll(rows, row => targets[row]));
            },
            Validate = validation is not { } held || held.Rows.Count == 0 ? null : () => [MeanLoss(network, held.Rows, held.Targets)],
        }, progress, cancellation);
    }

    /// <summary>The network's outputs for all rows, some thousands at a time.</summary>
    /// <returns>[rows, outputs]</returns>
    public static float[] Predict(TableNetwork network, TableRows rows, int outputCount)
    {
        float[] outputs = new float[rows.Count * outputCount];
        foreach ((int start, TableRows part) in Parts(rows))
        {
            using var noGradient = NoGradient.Begin();
            using var scope = TensorScope.Begin();
            network.Forward(part).Values.CopyTo(outputs.AsSpan(start * outputCount));
        }

        return outputs;
    }

    private static double MeanLoss(TableNetwork network, TableRows rows, float[] targets)
    {
        double sum = 0;
        foreach ((int start, TableRows part) in Parts(rows))
        {
            using var noGradient = NoGradient.Begin();
            using var scope = TensorScope.Begin();
            sum += network.Loss(part, targets[start..(start + part.Count)]).Item() * (double)part.Count;
        }

        return sum / rows.Count;
    }

    private static IEnumerable<(int Start, TableRows Rows)> Parts(TableRows rows)
    {
        for (int start = 0; start < rows.Count; start += RowsAtOnce)
        {
            int end = Math.Min(rows.Count, start + RowsAtOnce);
            yield return (start, start == 0 && end == rows.Count ? rows : rows.Select([.. Enumerable.Range(start, end - start)]));
        }
    }

    // The average reaches back over about half an epoch, whatever its length.
    private static float AverageDecay(int stepsPerEpoch) => 1 - (1f / Math.Max(2, stepsPerEpoch / 2));
}
