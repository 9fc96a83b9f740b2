using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Behavior;

/// <summary>Trains a <see cref="SessionNetwork"/>; validation sessions choose the epoch and set the chances right.</summary>
internal static class SessionTrainer
{
    public const int DefaultEpochs = 16;

    private const int MostSessionsOfBatch = 256;
    private const int FewestSessionsOfBatch = 16;
    private const int BatchesOfEpoch = 60;
    private const float LearningRate = 0.004f;

    /// <param name="train">Sessions to learn from, read.</param>
    /// <param name="validation">Sessions that began after them.</param>
    public static SessionModel Train(SessionBatch train, SessionBatch validation, SessionVocabulary vocabulary, bool hasTimes, int seed, int? epochs, TimeProvider clock,
        IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        var options = new SessionNetworkOptions { ProductCount = vocabulary.ProductCount, CategoryCount = vocabulary.CategoryCount, BrandCount = vocabulary.BrandCount };
        var network = new SessionNetwork(options, Seeds.Random((ulong)seed, 0));
        var batches = new ShuffledBatches(train.Count, Math.Clamp(train.Count / BatchesOfEpoch, FewestSessionsOfBatch, MostSessionsOfBatch));
        int most = epochs ?? DefaultEpochs;
        var schedule = new OneCycleSchedule(LearningRate, most * batches.Count, rise: 0.1f);
        var trainer = new Trainer(new TrainerOptions { Seed = seed, Epochs = most, Patience = 6, MaxGradientNorm = 5, AverageDecay = 1 - (1f / Math.Max(2, batches.Count / 2)) }, clock);
        trainer.Train(new TrainingPlan
        {
            Model = network,
            Optimizer = new Adam(network, new AdamOptions { LearningRate = LearningRate, WeightDecay = 0.3f, Groups = [ParameterGroup.WithoutDecay] }),
            StepsPerEpoch = batches.Count,
            LearningRate = schedule.At,
            Metrics = [new("validation loss", HigherIsBetter: false)],
            Loss = step => network.Loss(train.Take(batches.Take(step))),
            Validate = () => [MeanLoss(network, validation)],
        }, progress is null ? null : new Epochs(progress), cancellation);
        return new SessionModel(network, vocabulary, Calibrate(network, validation), hasTimes);
    }

    private static double MeanLoss(SessionNetwork network, SessionBatch batch)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        return network.Loss(batch).Item();
    }

    private static SessionCalibration Calibrate(SessionNetwork network, SessionBatch validation)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        (Tensor outcomes, Tensor actions, _) = network.Forward(validation);
        return SessionCalibration.Fit(outcomes.ToArray(), validation.Outcomes, actions.ToArray(), validation.Next);
    }

    private sealed class Epochs(IProgress<RunProgress> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.IsEpochDone)
            {
                var values = new Dictionary<string, double>(value.Metrics, StringComparer.Ordinal) { ["loss"] = value.Loss };
                progress.Report(new RunProgress("learning from sessions", value.Epoch, value.Epochs, "epochs") { Values = values });
            }
        }
    }
}
