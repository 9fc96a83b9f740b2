using Cartwright.Learning.Layers;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Training;

/// <summary>What is trained, and how one step of it goes.</summary>
public sealed record TrainingPlan
{
    public required Module Model { get; init; }

    public required Optimizer Optimizer { get; init; }

    /// <summary>Steps in one pass over the data, 1 or more.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>The loss of one batch: a scalar.</summary>
    public required Func<TrainingStep, Tensor> Loss { get; init; }

    /// <summary>Quality on validation data after an epoch, higher is better; null trains all epochs and keeps the last weights.</summary>
    public Func<double>? Validate { get; init; }

    /// <summary>Name of what <see cref="Validate"/> gives: "ndcg@10".</summary>
    public string Metric { get; init; } = "validation";
}

/// <param name="Epoch">From 0.</param>
/// <param name="Index">Step in the epoch, from 0.</param>
/// <param name="EpochSeed">The same for all steps of an epoch: for shuffling.</param>
/// <param name="Seed">Of this step alone: for sampling.</param>
public readonly record struct TrainingStep(int Epoch, int Index, ulong EpochSeed, ulong Seed);

public sealed record TrainerOptions
{
    public required int Seed { get; init; }

    /// <summary>Passes over the data, at most; 1 or more.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Epochs between two validations; 1 or more. Larger is quicker and stops later.</summary>
    public int ValidationInterval { get; init; } = 1;

    /// <summary>Validations without a new best after which training stops.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Wall time after which training stops with the best weights so far.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Largest length of the gradient of a step; null for no limit.</summary>
    public float? MaxGradientNorm { get; init; }

    /// <summary>Folder for <c>checkpoint.safetensors</c>, written after every epoch; null for none. One that is there is resumed.</summary>
    public string? CheckpointFolder { get; init; }
}

/// <param name="Epoch">Epochs done.</param>
/// <param name="Epochs">Epochs at most.</param>
/// <param name="Loss">Mean over the epoch's steps.</param>
/// <param name="Quality">What validation gave, where there was one after this epoch.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, double Loss, double? Quality, string Metric);

/// <param name="Epochs">Epochs done.</param>
/// <param name="BestEpoch">The epoch whose weights the model has now, from 1.</param>
/// <param name="BestQuality">What validation gave then; NaN without validation.</param>
public sealed record TrainingResult(int Epochs, int BestEpoch, double BestQuality, IReadOnlyList<TrainingProgress> History);

/// <summary>Runs a plan: epochs, validation, early stopping, checkpoints, resumption to the bit.</summary>
/// <remarks>Everything random in step i follows from the seed and i, so a resumed run draws what an uninterrupted one would have drawn.</remarks>
public sealed class Trainer(TrainerOptions options, TimeProvider clock)
{
    /// <exception cref="TrainingDivergedException">The loss is no number any more; the last checkpoint stays.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the checkpoint of the last whole epoch is kept.</exception>
    public TrainingResult Train(TrainingPlan plan, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        long startedAt = clock.GetTimestamp();
        var state = TrainingState.Start(plan, options);
        while (state.Epoch < options.Epochs && state.ValidationsSinceBest < options.Patience && !IsOutOfTime(startedAt))
        {
            double loss = TrainEpoch(plan, state.Epoch, cancellationToken);
            state.Epoch++;

            double? quality = null;
            if (plan.Validate is { } validate && (state.Epoch % options.ValidationInterval == 0 || state.Epoch == options.Epochs))
            {
                quality = validate();
                state.Judge(quality.Value);
            }

            TrainingProgress done = new(state.Epoch, options.Epochs, loss, quality, plan.Metric);
            state.History.Add(done);
            state.SaveCheckpoint();
            progress?.Report(done);
        }

        return state.Finish();
    }

    private double TrainEpoch(TrainingPlan plan, int epoch, CancellationToken cancellationToken)
    {
        ulong epochSeed = Seeds.Mix((ulong)options.Seed, (ulong)epoch);
        double sum = 0;
        plan.Model.IsTraining = true;
        try
        {
            for (int index = 0; index < plan.StepsPerEpoch; index++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ulong seed = Seeds.Mix(epochSeed, (ulong)index + 1);
                using var scope = TensorScope.Begin(seed);
                Tensor loss = plan.Loss(new TrainingStep(epoch, index, epochSeed, seed));
                float value = loss.Item();
                if (!float.IsFinite(value))
                {
                    throw new TrainingDivergedException(epoch + 1, index + 1, value);
                }

                sum += value;
                loss.Backward();
                if (options.MaxGradientNorm is { } maxNorm)
                {
                    plan.Optimizer.ClipGradients(maxNorm);
                }

                plan.Optimizer.Step();
            }
        }
        finally
        {
            plan.Model.IsTraining = false;
        }

        return sum / plan.StepsPerEpoch;
    }

    private bool IsOutOfTime(long startedAt) => options.TimeLimit is { } limit && clock.GetElapsedTime(startedAt) >= limit;
}

/// <summary>The loss became infinite or no number.</summary>
public sealed class TrainingDivergedException(int epoch, int step, float loss)
    : Exception($"The loss was {loss} in epoch {epoch}, step {step}. Lower the learning rate or limit the gradient norm; the last checkpoint is unharmed.");
