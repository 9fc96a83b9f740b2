using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Linear;
using Cartwright.Learning.Metrics;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains a <see cref="ClickNetwork"/> on impressions: later ones choose the epoch by log loss, and set its chances right.</summary>
internal sealed class ClickLearning(TimeProvider clock)
{
    private const int BatchSize = 512;
    private const int MaxEpochs = 20;
    private const int Patience = 3;
    private const float LearningRate = 0.001f;
    private const float WeightDecay = 1e-4f;
    private const float PlaceRateFactor = 10;
    private const string Metric = "logLoss";

    /// <param name="catalog">The products by number.</param>
    /// <param name="generators">By name, in the order of the rows' numbers.</param>
    /// <param name="train">What is learned from.</param>
    /// <param name="validation">Later ones.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public ClickModel Fit(ClickCatalog catalog, IReadOnlyList<string> generators, ClickRows train, ClickRows validation, int seed, int? epochs, TimeSpan? timeLimit,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        (float[] means, float[] deviations) = train.Moments();
        var options = new ClickNetworkOptions
        {
            ProductCount = Math.Max(1, catalog.ProductIds.Count),
            FeatureCount = catalog.FeatureNames.Count,
            Generators = generators,
            Means = means,
            Deviations = deviations,
            Looks = train.Looks(),
        };
        var network = new ClickNetwork(options, Seeds.Random((ulong)seed, 0));
        var batches = new ShuffledBatches(train.Count, BatchSize);
        var trainer = new Trainer(new TrainerOptions { Seed = seed, Epochs = epochs ?? MaxEpochs, Patience = Patience, TimeLimit = timeLimit }, clock);
        trainer.Train(new TrainingPlan
        {
            Model = network,
            Optimizer = new Adam(network, new AdamOptions
            {
                LearningRate = LearningRate,
                WeightDecay = WeightDecay,
                Groups = [new ParameterGroup { Holds = (name, _) => ClickNetwork.IsOfPlaces(name), LearningRateFactor = PlaceRateFactor, WeightDecay = 0 }, ParameterGroup.WithoutDecay],
            }),
            StepsPerEpoch = batches.Count,
            Metrics = [new(Metric, HigherIsBetter: false)],
            Loss = step => network.Loss(train.Batch(batches.Take(step), options.IdDropout, Seeds.Random(step.Seed, 1))),
            Validate = validation.Count == 0 ? null : () => [LogLoss(new ClickModel(options, network, catalog, new PlattScaling()), validation, cancellationToken)],
        }, EpochProgress.Of(progress, "training the ranker"), cancellationToken);
        var learned = new ClickModel(options, network, catalog, new PlattScaling());
        int[] rows = [.. Enumerable.Range(0, validation.Count)];
        return new ClickModel(options, network, catalog, PlattScaling.Fit(learned.Logits(validation, cancellationToken),
            Array.ConvertAll(rows, validation.IsClicked), Array.ConvertAll(rows, row => learned.LookChance(validation.PositionOf(row)))));
    }

    private static double LogLoss(ClickModel model, ClickRows rows, CancellationToken cancellationToken)
    {
        float[] logits = model.Logits(rows, cancellationToken);
        double sum = 0;
        for (int row = 0; row < logits.Length; row++)
        {
            double chance = model.Chance(logits[row]) * model.LookChance(rows.PositionOf(row));
            sum += Classification.LogLoss(rows.IsClicked(row) ? chance : 1 - chance);
        }

        return sum / rows.Count;
    }
}
