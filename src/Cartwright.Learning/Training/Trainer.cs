using Cartwright.Learning.Distributed;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Training;

/// <summary>Runs a plan: epochs, validation, early stopping, checkpoints, resumption to the bit.</summary>
/// <remarks>Everything random in step i follows from the seed and i, so a resumed run draws what an uninterrupted one would have drawn.</remarks>
public sealed class Trainer
{
    private static readonly IReadOnlyDictionary<string, double> NoMetrics = new Dictionary<string, double>(StringComparer.Ordinal);
    private readonly TrainerOptions _options;
    private readonly TimeProvider _clock;
    private bool _isStoppedByAll;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public Trainer(TrainerOptions options, TimeProvider clock)
    {
        options.Validate();
        (_options, _clock) = (options, clock);
    }

    /// <exception cref="ArgumentException">The plan has no batches, or its parts do not fit together.</exception>
    /// <exception cref="IOException">The folder for the checkpoint can't be made or written to.</exception>
    /// <exception cref="Formats.ModelFormatException">The checkpoint is damaged, of another model, or of a training with other settings.</exception>
    /// <exception cref="TrainingDivergedException">Loss, gradient or weights went astray; the last checkpoint stays.</exception>
    /// <exception cref="OperationCanceledException">Stopped; the checkpoint of the last whole epoch is kept.</exception>
    /// <exception cref="DistributedException">Another rank was lost; the checkpoint of the last whole epoch is kept.</exception>
    public TrainingResult Train(TrainingPlan plan, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (plan.StepsPerEpoch < 1)
        {
            throw new ArgumentException($"The plan has {plan.StepsPerEpoch} batches in an epoch, so there is nothing to learn from. Give it 1 or more.", nameof(plan));
        }

        if (plan.Optimizer.FirstWeightOutside(plan.Model) is { } name)
        {
            throw new ArgumentException(
                $"The optimizer holds weight '{name}', which is none of the plan's Model, so training would leave the model as it is. Make the optimizer of the Model or of a part of it.",
                nameof(plan));
        }

        if (plan is { Validate: not null, Metrics.Count: 0 })
        {
            throw new ArgumentException("Metrics is empty, so nothing says which epoch is best. Name in it each number that Validate gives.", nameof(plan));
        }

        if (plan.Metrics.CountBy(metric => metric.Name, StringComparer.Ordinal).FirstOrDefault(metric => metric.Value > 1) is { Key: { } metric })
        {
            throw new ArgumentException($"Metrics has more than one named '{metric}', which the history could not tell apart. Give each a name of its own.", nameof(plan));
        }

        if (plan is { Plateau: not null, Validate: null } or { Plateau: not null, LearningRate: not null })
        {
            throw new ArgumentException("Plateau sets the learning rate by what Validate gives: give Validate too, and no LearningRate.", nameof(plan));
        }

        try
        {
            return TrainAll(plan, progress, cancellationToken);
        }
        catch when (!_isStoppedByAll)
        {
            _options.Group?.Break();
            throw;
        }
    }

    private int Rank => _options.Group?.Rank ?? 0;

    private TrainingResult TrainAll(TrainingPlan plan, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        TrainingPace pace = new(_options, plan.StepsPerEpoch, _clock);
        var state = TrainingState.Start(plan, _options);
        DivergenceGuard guard = new(_options.MaxLossGrowth, state.CheckpointPath);
        using GradientExchange? exchange = _options.Group is { } group ? new GradientExchange(group, plan.Model) : null;
        while (state.Epoch < _options.Epochs && state.ValidationsSinceBest < _options.Patience && !IsOutOfTime(pace))
        {
            if (plan.Plateau is { } plateau)
            {
                plan.Optimizer.LearningRate = plateau.After(state.Qualities, plan.Metrics[0].HigherIsBetter);
            }

            double loss = TrainEpoch(plan, exchange, state, guard, pace, progress, cancellationToken);
            state.Epoch++;
            guard.CheckWeights(plan, state.Epoch);

            IReadOnlyDictionary<string, double> metrics = NoMetrics;
            if (plan.Validate is { } validate && (state.Epoch % _options.ValidationInterval == 0 || state.Epoch == _options.Epochs))
            {
                state.Average?.Swap();
                try
                {
                    metrics = Named(plan.Metrics, OfRankZero(plan.Metrics.Count, validate));
                    state.Judge(metrics[plan.Metrics[0].Name], plan.Metrics[0].HigherIsBetter);
                }
                finally
                {
                    state.Average?.Swap();
                }
            }

            state.History.Add(new TrainingEpoch(state.Epoch, loss, metrics));
            if (Rank == 0)
            {
                state.SaveCheckpoint();
            }

            progress?.Report(pace.Report(state.Epoch, plan.StepsPerEpoch, loss, metrics));
        }

        return state.Finish();
    }

