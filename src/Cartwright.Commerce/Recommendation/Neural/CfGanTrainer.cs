using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains <see cref="CfGan"/>: discriminator and generator in turn on each batch, the best epoch chosen by NDCG@10 on the validation steps.</summary>
public sealed class CfGanTrainer : IRecommendationTrainer
{
    private const int MaxEpochs = 300;

    /// <summary>Batches that a large shop learns from, at most: each of its epochs has many.</summary>
    private const int MostBatches = 30_000;

    /// <summary>Network options; the product count comes from the data.</summary>
    public CfGanOptions Network { get; init; } = new() { ProductCount = 1 };

    /// <summary>Shoppers in a batch.</summary>
    public int BatchSize { get; init; } = 64;

    public float LearningRate { get; init; } = 0.001f;

    /// <summary>Pulls weights to zero; larger guards small shops from learning by heart.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Validations without a new best after which training stops.</summary>
    public int Patience { get; init; } = 20;

    public string Name => "cfgan";

    public bool IsBaseline => false;

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        Fit(whole, NetworkLesson.Again(options, chosen), progress, cancellationToken);

    public IRecommendationModel Load(string folder) => CfGanModel.Load(folder);

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        CfGanOptions network = Network with { ProductCount = data.ProductCount };
        CfGan model = new(network, Seeds.Random((ulong)options.Seed, 0));
        int[][] bags = ProductBags.Of(data.Sequences, atLeast: 1);
        var batches = new ShuffledBatches(bags.Length, BatchSize);
        TrainingResult result = new NetworkLesson
        {
            Name = Name,
            Network = model,
            Optimizer = new Adam(model, new AdamOptions { LearningRate = LearningRate, WeightDecay = WeightDecay }),
            StepsPerEpoch = 2 * batches.Count,
            Loss = step =>
            {
                var batch = ProductBags.Joined([.. batches.Take(step with { Index = step.Index / 2 }).ToArray().Select(member => bags[member])]);
                Random random = Seeds.Random(step.Seed, 1);
                return step.Index % 2 == 0 ? model.DiscriminatorLoss(batch, random) : model.GeneratorLoss(batch, random);
            },
            Answering = () => new CfGanModel(network, model, NetworkLesson.NoCard),
            MaxEpochs = Math.Min(MaxEpochs, Math.Max(1, MostBatches / Math.Max(1, batches.Count))),
            Patience = Patience,
        }.Train(data, options, progress, cancellationToken);
        return new CfGanModel(network, model, NetworkLesson.Card(result));
    }
}

/// <summary>The generator of a trained <see cref="CfGan"/>, which answers.</summary>
public sealed class CfGanModel : IRecommendationModel
{
    private readonly CfGanOptions _options;
    private readonly CfGan _network;

    internal CfGanModel(CfGanOptions options, CfGan network, IReadOnlyDictionary<string, string> card) =>
        (_options, _network, Card) = (options, network, card);

    public string Name => "cfgan";

    public int ProductCount => _options.ProductCount;

    public long ParameterCount => _network.ParameterCount;

    public IReadOnlyDictionary<string, string> Card { get; }

    public bool CanScore(Steps history) => !history.IsEmpty;

    public void Score(Steps history, Span<float> scores) => ScoreMany([history], scores);

    public void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        _network.Generate(ProductBags.Of(histories)).Values.CopyTo(scores);
    }

    /// <summary>Cosine of what the generator knows products by.</summary>
    public void ScoreSimilar(int product, Span<float> scores) => ProductCosines.Write(_network.ProductVectors, product, scores);

    public void Save(string folder) =>
        ModelFile.Write(folder, _network.State(), _options, RecommendationJson.Default.CfGanOptions, Card);

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static CfGanModel Load(string folder) =>
        ModelFile.Read(folder, "cfgan", new CfGanOptions { ProductCount = 1 }, RecommendationJson.Default.CfGanOptions, (options, weights, card) =>
        {
            CfGan network = new(options, new Random(0));
            network.Load(weights);
            return new CfGanModel(options, network, card);
        });
}
