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
    private const int MaxEpochs = 200;
    private const int ValidationCases = 10_000;
    private const int RepeatCases = 3_000;
    private const int BatchesPerEpoch = 64;
    private const int SmallestBatch = 16;
    private static readonly float[] RepeatWeights = [-1, -0.5f, 0.5f, 1, 2, 4];
    private static readonly float[] RepeatDecays = [1, 0.98f, 0.9f];

    /// <summary>Sequences in a batch, at most; where there are few, a 64th of them.</summary>
    public required int BatchSize { get; init; }

    public required float LearningRate { get; init; }

    /// <summary>Validations without a new best after which training stops.</summary>
    public required int Patience { get; init; }

    /// <summary>Products drawn for each batch; more is nearer to the softmax over all products and slower.</summary>
    public required int SampleCount { get; init; }

    /// <summary>A product is drawn in proportion to its count to this power: 0 draws all alike, 1 by popularity.</summary>
    public float SampleExponent { get; init; }

    /// <summary>True where what is drawn often counts less for it: the logQ correction.</summary>
    public bool IsCorrected { get; init; }

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
        TrainingResult result = new NetworkLesson
        {
            Name = name,
            Network = network,
            Optimizer = new Adam(network, new AdamOptions { LearningRate = LearningRate, UpdatesTouchedRowsOnly = TouchedRowsOnly }),
            StepsPerEpoch = batches.Count,
            Loss = new Lesson(this, network, batches, PopularityTrainer.Count(data.Sequences.Product, data.ProductCount)).Loss,
            Answering = () => new SequenceModel(name, SequenceAnswers.Of(network, data.ProductCount, answering)),
            MaxEpochs = MaxEpochs,
            Patience = Patience,
            ValidationCases = ValidationCases,
        }.Train(data, options, progress, cancellationToken);

        SequenceAnswers answers = ChooseRepeats(SequenceAnswers.Of(network, data.ProductCount, answering), data.Validation.Sample(RepeatCases), cancellationToken);
        Dictionary<string, string> card = NetworkLesson.Card(result);
        card["repeatWeight"] = answers.Options.RepeatWeight.ToString(CultureInfo.InvariantCulture);
        card["repeatDecay"] = answers.Options.RepeatDecay.ToString(CultureInfo.InvariantCulture);
        return (answers, card);
    }

    private static SequenceAnswers ChooseRepeats(SequenceAnswers answers, RankingCases validation, CancellationToken cancellationToken)
    {
        if (validation.ExcludesHistory || validation.Cases.Count == 0)
        {
            return answers;
        }

        IEnumerable<SequenceAnswers> others =
            from decay in RepeatDecays
            from weight in RepeatWeights
            select answers.With(answers.Options with { RepeatWeight = weight, RepeatDecay = decay });
        return others.Prepend(answers).MaxBy(candidate => RankingMeasure.Run(
            candidate.ScoreMany, candidate.Vectors.Rows, validation, [10], cancellationToken).Mean("ndcg@10"))!;
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
