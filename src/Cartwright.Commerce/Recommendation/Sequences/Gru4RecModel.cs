using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A trained <see cref="Gru4Rec"/> that answers.</summary>
public sealed class Gru4RecModel : IRecommendationModel
{
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
        int[] latest = Latest(history);
        Tensor state = _network.Forward(latest, [0, latest.Length]).TakeRows([latest.Length - 1]);
        _network.Scores(state).Values.CopyTo(scores);
    }

    public void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        var read = HistoryBatch.Of(histories, Latest);
        read.Write(_network.Scores(read.Last(_network.Forward(read.Products, read.Offsets))), scores);
    }

    /// <summary>Cosine of the products' vectors.</summary>
    public void ScoreSimilar(int product, Span<float> scores) => ProductCosines.Write(_network.Vectors, product, scores);

    public void Save(string folder) => ModelFile.Write(folder, _network.State(), _options, RecommendationJson.Default.Gru4RecOptions, Card);

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static Gru4RecModel Load(string folder) =>
        ModelFile.Read(folder, "gru4rec", new Gru4RecOptions { ProductCount = 1 }, RecommendationJson.Default.Gru4RecOptions, (options, weights, card) =>
        {
            Gru4Rec network = new(options, new Random(0));
            network.Load(weights);
            return new Gru4RecModel(options, network, card);
        });

    private int[] Latest(Steps history) => history.Latest(_options.MaxLength).Products.ToArray();
}
