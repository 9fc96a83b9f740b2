using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A trained <see cref="MultVae"/> that answers from the mean of the code, so without chance.</summary>
public sealed class MultVaeModel : IRecommendationModel
{
    private readonly MultVaeOptions _options;
    private readonly MultVae _network;

    internal MultVaeModel(MultVaeOptions options, MultVae network, IReadOnlyDictionary<string, string> card) =>
        (_options, _network, Card) = (options, network, card);

    public string Name => "mult-vae";

    public int ProductCount => _options.ProductCount;

    public long ParameterCount => _network.ParameterCount;

    public IReadOnlyDictionary<string, string> Card { get; }

    public bool CanScore(Steps history) => !history.IsEmpty;

    public void Score(Steps history, Span<float> scores) => ScoreMany([history], scores);

    public void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        var bags = ProductBags.Of(histories);
        float[] entries = [.. Enumerable.Range(0, bags.Count).Select(bag => 1 / MathF.Sqrt(Math.Max(1, bags[bag].Length)))];
        _network.Decode(_network.Encode(bags.Products, bags.Offsets, entries).Mean).Values.CopyTo(scores);
    }

    /// <summary>Cosine of what the decoder knows products by.</summary>
    public void ScoreSimilar(int product, Span<float> scores) => ProductCosines.Write(_network.ProductVectors, product, scores);

    public void Save(string folder) =>
        ModelFile.Write(folder, _network.State(), _options, RecommendationJson.Default.MultVaeOptions, Card);

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static MultVaeModel Load(string folder) =>
        ModelFile.Read(folder, "mult-vae", new MultVaeOptions { ProductCount = 1 }, RecommendationJson.Default.MultVaeOptions, (options, weights, card) =>
        {
            MultVae network = new(options, new Random(0));
            network.Load(weights);
            return new MultVaeModel(options, network, card);
        });
}
