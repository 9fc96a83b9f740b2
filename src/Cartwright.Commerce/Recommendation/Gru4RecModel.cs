using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A trained <see cref="Gru4Rec"/> that answers.</summary>
public sealed class Gru4RecModel : IRecommendationModel
{
    private const string WeightsFile = "model.safetensors";
    private readonly Gru4RecOptions _options;
    private readonly Gru4Rec _network;

    internal Gru4RecModel(Gru4RecOptions options, Gru4Rec network, IReadOnlyDictionary<string, string>? card = null)
    {
        _options = options;
        _network = network;
        Card = card ?? new Dictionary<string, string>(StringComparer.Ordinal);
    }

    public string Name => "gru4rec";

    public int ProductCount => _options.ProductCount;

    public long ParameterCount => _network.ParameterCount;

    public IReadOnlyDictionary<string, string> Card { get; }

    public bool CanScore(Steps history) => !history.IsEmpty;

    public void Score(Steps history, Span<float> scores)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        int[] latest = Latest(history).ToArray();
        Tensor state = _network.Forward(latest, [0, latest.Length]).TakeRows([latest.Length - 1]);
        _network.Scores(state).Values.CopyTo(scores);
    }

    public void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores)
    {
        scores.Clear();                                  // an empty history says nothing: all products alike
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        List<int> tokens = [];
        List<int> offsets = [0];
        List<int> owners = [];
        for (int i = 0; i < histories.Length; i++)
        {
            if (CanScore(histories[i]))
            {
                tokens.AddRange(Latest(histories[i]));
                offsets.Add(tokens.Count);
                owners.Add(i);
            }
        }

        Tensor states = _network.Forward([.. tokens], [.. offsets]);
        ReadOnlySpan<float> products = _network.Scores(states.TakeRows([.. offsets.Skip(1).Select(end => end - 1)])).Values;
        for (int row = 0; row < owners.Count; row++)
        {
            products.Slice(row * ProductCount, ProductCount).CopyTo(scores[(owners[row] * ProductCount)..]);
        }
    }

    /// <summary>Cosine of the products' vectors.</summary>
    public void ScoreSimilar(int product, Span<float> scores)
    {
        ReadOnlySpan<float> vectors = _network.Vectors.Values;
        int hidden = _options.HiddenSize;
        ReadOnlySpan<float> own = vectors.Slice(product * hidden, hidden);
        float length = TensorPrimitives.Norm(own);
        for (int i = 0; i < ProductCount; i++)
        {
            ReadOnlySpan<float> other = vectors.Slice(i * hidden, hidden);
            float lengths = length * TensorPrimitives.Norm(other);
            scores[i] = lengths > 0 ? TensorPrimitives.Dot(own, other) / lengths : 0;
        }
    }

    public void Save(string folder) =>
        Safetensors.Write(Path.Combine(folder, WeightsFile), _network.State().ToDictionary(StringComparer.Ordinal),
            new Dictionary<string, string>(Card, StringComparer.Ordinal)
            {
                ["options"] = JsonSerializer.Serialize(_options, RecommendationJson.Default.Gru4RecOptions),
            });

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static Gru4RecModel Load(string folder)
    {
        string path = Path.Combine(folder, WeightsFile);
        SafetensorsContent content = Safetensors.Read(path);
        try
        {
            Gru4RecOptions options = RecordJson.Read(
                content.Metadata["options"], new Gru4RecOptions { ProductCount = 1 }, RecommendationJson.Default.Gru4RecOptions);
            Gru4Rec network = new(options, new Random(0));
            network.Load(content.Tensors);
            return new Gru4RecModel(options, network,
                content.Metadata.Where(m => m.Key != "options").ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or Learning.ShapeException)
        {
            throw new ModelFormatException(path, $"The file is no gru4rec model of this version ({e.Message}). Train again.", e);
        }
    }

    private ReadOnlySpan<int> Latest(Steps history) => history.Latest(_options.MaxLength).Products.Span;
}
