using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains <see cref="TwoTower"/> once for each kind of <see cref="TwoTowerTargets"/> and keeps what validation likes better.</summary>
/// <remarks>
/// Negatives are the batch's other targets and products drawn evenly, each logit less the log of how often the product is expected among
/// them: Yi et al. with the mixture of Yang et al., "Mixed Negative Sampling for Learning Two-tower Neural Networks in Recommendations", WWW 2020.
/// </remarks>
public sealed class TwoTowerTrainer : IRecommendationTrainer
{
    private const int MaxEpochs = 200;

    /// <summary>Network options; counts come from the data, targets from validation.</summary>
    public TwoTowerOptions Network { get; init; } = new() { ProductCount = 1, FeatureCount = 1 };

    /// <summary>Shoppers in a batch.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Products of a shopper that are asked for in one epoch, at most: more take longer, and shoppers with many count for more.</summary>
    public int TargetCount { get; init; } = 20;

    public float LearningRate { get; init; } = 0.001f;

    public float WeightDecay { get; init; }

    /// <summary>Validations without a new best after which training stops.</summary>
    public int Patience { get; init; } = 8;

    public string Name => "two-tower";

    public bool IsBaseline => false;

    public bool ReadsPictures => true;

    public IRecommendationModel Load(string folder) => TwoTowerModel.Load(folder);

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        var catalog = new TwoTowerCatalog(data);
        TwoTowerOptions network = Network with { ProductCount = data.ProductCount, FeatureCount = Math.Max(1, catalog.Features.Names.Count), PictureSize = catalog.PictureSize };
        FitOptions half = options with { TimeLimit = options.TimeLimit / 2 };
        (TwoTowerModel Model, double Quality) next = Train(TwoTowerTargets.Next), any = Train(TwoTowerTargets.Any);
        return any.Quality > next.Quality ? any.Model : next.Model;

        (TwoTowerModel, double) Train(TwoTowerTargets targets)
        {
            TwoTowerOptions chosen = network with { Targets = targets };
            TwoTower model = new(chosen, Seeds.Random((ulong)options.Seed, 0));
            TwoTowerBatches batches = new(data.Sequences, chosen, BatchSize, TargetCount);
            Lesson lesson = new(model, chosen, catalog, batches);
            TrainingResult result = new NetworkLesson
            {
                Name = Name,
                Network = model,
                Optimizer = new Adam(model, new AdamOptions { LearningRate = LearningRate, WeightDecay = WeightDecay }),
                StepsPerEpoch = batches.Count,
                Loss = lesson.Loss,
                Answering = () => TwoTowerModel.Of(chosen, model, catalog, NetworkLesson.NoCard),
                MaxEpochs = MaxEpochs,
                Patience = Patience,
                Part = targets.ToString(),
            }.Train(data, half, progress, cancellationToken);
            Dictionary<string, string> card = NetworkLesson.Card(result);
            card["targets"] = targets.ToString();
            return (TwoTowerModel.Of(chosen, model, catalog, card), result.BestQuality);
        }
    }

    /// <summary>The loss of a batch. Each product that is in it goes through its tower once.</summary>
    private sealed class Lesson(TwoTower model, TwoTowerOptions options, TwoTowerCatalog catalog, TwoTowerBatches batches)
    {
        private readonly int[] _places = new int[options.ProductCount];
        private readonly bool _takesAll = catalog.Met.Length <= 2 * options.SampleCount;

        public Tensor Loss(TrainingStep step)
        {
            Random random = Seeds.Random(step.Seed, 1);
            TwoTowerBatch batch = batches.Take(step, random);
            int[] samples = _takesAll ? [] : [.. batch.Targets, .. Enumerable.Range(0, options.SampleCount).Select(_ => catalog.Met[random.Next(catalog.Met.Length)])];
            int[] products = _takesAll ? catalog.Met : [.. batch.History.Concat(samples).Distinct()];
            for (int i = 0; i < products.Length; i++)
            {
                _places[products[i]] = i;
            }

            (int[] features, int[] offsets) = catalog.FeaturesOf(products);
            float[] isKnown = [.. products.Select(_ => random.NextSingle() < options.ContentShare ? 0f : 1f)];
            Tensor table = model.Products(products, features, offsets, isKnown, catalog.PicturesOf(products, random, options.ContentShare));
            Tensor shoppers = model.Shoppers(table.TakeRows(Places(batch.History)), batch.Offsets).Scale(1 / options.Temperature);
            return _takesAll
                ? TableCrossEntropy.Loss(shoppers, table, Places(batch.Targets))
                : SampledSoftmax.Loss(shoppers, table.TakeRows(Places(batch.Targets)), table.TakeRows(Places(samples)), batch.Targets, samples,
                    [.. samples.Select(product => -MathF.Log((batch.Targets.Length * catalog.ShareOf(product)) + (options.SampleCount / (float)catalog.Met.Length)))]);
        }

        private int[] Places(int[] products) => [.. products.Select(product => _places[product])];
    }
}
