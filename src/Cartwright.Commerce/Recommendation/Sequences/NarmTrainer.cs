using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains <see cref="Narm"/> on sequences, choosing the best epoch by NDCG@10 on the validation steps.</summary>
/// <remarks>A trained one holds the vectors of all products twice: 8 · products · HiddenSize bytes.</remarks>
internal sealed class NarmTrainer : IRecommendationTrainer
{
    private static readonly TunedOptions<NarmOptions> Tuned = new(new() { ProductCount = 1 }, RecommendationJson.Default.NarmOptions);

    /// <summary>Network options; the product count comes from the data.</summary>
    public NarmOptions Network { get; init; } = new() { ProductCount = 1 };

    internal SequenceTraining Training { get; init; } = new()
    {
        BatchSize = 256,
        LearningRate = 0.002f,
        Patience = 4,
        SampleCount = 2048,
        SampleExponent = 0.5f,
        IsCorrected = true,
        TouchedRowsOnly = true,
    };

    public string Name => "narm";

    public bool IsBaseline => false;

    public TunedOptions? Options => Tuned;

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        NarmOptions network = Tuned.Read(options.Options ?? [], Network) with
        {
            ProductCount = data.ProductCount,
            Answers = Network.Answers with { MergesRepeats = data.Validation.ExcludesHistory },
        };
        return Fit(network, data, options, progress, cancellationToken);
    }

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        Fit(Tuned.Read(options.Options ?? [], Network) with { ProductCount = whole.ProductCount, Answers = ((SequenceModel)chosen).Answers }, whole, NetworkLesson.Again(options, chosen), progress, cancellationToken);

    private SequenceModel Fit(NarmOptions network, TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        Narm narm = new(network, Seeds.Random((ulong)options.Seed, 0));
        (SequenceAnswers answers, IReadOnlyDictionary<string, string> card) =
            Training.Fit(narm, network.Answers, Name, data, options, progress, cancellationToken);
        return Model(network with { Answers = answers.Options }, narm, answers, card);
    }

    public IRecommendationModel Load(string folder) => ModelFile.Read(
        folder, Name, new NarmOptions { ProductCount = 1 }, RecommendationJson.Default.NarmOptions, (options, weights, card) =>
        {
            Narm narm = new(options, new Random(0));
            narm.Load(weights);
            return Model(options, narm, SequenceAnswers.Of(narm, options.ProductCount, options.Answers), card);
        });

    private SequenceModel Model(NarmOptions options, Narm network, SequenceAnswers answers, IReadOnlyDictionary<string, string> card) => new(Name, answers)
    {
        ParameterCount = network.ParameterCount,
        Card = card,
        Write = folder => ModelFile.Write(folder, network.State(), options, RecommendationJson.Default.NarmOptions, card),
    };
}
