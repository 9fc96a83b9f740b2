using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains <see cref="Narm"/> on sequences, choosing the best epoch by NDCG@10 on the validation steps.</summary>
internal sealed class NarmTrainer : IRecommendationTrainer
{
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

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        NarmOptions network = Network with { ProductCount = data.ProductCount, MergesRepeats = data.Validation.ExcludesHistory };
        Narm model = new(network, Seeds.Random((ulong)options.Seed, 0));
        (SequenceAnswers answers, IReadOnlyDictionary<string, string> card) = Training.Fit(
            model, new SequenceAnswerOptions(network.MaxLength, network.MergesRepeats), Name, data, options, progress, cancellationToken);
        return new NarmModel(network, model, answers, card);
    }

    public IRecommendationModel Load(string folder) => NarmModel.Load(folder);
}

/// <summary>A trained <see cref="Narm"/> that answers.</summary>
/// <remarks>Holds the network and the vectors of all products a second time: 8 · products · HiddenSize bytes.</remarks>
internal sealed class NarmModel(NarmOptions options, Narm network, SequenceAnswers answers, IReadOnlyDictionary<string, string> card) : IRecommendationModel
{
    private const string WeightsFile = "model.safetensors";

    public string Name => "narm";

    public int ProductCount => options.ProductCount;

    public long ParameterCount => network.ParameterCount;

    public IReadOnlyDictionary<string, string> Card => card;

    public bool CanScore(Steps history) => !history.IsEmpty;

    public void Score(Steps history, Span<float> scores) => answers.ScoreMany([history], scores);

    public void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores) => answers.ScoreMany(histories, scores);

    public void ScoreSimilar(int product, Span<float> scores) => answers.ScoreSimilar(product, scores);

    public void Save(string folder) => Safetensors.Write(Path.Combine(folder, WeightsFile), network.State().ToDictionary(StringComparer.Ordinal),
        new Dictionary<string, string>(card, StringComparer.Ordinal)
        {
            ["options"] = JsonSerializer.Serialize(options, RecommendationJson.Default.NarmOptions),
            ["answering"] = JsonSerializer.Serialize(answers.Options, RecommendationJson.Default.SequenceAnswerOptions),
        });

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static NarmModel Load(string folder)
    {
        string path = Path.Combine(folder, WeightsFile);
        SafetensorsContent content = Safetensors.Read(path);
        try
        {
            NarmOptions options = RecordJson.Read(content.Metadata["options"], new NarmOptions { ProductCount = 1 }, RecommendationJson.Default.NarmOptions);
            SequenceAnswerOptions answering = RecordJson.Read(content.Metadata["answering"],
                new SequenceAnswerOptions(options.MaxLength, options.MergesRepeats), RecommendationJson.Default.SequenceAnswerOptions);
            Narm network = new(options, new Random(0));
            network.Load(content.Tensors);
            return new NarmModel(options, network, SequenceAnswers.Of(network, options.ProductCount, answering),
                content.Metadata.Where(m => m.Key is not ("options" or "answering")).ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or ShapeException)
        {
            throw new ModelFormatException(path, $"The file is no narm model of this version ({e.Message}). Train again.", e);
        }
    }
}
