using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains <see cref="NeuMf"/>, choosing the best epoch by NDCG@10 on the validation steps.</summary>
public sealed class NeuMfTrainer : IRecommendationTrainer
{
    private static readonly TunedOptions<NeuMfOptions> Tuned = new(new() { ProductCount = 1 }, RecommendationJson.Default.NeuMfOptions);

    private const int MaxEpochs = 200;

    /// <summary>Every product is read for every case, layer by layer, so fewer cases are taken than of other models.</summary>
    private const int ValidationCases = 2_000;

    /// <summary>Network options; the product count comes from the data.</summary>
    public NeuMfOptions Network { get; init; } = new() { ProductCount = 1 };

    /// <summary>Shoppers in a batch.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Products of a shopper that are asked for in one epoch, at most: more take longer, and shoppers with many count for more.</summary>
    public int TargetCount { get; init; } = 50;

    public float LearningRate { get; init; } = 0.001f;

    public float WeightDecay { get; init; }

    /// <summary>Validations without a new best after which training stops.</summary>
    public int Patience { get; init; } = 10;

    public string Name => "neumf";

    public bool IsBaseline => false;

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        Fit(whole, NetworkLesson.Again(options, chosen), progress, cancellationToken);

    public TunedOptions? Options => Tuned;

    public IRecommendationModel Load(string folder) => NeuMfModel.Load(folder);

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        NeuMfOptions network = Tuned.Read(options.Options ?? [], Network) with { ProductCount = data.ProductCount };
        NeuMf model = new(network, Seeds.Random((ulong)options.Seed, 0));
        int[][] bags = ProductBags.Of(data.Sequences, atLeast: 2);
        var batches = new ShuffledBatches(bags.Length, BatchSize);
        TrainingResult result = new NetworkLesson
        {
            Name = Name,
            Network = model,
            Optimizer = new Adam(model, new AdamOptions { LearningRate = LearningRate, WeightDecay = WeightDecay }),
            StepsPerEpoch = batches.Count,
            Loss = step => model.Loss([.. batches.Take(step).ToArray().Select(member => bags[member])], TargetCount, Seeds.Random(step.Seed, 1)),
            Answering = () => new NeuMfModel(network, model, NetworkLesson.NoCard),
            MaxEpochs = MaxEpochs,
            Patience = Patience,
            ValidationCases = ValidationCases,
        }.Train(data, options, progress, cancellationToken);
        return new NeuMfModel(network, model, NetworkLesson.Card(result));
    }
}

/// <summary>A trained <see cref="NeuMf"/> that answers. It reads every product for every history: the slowest answers of the family.</summary>
public sealed class NeuMfModel : IRecommendationModel
{
    private readonly NeuMfOptions _options;
    private readonly NeuMf _network;
    private readonly Tensor _factors;
    private readonly Tensor _hidden;

    internal NeuMfModel(NeuMfOptions options, NeuMf network, IReadOnlyDictionary<string, string> card)
    {
        using var noGradient = NoGradient.Begin();
        (_options, _network, Card) = (options, network, card);
        (_factors, _hidden) = network.Read(network.ProductVectors);
    }

    public string Name => "neumf";

    public int ProductCount => _options.ProductCount;

    public long ParameterCount => _network.ParameterCount;

    public IReadOnlyDictionary<string, string> Card { get; }

    public bool CanScore(Steps history) => !history.IsEmpty;

    public void Score(Steps history, Span<float> scores)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        _network.Forward(_network.Shoppers(ProductBags.Of([history])), _factors, _hidden).Values.CopyTo(scores);
    }

    /// <summary>Cosine of the products' vectors.</summary>
    public void ScoreSimilar(int product, Span<float> scores) => ProductCosines.Write(_network.ProductVectors, product, scores);

    public void Save(string folder) =>
        ModelFile.Write(folder, _network.State(), _options, RecommendationJson.Default.NeuMfOptions, Card);

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static NeuMfModel Load(string folder) =>
        ModelFile.Read(folder, "neumf", new NeuMfOptions { ProductCount = 1 }, RecommendationJson.Default.NeuMfOptions, (options, weights, card) =>
        {
            NeuMf network = new(options, new Random(0));
            network.Load(weights);
            return new NeuMfModel(options, network, card);
        });
}
