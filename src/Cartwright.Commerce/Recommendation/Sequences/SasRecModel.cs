using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A trained <see cref="SasRec"/> that answers.</summary>
/// <remarks>Holds the network and one vector per product: 4 · products · HiddenSize bytes, 3 MB for 12,000 products.</remarks>
public sealed class SasRecModel : IVectorModel
{
    private const string Prefix = "network.";
    private const string Vectors = "vectors";
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
        Expected(history).MatMul(_vectors, transposeY: true).Values.CopyTo(scores);
    }

    int IVectorModel.VectorSize => _vectors.Columns;

    ReadOnlySpan<float> IVectorModel.ProductVectors => _vectors.Values;

    void IVectorModel.WriteVector(Steps history, Span<float> vector)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        Expected(history).Values.CopyTo(vector);
    }

    public void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        var read = HistoryBatch.Of(histories, Latest);
        Tensor expected = read.Last(_network.Forward(_vectors.TakeRows(read.Products), read.Offsets));
        read.Write(expected.MatMul(_vectors, transposeY: true), scores);
    }

    /// <summary>Cosine of the products' vectors.</summary>
    public void ScoreSimilar(int product, Span<float> scores) => ProductCosines.Write(_vectors, product, scores);

    public void Save(string folder) => ModelFile.Write(folder,
        _network.State().Select(weight => KeyValuePair.Create(Prefix + weight.Key, weight.Value)).Append(new(Vectors, _vectors)),
        _options, RecommendationJson.Default.SasRecOptions, Card);

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static SasRecModel Load(string folder) =>
        ModelFile.Read(folder, "sasrec", new SasRecOptions { ProductCount = 1 }, RecommendationJson.Default.SasRecOptions, (options, weights, card) =>
        {
            SasRec network = new(options, new Random(0));
            network.Load(weights.Where(weight => weight.Key != Vectors).ToDictionary(weight => weight.Key[Prefix.Length..], weight => weight.Value, StringComparer.Ordinal));
            return new SasRecModel(options, network, weights[Vectors], card);
        });

    /// <summary>What comes next: [1, hidden].</summary>
    private Tensor Expected(Steps history)
    {
        int[] latest = Latest(history);
        return _network.Forward(_vectors.TakeRows(latest), [0, latest.Length]).TakeRows([latest.Length - 1]);
    }

    /// <summary>The end of a history as the network reads it: the same product twice in a row counts once.</summary>
    private int[] Latest(Steps history)
    {
        int[] steps = SasRecTrainer.WithoutRepeats(history.Products.Span);
        return steps.Length <= _options.MaxLength ? steps : steps[^_options.MaxLength..];
    }
}
