using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A trained <see cref="SasRec"/> that answers.</summary>
/// <remarks>Holds the network and one vector per product: 4 · products · HiddenSize bytes, 3 MB for 12,000 products.</remarks>
public sealed class SasRecModel : IRecommendationModel
{
    private const string WeightsFile = "model.safetensors";
    private readonly SasRecOptions _options;
    private readonly SasRec _network;
    private readonly Tensor _vectors;

    internal SasRecModel(SasRecOptions options, SasRec network, Tensor vectors, IReadOnlyDictionary<string, string> card)
    {
        _options = options;
        _network = network;
        _vectors = vectors;
        Card = card;
    }

    /// <summary>The loss of the paper is measured as a model of its own.</summary>
    public string Name => _options.Loss == SasRecLoss.BinaryCrossEntropy ? "sasrec-bce" : "sasrec";

    public int ProductCount => _options.ProductCount;

    public long ParameterCount => _network.ParameterCount;

    public IReadOnlyDictionary<string, string> Card { get; }

    public bool CanScore(Steps history) => !history.IsEmpty;

    public void Score(Steps history, Span<float> scores)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        int[] latest = Latest(history);
        Tensor expected = _network.Forward(_vectors.TakeRows(latest), [0, latest.Length]).TakeRows([latest.Length - 1]);
        expected.MatMul(_vectors, transposeY: true).Values.CopyTo(scores);
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

        Tensor hidden = _network.Forward(_vectors.TakeRows([.. tokens]), [.. offsets]);
        Tensor expected = hidden.TakeRows([.. offsets.Skip(1).Select(end => end - 1)]);
        ReadOnlySpan<float> products = expected.MatMul(_vectors, transposeY: true).Values;
        for (int row = 0; row < owners.Count; row++)
        {
            products.Slice(row * ProductCount, ProductCount).CopyTo(scores[(owners[row] * ProductCount)..]);
        }
    }

    /// <summary>Cosine of the products' vectors.</summary>
    public void ScoreSimilar(int product, Span<float> scores)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        _vectors.TakeRows([product]).MatMul(_vectors, transposeY: true).Values.CopyTo(scores);
        float length = MathF.Sqrt(scores[product]);
        int hidden = _options.HiddenSize;
        for (int i = 0; i < scores.Length; i++)
        {
            float other = System.Numerics.Tensors.TensorPrimitives.Norm(_vectors.Values.Slice(i * hidden, hidden));
            scores[i] = length * other > 0 ? scores[i] / (length * other) : 0;
        }
    }

    public void Save(string folder)
    {
        Dictionary<string, Tensor> tensors = _network.State().ToDictionary(p => "network." + p.Key, p => p.Value, StringComparer.Ordinal);
        tensors["vectors"] = _vectors;
        Safetensors.Write(Path.Combine(folder, WeightsFile), tensors, new Dictionary<string, string>(Card, StringComparer.Ordinal)
        {
            ["options"] = JsonSerializer.Serialize(_options, RecommendationJson.Default.SasRecOptions),
        });
    }

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static SasRecModel Load(string folder)
    {
        string path = Path.Combine(folder, WeightsFile);
        SafetensorsContent content = Safetensors.Read(path);
        try
        {
            SasRecOptions options = RecordJson.Read(
                content.Metadata["options"], new SasRecOptions { ProductCount = 1 }, RecommendationJson.Default.SasRecOptions);
            SasRec network = new(options, new Random(0));
            network.Load(content.Under("network."));
            return new SasRecModel(options, network, content.Tensors["vectors"],
                content.Metadata.Where(m => m.Key != "options").ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or Learning.ShapeException)
        {
            throw new ModelFormatException(path, $"The file is no sasrec model of this version ({e.Message}). Train again.", e);
        }
    }

    /// <summary>The end of a history as the network reads it: the same product twice in a row counts once.</summary>
    private int[] Latest(Steps history)
    {
        int[] steps = SasRecTrainer.WithoutRepeats(history.Products.Span);
        return steps.Length <= _options.MaxLength ? steps : steps[^_options.MaxLength..];
    }
}
