using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains <see cref="Gru4Rec"/> on sessions, choosing the best epoch by NDCG@10 on the validation steps.</summary>
public sealed class Gru4RecTrainer : IRecommendationTrainer
{
    private static readonly TunedOptions<Gru4RecOptions> Tuned = new(new() { ProductCount = 1 }, RecommendationJson.Default.Gru4RecOptions);

    private const int MaxEpochs = 100;
    private const int ValidationCases = 10_000;

    /// <summary>Network options; the product count comes from the data.</summary>
    public Gru4RecOptions Network { get; init; } = new() { ProductCount = 1 };

    /// <summary>Sessions side by side.</summary>
    public int BatchSize { get; init; } = 64;

    public float LearningRate { get; init; } = 0.05f;

    /// <summary>Share of the last step that goes on.</summary>
    public float Momentum { get; init; } = 0.1f;

    /// <summary>Validations without a new best after which training stops.</summary>
    public int Patience { get; init; } = 3;

    public string Name => "gru4rec";

    public bool IsBaseline => false;

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        Fit(whole, NetworkLesson.Again(options, chosen), progress, cancellationToken);

    public TunedOptions? Options => Tuned;

    public IRecommendationModel Load(string folder) => Gru4RecModel.Load(folder);

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        Gru4RecOptions network = Tuned.Read(options.Options ?? [], Network) with { ProductCount = data.ProductCount };
        Gru4Rec model = new(network, Seeds.Random((ulong)options.Seed, 0));
        Gru4RecBatches batches = new(data.Sequences, BatchSize);
        TrainingResult result = new NetworkLesson
        {
            Name = Name,
            Network = model,
            Optimizer = new Adagrad(model, new AdagradOptions
            {
                LearningRate = LearningRate,
                Momentum = Momentum,
                InitialSum = 1e-6f,                   // the authors' code adds it under the root
                UpdatesTouchedRowsOnly = true,
            }),
            StepsPerEpoch = batches.Count,
            Loss = new Lesson(model, network, batches, PopularityTrainer.Count(data.Sequences.Product, data.ProductCount), BatchSize).Loss,
            Answering = () => new Gru4RecModel(network, model, NetworkLesson.NoCard),
            MaxEpochs = MaxEpochs,
            Patience = Patience,
            ValidationCases = ValidationCases,
        }.Train(data, options, progress, cancellationToken);
        return new Gru4RecModel(network, model, NetworkLesson.Card(result));
    }

    /// <summary>The loss batch by batch, with the sessions' states handed on from one to the next.</summary>
    private sealed class Lesson(Gru4Rec model, Gru4RecOptions options, Gru4RecBatches batches, float[] counts, int batchSize)
    {
        private readonly ProductSampler _sampler = new(counts, options.SampleExponent);
        private readonly float[] _logCounts = [.. counts.Select(count => MathF.Log(count))];
        private readonly float[] _states = new float[batchSize * options.HiddenSize];
        private readonly float[] _before = new float[batchSize * options.HiddenSize];

        public Tensor Loss(TrainingStep step)
        {
            Gru4RecBatch batch = batches.Take(step);
            Tensor states = model.Step(batch.Products, StatesBefore(batch.Before));
            states.Values.CopyTo(_states);
            int[] samples = _sampler.Draw(options.SampleCount, Seeds.Random(step.Seed, 1));
            Tensor loss = model.Loss(states, batch.Next, samples, LogQ(batch.Next, samples));

            // The last sessions of an epoch are alone; their steps weigh as much as any other's.
            return batch.Next.Length == batchSize ? loss : loss * (batch.Next.Length / (float)batchSize);
        }

        private Tensor StatesBefore(int[] rows)
        {
            int hidden = options.HiddenSize;
            for (int i = 0; i < rows.Length; i++)
            {
                Span<float> state = _before.AsSpan(i * hidden, hidden);
                if (rows[i] == Gru4RecBatch.IsNew)
                {
                    state.Clear();
                }
                else
                {
                    _states.AsSpan(rows[i] * hidden, hidden).CopyTo(state);
                }
            }

            return Tensor.From(_before.AsSpan(0, rows.Length * hidden), rows.Length, hidden);
        }

        private float[] LogQ(int[] next, int[] samples)
        {
            float[] logQ = new float[next.Length + samples.Length];
            for (int i = 0; i < logQ.Length; i++)
            {
                logQ[i] = i < next.Length ? _logCounts[next[i]] : options.SampleExponent * _logCounts[samples[i - next.Length]];
            }

            return logQ;
        }
    }
}
