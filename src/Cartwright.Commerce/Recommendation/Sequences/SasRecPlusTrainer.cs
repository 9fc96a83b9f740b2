using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains <see cref="SasRecPlus"/> on sequences, choosing the best epoch by NDCG@10 on the validation steps.</summary>
internal sealed class SasRecPlusTrainer : IRecommendationTrainer
{
    private static readonly SasRecPlusOptions Shoppers = new() { ProductCount = 1, MergesRepeats = true };
    private static readonly SasRecPlusOptions Sessions = new() { ProductCount = 1, IsConsistent = true, Temperature = 0.07f, Dropout = 0.2f };

    /// <summary>Network options; null takes those for sessions where products of the history are candidates, and else those for shoppers. What
    /// the data says of products and times comes from there.</summary>
    public SasRecPlusOptions? Network { get; init; }

    /// <summary>Null for the values that go with the network.</summary>
    public SequenceTraining? Training { get; init; }

    public string Name => "sasrec-plus";

    public bool IsBaseline => false;

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        ContentBags content = new(data.Content);
        bool areSessions = !data.Validation.ExcludesHistory;
        SasRecPlusOptions network = (Network ?? (areSessions ? Sessions : Shoppers)) with
        {
            ProductCount = data.ProductCount,
            ContentCount = content.Count,
            ReadsTimes = data.HasRealTimes,
        };
        SequenceTraining training = Training ?? new SequenceTraining
        {
            BatchSize = 128,
            LearningRate = 0.001f,
            Patience = areSessions ? 3 : 10,
            SampleCount = 1024,
            TouchedRowsOnly = areSessions,
        };
        SasRecPlus model = new(network, content, Seeds.Random((ulong)options.Seed, 0));
        (SequenceAnswers answers, IReadOnlyDictionary<string, string> card) = training.Fit(
            model, new SequenceAnswerOptions(network.MaxLength, network.MergesRepeats), Name, data, options, progress, cancellationToken);
        return new SasRecPlusModel(network, model, answers, card);
    }

    public IRecommendationModel Load(string folder) => SasRecPlusModel.Load(folder);
}

/// <summary>A trained <see cref="SasRecPlus"/> that answers.</summary>
/// <remarks>Holds the network and the finished vector of every product beside it: 8 · products · HiddenSize bytes.</remarks>
internal sealed class SasRecPlusModel(SasRecPlusOptions options, SasRecPlus network, SequenceAnswers answers, IReadOnlyDictionary<string, string> card) : IRecommendationModel
{
    private const string WeightsFile = "model.safetensors";

    public string Name => "sasrec-plus";

    public int ProductCount => options.ProductCount;

    public long ParameterCount => network.ParameterCount;

    public IReadOnlyDictionary<string, string> Card => card;

    public bool CanScore(Steps history) => !history.IsEmpty;

    public void Score(Steps history, Span<float> scores) => answers.ScoreMany([history], scores);

    public void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores) => answers.ScoreMany(histories, scores);

    public void ScoreSimilar(int product, Span<float> scores) => answers.ScoreSimilar(product, scores);

    public void Save(string folder)
    {
        Dictionary<string, Tensor> tensors = network.State().ToDictionary(p => "network." + p.Key, p => p.Value, StringComparer.Ordinal);
        tensors["vectors"] = answers.Vectors;
        Safetensors.Write(Path.Combine(folder, WeightsFile), tensors, new Dictionary<string, string>(card, StringComparer.Ordinal)
        {
            ["options"] = JsonSerializer.Serialize(options, RecommendationJson.Default.SasRecPlusOptions),
            ["answering"] = JsonSerializer.Serialize(answers.Options, RecommendationJson.Default.SequenceAnswerOptions),
        });
    }

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static SasRecPlusModel Load(string folder)
    {
        string path = Path.Combine(folder, WeightsFile);
        SafetensorsContent content = Safetensors.Read(path);
        try
        {
            SasRecPlusOptions options = RecordJson.Read(
                content.Metadata["options"], new SasRecPlusOptions { ProductCount = 1 }, RecommendationJson.Default.SasRecPlusOptions);
            SequenceAnswerOptions answering = RecordJson.Read(content.Metadata["answering"],
                new SequenceAnswerOptions(options.MaxLength, options.MergesRepeats), RecommendationJson.Default.SequenceAnswerOptions);
            SasRecPlus network = new(options, null, new Random(0));
            network.Load(content.Under("network."));
            return new SasRecPlusModel(options, network, new SequenceAnswers(network, content.Tensors["vectors"], answering),
                content.Metadata.Where(m => m.Key is not ("options" or "answering")).ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or ShapeException)
        {
            throw new ModelFormatException(path, $"The file is no sasrec-plus model of this version ({e.Message}). Train again.", e);
        }
    }
}
