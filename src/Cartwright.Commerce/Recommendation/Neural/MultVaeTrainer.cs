using System.Globalization;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Optimizers;
using Cartwright.Learning.Training;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains <see cref="MultVae"/> twice: once with β rising to see where validation is best, then with β rising no further than there.</summary>
/// <remarks>As section 2.2.2 of the paper. The same seed starts both.</remarks>
public sealed class MultVaeTrainer : IRecommendationTrainer
{
    private static readonly TunedOptions<MultVaeOptions> Tuned = new(new() { ProductCount = 1 }, RecommendationJson.Default.MultVaeOptions);

    private const int MaxEpochs = 300;

    /// <summary>β where nothing is held out to choose it by.</summary>
    private const float WeightUnmeasured = 0.2f;

    /// <summary>Network options; the product count comes from the data.</summary>
    public MultVaeOptions Network { get; init; } = new() { ProductCount = 1 };

    /// <summary>Shoppers in a batch.</summary>
    public int BatchSize { get; init; } = 128;

    public float LearningRate { get; init; } = 0.001f;

    /// <summary>Pulls weights to zero; larger guards small shops from learning by heart.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Epochs in which β would rise from 0 to 1; more look closer and take longer.</summary>
    public int AnnealingEpochs { get; init; } = 200;

    /// <summary>Validations without a new best after which training stops.</summary>
    public int Patience { get; init; } = 15;

    public string Name => "mult-vae";

    public bool IsBaseline => false;

    public TunedOptions? Options => Tuned;

    public IRecommendationModel Load(string folder) => MultVaeModel.Load(folder);

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        MultVaeOptions network = Tuned.Read(options.Options ?? [], Network) with { ProductCount = data.ProductCount };
        int[][] bags = ProductBags.Of(data.Sequences, atLeast: 1);
        FitOptions half = options with { TimeLimit = options.TimeLimit / 2 };
        float weight = WeightUnmeasured;
        if (data.Validation.Cases.Count > 0)
        {
            (_, TrainingResult annealed) = Train(limit: 1, "annealing");
            weight = Math.Min(1, (float)annealed.BestEpoch / AnnealingEpochs);
        }

        (MultVae model, TrainingResult result) = Train(weight, "training");

        Dictionary<string, string> card = NetworkLesson.Card(result);
        card["divergenceWeight"] = weight.ToString(CultureInfo.InvariantCulture);
        return new MultVaeModel(network, model, card);

        (MultVae Model, TrainingResult Result) Train(float limit, string part)
        {
            MultVae learner = new(network, Seeds.Random((ulong)options.Seed, 0));
            var batches = new ShuffledBatches(bags.Length, BatchSize);
            return (learner, new NetworkLesson
            {
                Name = Name,
                Network = learner,
                Optimizer = new Adam(learner, new AdamOptions { LearningRate = LearningRate, WeightDecay = WeightDecay }),
                StepsPerEpoch = batches.Count,
                Loss = step =>
                {
                    int[][] batch = [.. batches.Take(step).ToArray().Select(member => bags[member])];
                    float risen = (step.Epoch + ((float)step.Index / batches.Count)) / AnnealingEpochs;
                    return learner.Loss(batch, Math.Min(limit, risen), Seeds.Random(step.Seed, 1));
                },
                Answering = () => new MultVaeModel(network, learner, NetworkLesson.NoCard),
                MaxEpochs = MaxEpochs,
                Patience = Patience,
                Part = part,
            }.Train(data, half, progress, cancellationToken));
        }
    }
}
