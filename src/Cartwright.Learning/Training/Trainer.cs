using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Training;

/// <summary>Runs a plan: epochs, validation, early stopping, checkpoints, resumption to the bit.</summary>
/// <remarks>Everything random in step i follows from the seed and i, so a resumed run draws what an uninterrupted one would have drawn.</remarks>
public sealed class Trainer
{
    private static readonly IReadOnlyDictionary<string, double> NoMetrics = new Dictionary<string, double>(StringComparer.Ordinal);
    private readonly TrainerOptions _options;
    private readonly TimeProvider _clock;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public Trainer(TrainerOptions options, TimeProvider clock)
    {
        options.Validate();
        (_options, _clock) = (options, clock);
    }

    /// <exception cref="TrainingDivergedException">Loss or gradient went astray; the model has the weights of the step before, and the last checkpoint stays.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the checkpoint of the last whole epoch is kept.</exception>
    public TrainingResult Train(TrainingPlan plan, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        TrainingPace pace = new(_options, plan.StepsPerEpoch, _clock);
        DivergenceGuard guard = new(_options.MaxLossGrowth);
        var state = TrainingState.Start(plan, _options);
        while (state.Epoch < _options.Epochs && state.ValidationsSinceBest < _options.Patience && !pace.IsOutOfTime)
        {
            double loss = TrainEpoch(plan, state.Epoch, guard, pace, progress, cancellationToken);
            state.Epoch++;

            IReadOnlyDictionary<string, double> metrics = NoMetrics;
            if (plan.Validate is { } validate && (state.Epoch % _options.ValidationInterval == 0 || state.Epoch == _options.Epochs))
            {
                metrics = Named(plan.Metrics, validate());
                state.Judge(metrics[plan.Metrics[0].Name], plan.Metrics[0].HigherIsBetter);
            }

            state.History.Add(new TrainingEpoch(state.Epoch, loss, metrics));
            state.SaveCheckpoint();
            progress?.Report(pace.Report(state.Epoch, plan.StepsPerEpoch, loss, metrics));
        }

        return state.Finish();
    }

    private double TrainEpoch(TrainingPlan plan, int epoch, DivergenceGuard guard, TrainingPace pace,
        IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ulong epochSeed = Seeds.Mix((ulong)_options.Seed, (ulong)epoch);
        double sum = 0;
        plan.Model.IsTraining = true;
        try
        {
            for (int index = 0; index < plan.StepsPerEpoch; index++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                sum += AddGradients(plan, epoch, index, epochSeed, guard);
                int done = index + 1;
                if (done % _options.GradientAccumulation == 0 || done == plan.StepsPerEpoch)
                {
                    ChangeWeights(plan, epoch, index);
                }

                if (pace.Count() && done < plan.StepsPerEpoch)
                {
                    progress?.Report(pace.Report(epoch + 1, done, sum / done, NoMetrics));
                }
            }
        }
        finally
        {
            plan.Model.IsTraining = false;
        }

        return sum / plan.StepsPerEpoch;
    }

    private double AddGradients(TrainingPlan plan, int epoch, int index, ulong epochSeed, DivergenceGuard guard)
    {
        ulong seed = Seeds.Mix(epochSeed, (ulong)index + 1);
        using var scope = TensorScope.Begin(seed);
        Tensor loss = plan.Loss(new TrainingStep(epoch, index, epochSeed, seed));
        float value = loss.Item();
        guard.CheckLoss(value, epoch + 1, index + 1);

        // The last group of an epoch may be smaller.
        int group = Math.Min(_options.GradientAccumulation, plan.StepsPerEpoch - (index / _options.GradientAccumulation * _options.GradientAccumulation));
        (group == 1 ? loss : loss * (1f / group)).Backward();
        return value;
    }

    private void ChangeWeights(TrainingPlan plan, int epoch, int index)
    {
        double norm = plan.Optimizer.ClipGradients(_options.MaxGradientNorm ?? double.PositiveInfinity);
        DivergenceGuard.CheckGradient(norm, epoch + 1, index + 1);
        plan.Optimizer.Step();
        plan.AfterStep?.Invoke();
    }

    private static Dictionary<string, double> Named(IReadOnlyList<ValidationMetric> metrics, IReadOnlyList<double> values)
    {
        ShapeException.ThrowUnlessEqual(values.Count, metrics.Count);
        return metrics.Zip(values).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
    }
}
