using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains <see cref="SasRec"/> on sequences, choosing the best epoch by NDCG@10 on the validation steps.</summary>
public sealed class SasRecTrainer : IRecommendationTrainer
{
    private static readonly TunedOptions<SasRecOptions> Tuned = new(new() { ProductCount = 1 }, RecommendationJson.Default.SasRecOptions);

    private const int MaxEpochs = 200;
    private const int ValidationCases = 10_000;

    /// <summary>Network options; product and content counts come from the data.</summary>
    public SasRecOptions Network { get; init; } = new() { ProductCount = 1 };

    /// <summary>Sequences in a batch.</summary>
    public int BatchSize { get; init; } = 128;

    public float LearningRate { get; init; } = 0.001f;

    /// <inheritdoc cref="AdamOptions.Beta2"/>
    public float Beta2 { get; init; } = 0.999f;

    public float WeightDecay { get; init; }

    /// <summary>False learns from product ids alone.</summary>
    public bool UsesContent { get; init; } = true;

    /// <summary>Validations without a new best after which training stops.</summary>
    public int Patience { get; init; } = 10;

    public string Name => "sasrec";

    public bool IsBaseline => false;

    public TunedOptions? Options => Tuned;

    public bool SharesTraining => true;

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        Fit(whole, NetworkLesson.Again(options, chosen), progress, cancellationToken);

    public IRecommendationModel Load(string folder) => SasRecModel.Load(folder);

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        SasRecOptions network = Tuned.Read(options.Options ?? [], Network) with
        {
            ProductCount = data.ProductCount,
            ContentCount = UsesContent ? data.Content.ValueCount : 0,
        };
        SasRec model = new(network, Seeds.Random((ulong)options.Seed, 0));
        SasRecBatches batches = new(data.Sequences, network.MaxLength, BatchSize);
        TrainingResult result = new NetworkLesson
        {
            Name = Name,
            Network = model,
            Optimizer = new Adam(model, new AdamOptions { LearningRate = LearningRate, Beta2 = Beta2, WeightDecay = WeightDecay }),
            StepsPerEpoch = batches.Count,
            Examples = step => batches.Take(step, options.Group).Next.Length,
            Loss = step =>
            {
                SasRecBatch batch = batches.Take(step, options.Group);
                return model.Loss(batch.History, batch.Offsets, batch.Next, data.Content, Seeds.Random(step.Seed, 1));
            },
            Answering = () => Answering(model, network, data.Content, NetworkLesson.NoCard),
            MaxEpochs = MaxEpochs,
            Patience = Patience,
            ValidationCases = ValidationCases,
        }.Train(data, options, progress, cancellationToken);
        return Answering(model, network, data.Content, NetworkLesson.Card(result));
    }

    /// <summary>A history in which the same product twice in a row counts once.</summary>
    internal static int[] WithoutRepeats(ReadOnlySpan<int> products)
    {
        List<int> steps = new(products.Length);
        foreach (int product in products)
        {
            if (steps.Count == 0 || steps[^1] != product)
            {
                steps.Add(product);
            }
        }

        return [.. steps];
    }

    private static SasRecModel Answering(SasRec model, SasRecOptions options, ProductContent content, IReadOnlyDictionary<string, string> card)
    {
        using var noGradient = NoGradient.Begin();
        float[] vectors = model.Vectors([.. Enumerable.Range(0, options.ProductCount)], content).ToArray();
        return new SasRecModel(options, model, Tensor.Parameter(vectors, options.ProductCount, options.HiddenSize), card);
    }
}
