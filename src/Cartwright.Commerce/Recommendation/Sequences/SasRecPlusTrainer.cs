using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains <see cref="SasRecPlus"/> on sequences, choosing the best epoch by NDCG@10 on the validation steps.</summary>
/// <remarks>A trained one holds the finished vector of every product beside the network: 8 · products · HiddenSize bytes.</remarks>
internal sealed class SasRecPlusTrainer : IRecommendationTrainer
{
    private const string Vectors = "vectors";
    private static readonly SasRecPlusOptions Shoppers = new() { ProductCount = 1, Answers = new SequenceAnswerOptions { MergesRepeats = true } };
    private static readonly SasRecPlusOptions Sessions = new() { ProductCount = 1, IsConsistent = true, Temperature = 0.07f, Dropout = 0.2f };

    /// <summary>Network options; null takes those for sessions where products of the history are candidates, and else those for shoppers. What
    /// the data says of products and times comes from there.</summary>
    public SasRecPlusOptions? Network { get; init; }

    /// <summary>Null for the values that go with the network.</summary>
    public SequenceTraining? Training { get; init; }

    public string Name => "sasrec-plus";

    public bool IsBaseline => false;

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        Fit(data, answers: null, options, progress, cancellationToken);

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        Fit(whole, ((SequenceModel)chosen).Answers, NetworkLesson.Again(options, chosen), progress, cancellationToken);

    /// <param name="answers">What was chosen before; null chooses.</param>
    private SequenceModel Fit(TrainingData data, SequenceAnswerOptions? answers, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        ContentBags content = new(data.Content);
        bool areSessions = !data.Validation.ExcludesHistory;
        SasRecPlusOptions network = (Network ?? (areSessions ? Sessions : Shoppers)) with
        {
            ProductCount = data.ProductCount,
            ContentCount = content.Count,
            ReadsTimes = data.HasRealTimes,
        };
        network = network with { Answers = answers ?? network.Answers };
        SequenceTraining training = Training ?? new SequenceTraining
        {
            BatchSize = 128,
            LearningRate = 0.001f,
            Patience = areSessions ? 3 : 10,
            SampleCount = 1024,
            TouchedRowsOnly = areSessions,
        };
        SasRecPlus model = new(network, content, Seeds.Random((ulong)options.Seed, 0));
        (SequenceAnswers asked, IReadOnlyDictionary<string, string> card) =
            training.Fit(model, network.Answers, Name, data, options, progress, cancellationToken);
        return Model(network with { Answers = asked.Options }, model, asked, card);
    }

    public IRecommendationModel Load(string folder) => ModelFile.Read(
        folder, Name, new SasRecPlusOptions { ProductCount = 1 }, RecommendationJson.Default.SasRecPlusOptions, (options, weights, card) =>
        {
            SasRecPlus network = new(options, null, new Random(0));
            network.Load(weights.Where(weight => weight.Key != Vectors).ToDictionary(StringComparer.Ordinal));
            return Model(options, network, new SequenceAnswers(network, weights[Vectors], options.Answers), card);
        });

    // The vectors of products are kept, since what is known of products is not.
    private SequenceModel Model(SasRecPlusOptions options, SasRecPlus network, SequenceAnswers answers, IReadOnlyDictionary<string, string> card) => new(Name, answers)
    {
        ParameterCount = network.ParameterCount,
        Card = card,
        Write = folder => ModelFile.Write(folder, network.State().Append(new(Vectors, answers.Vectors)), options, RecommendationJson.Default.SasRecPlusOptions, card),
    };
}