    private double TrainEpoch(TrainingPlan plan, GradientExchange? exchange, TrainingState state, DivergenceGuard guard, TrainingPace pace,
        IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int epoch = state.Epoch;
        ulong epochSeed = Seeds.Mix((ulong)_options.Seed, (ulong)epoch);
        double sum = 0;
        plan.Model.IsTraining = true;
        try
        {
            for (int index = 0; index < plan.StepsPerEpoch; index++)
            {
                int done = index + 1;
                bool isStep = done % _options.GradientAccumulation == 0 || done == plan.StepsPerEpoch;
                sum += AddGradients(plan, exchange, epoch, index, epochSeed, isStep, guard, cancellationToken);
                if (isStep)
                {
                    ChangeWeights(plan, state, guard, index);
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

    private double AddGradients(TrainingPlan plan, GradientExchange? exchange, int epoch, int index, ulong epochSeed, bool isStep,
        DivergenceGuard guard, CancellationToken cancellationToken)
    {
        ulong seed = Seeds.Mix(epochSeed, (ulong)index + 1);
        TrainingStep step = new(epoch, index, epochSeed, seed);

        // Ranks sample alike and drop differently, as the examples of one large batch would.
        using var scope = TensorScope.Begin(Rank == 0 ? seed : Seeds.Mix(seed, (ulong)Rank));
        Tensor loss = plan.Loss(step);
        ShapeException.Require(loss.Length == 1, $"The plan's Loss gives one number (take Mean() or Sum()); found {loss}.");
        GradientExchange.Meeting meeting = exchange?.Meet(loss, plan.Examples?.Invoke(step) ?? 1, cancellationToken.IsCancellationRequested)
            ?? new(loss.Item(), 1, cancellationToken.IsCancellationRequested);
        if (meeting.IsStopping)
        {
            _isStoppedByAll = true;
            throw new OperationCanceledException("The training was asked to stop.", cancellationToken);
        }

        guard.CheckLoss((float)meeting.Loss, epoch + 1, index + 1);

        // The last group of an epoch may be smaller.
        int group = Math.Min(_options.GradientAccumulation, plan.StepsPerEpoch - (index / _options.GradientAccumulation * _options.GradientAccumulation));
        float factor = meeting.Factor / group;
        Tensor share = factor == 1 ? loss : loss * factor;
        if (exchange is not null && isStep)
        {
            exchange.Backward(share);
        }
        else
        {
            share.Backward();
        }

        return meeting.Loss;
    }

    private void ChangeWeights(TrainingPlan plan, TrainingState state, DivergenceGuard guard, int index)
    {
        double norm = plan.Optimizer.ClipGradients(_options.MaxGradientNorm ?? double.PositiveInfinity);
        guard.CheckGradient(norm, state.Epoch + 1, index + 1);
        if (plan.LearningRate is { } rate)
        {
            plan.Optimizer.LearningRate = rate(plan.Optimizer.StepCount);
        }

        plan.Optimizer.Step();
        plan.AfterStep?.Invoke();
        state.Average?.Update();
    }

    private double[] OfRankZero(int count, Func<IReadOnlyList<double>> compute)
    {
        double[] values = Rank == 0 ? [.. compute()] : new double[count];
        _options.Group?.Broadcast(values.AsSpan());
        return values;
    }

    private bool IsOutOfTime(TrainingPace pace) => _options.Group is null
        ? pace.IsOutOfTime
        : OfRankZero(1, () => [pace.IsOutOfTime ? 1 : 0])[0] > 0;

    private static Dictionary<string, double> Named(IReadOnlyList<ValidationMetric> metrics, double[] values)
    {
        ShapeException.Require(values.Length == metrics.Count, $"Validation gives one number for each of its {metrics.Count} metrics; it gave {values.Length}.");
        return metrics.Zip(values).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
    }
}
