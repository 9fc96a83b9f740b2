using System.Globalization;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>How a network that reads sequences is trained; each model has its own values.</summary>
internal sealed record SequenceTraining
{
    private const string Metric = "ndcg@10";
    private const int ValidationCases = 10_000;
    private const int RepeatCases = 3_000;
    private const int BatchesPerEpoch = 64;
    private const int SmallestBatch = 16;
    private static readonly float[] RepeatWeights = [0, -1, -0.5f, 0.5f, 1, 2, 4];
    private static readonly float[] RepeatDecays = [1, 0.98f, 0.9f];

    /// <summary>Sequences in a batch, at most; where there are few, a 64th of them.</summary>
    public required int BatchSize { get; init; }

    public required float LearningRate { get; init; }

    public int MaxEpochs { get; init; } = 200;

    /// <summary>Validations without a new best after which training stops.</summary>
    public required int Patience { get; init; }

    /// <summary>Products drawn for each batch; more is nearer to the softmax over all products and slower.</summary>
    public required int SampleCount { get; init; }

    /// <summary>A product is drawn in proportion to its count to this power: 0 draws all alike, 1 by popularity.</summary>
    public float SampleExponent { get; init; }

    /// <summary>True where what is drawn often counts less for it: the logQ correction.</summary>
    public bool IsCorrected { get; init; }

    /// <inheritdoc cref="TrainerOptions.AverageDecay"/>
    public float? AverageDecay { get; init; }

    /// <inheritdoc cref="OptimizerOptions.WeightDecay"/>
    public float WeightDecay { get; init; }

    /// <inheritdoc cref="OptimizerOptions.UpdatesTouchedRowsOnly"/>
    public bool TouchedRowsOnly { get; init; }

    /// <summary>Trains, and keeps the epoch with the best NDCG@10 on the validation steps; by them it chooses what a repeat is worth too, where
    /// products of the history are candidates.</summary>
    /// <typeparam name="TNetwork">A module that is a network of sequences.</typeparam>
    /// <returns>What answers, and what the card says of the training.</returns>
    public (SequenceAnswers Answers, IReadOnlyDictionary<string, string> Card) Fit<TNetwork>(TNetwork network, SequenceAnswerOptions answering,
        string name, TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
        where TNetwork : Module, ISequenceNetwork
    {
        SequenceBatches batches = new(data.Sequences, answering.MaxLength, answering.MergesRepeats,
            Math.Clamp(data.Sequences.Count / BatchesPerEpoch, Math.Min(SmallestBatch, BatchSize), BatchSize));
        Adam optimizer = new(network, new AdamOptions { LearningRate = LearningRate, WeightDecay = WeightDecay, UpdatesTouchedRowsOnly = TouchedRowsOnly });
        RankingCases validation = data.Validation.Sample(ValidationCases);
        Trainer trainer = new(new TrainerOptions
        {
            Seed = options.Seed,
            Epochs = options.Epochs ?? MaxEpochs,
            Patience = Patience,
            TimeLimit = options.TimeLimit,
            CheckpointFolder = options.CheckpointFolder,
            AverageDecay = AverageDecay,
        }, options.Clock);
        TrainingResult result = trainer.Train(new TrainingPlan
        {
            Model = network,
            Optimizer = optimizer,
            StepsPerEpoch = batches.Count,
            Metrics = [new(Metric)],
            Loss = new Lesson(this, network, batches, PopularityTrainer.Count(data.Sequences.Product, data.ProductCount)).Loss,
            Validate = validation.Cases.Count == 0 ? null : () => [Quality(answering, validation)],
        }, EpochProgress.Of(progress, "training " + name), cancellationToken);

        RankingCases some = data.Validation.Sample(RepeatCases);
        SequenceAnswers answers = SequenceAnswers.Of(network, data.ProductCount, answering);
        if (!some.ExcludesHistory && some.Cases.Count > 0)
        {
            answers = new[] { answering }.Concat(
                from decay in RepeatDecays
                from weight in RepeatWeights
                where weight != 0
                select answering with { RepeatWeight = weight, RepeatDecay = decay })
                .Select(answers.With).MaxBy(candidate => Measured(candidate, some))!;
        }

        return (answers, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bestEpoch"] = result.BestEpoch.ToString(CultureInfo.InvariantCulture),
            ["epochs"] = result.Epochs.ToString(CultureInfo.InvariantCulture),
            ["validation " + Metric] = result.BestQuality.ToString("F5", CultureInfo.InvariantCulture),
            ["repeatWeight"] = answers.Options.RepeatWeight.ToString(CultureInfo.InvariantCulture),
            ["repeatDecay"] = answers.Options.RepeatDecay.ToString(CultureInfo.InvariantCulture),
        });

        double Quality(SequenceAnswerOptions asked, RankingCases cases) => Measured(SequenceAnswers.Of(network, data.ProductCount, asked), cases);

        double Measured(SequenceAnswers asked, RankingCases cases) =>
            RankingMeasure.Run(asked.ScoreMany, data.ProductCount, cases, [10], cancellationToken).Mean(Metric);
    }

    /// <summary>Softmax of each step's next product against products drawn for the batch; against all where they are hardly more.</summary>
    private sealed class Lesson(SequenceTraining training, ISequenceNetwork network, SequenceBatches batches, float[] counts)
    {
        private readonly ProductSampler _sampler = new(counts, training.SampleExponent);
        private readonly float[] _corrections = Corrections(training, counts);

        public Tensor Loss(TrainingStep step)
        {
            SequenceBatch batch = batches.Take(step);
            if (counts.Length <= 2 * training.SampleCount)
            {
                Tensor table = network.Vectors([.. Enumerable.Range(0, counts.Length)]);
                return TableCrossEntropy.Loss(network.Expected(table.TakeRows(batch.History), batch), table, batch.Next);
            }

            int[] samples = _sampler.Draw(training.SampleCount, Seeds.Random(step.Seed, 1));
            Tensor expected = network.Expected(network.Vectors(batch.History), batch);
            return SampledSoftmax.Loss(expected, network.Vectors(batch.Next), network.Vectors(samples), batch.Next, samples,
                [.. samples.Select(sample => _corrections[sample])]);
        }

        private static float[] Corrections(SequenceTraining training, float[] counts)
        {
            double all = counts.Sum(count => Math.Pow(count, training.SampleExponent));
            return [.. counts.Select(count => !training.IsCorrected || count == 0 ? 0
                : (float)-Math.Log(training.SampleCount * Math.Pow(count, training.SampleExponent) / all))];
        }
    }
}
