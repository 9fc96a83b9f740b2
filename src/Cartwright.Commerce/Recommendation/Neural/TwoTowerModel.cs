using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

/// <summary>A trained <see cref="TwoTower"/> that answers.</summary>
/// <remarks>Holds the network and one vector per product; one that nobody had met when it was trained has its vector from its content. What is added later is read without its
/// picture until the next training.</remarks>
public sealed class TwoTowerModel : IContentModel, IVectorModel
{
    private const string VectorsName = "vectors";
    private const string FeaturesKey = "features";

    /// <summary>The lowest cosine, of a product of which neither steps nor content are known.</summary>
    private const float Lowest = -1;

    private readonly TwoTowerOptions _options;
    private readonly TwoTower _network;
    private readonly Tensor _vectors;
    private readonly ProductFeatures _features;
    private readonly int[] _unknown;

    private TwoTowerModel(TwoTowerOptions options, TwoTower network, Tensor vectors, ProductFeatures features, IReadOnlyDictionary<string, string> card)
    {
        (_options, _network, _vectors, _features, Card) = (options, network, vectors, features, card);
        _unknown = [.. Enumerable.Range(0, options.ProductCount).Where(product => !_vectors.Values.Slice(product * options.HiddenSize, options.HiddenSize).ContainsAnyExcept(0))];
    }

    public string Name => "two-tower";

    public int ProductCount => _options.ProductCount;

    public long ParameterCount => _network.ParameterCount;

    public IReadOnlyDictionary<string, string> Card { get; }

    internal static TwoTowerModel Of(TwoTowerOptions options, TwoTower network, TwoTowerCatalog catalog, IReadOnlyDictionary<string, string> card)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        int[] products = [.. Enumerable.Range(0, options.ProductCount)];
        (int[] features, int[] offsets) = catalog.FeaturesOf(products);
        float[] vectors = network.Products(products, features, offsets, [.. products.Select(product => catalog.WasMet(product) ? 1f : 0f)], catalog.PicturesOf(products)).ToArray();
        foreach (int product in products.Where(product => !catalog.WasMet(product) && offsets[product] == offsets[product + 1] && !catalog.HasPicture(product)))
        {
            vectors.AsSpan(product * options.HiddenSize, options.HiddenSize).Clear();
        }

        return new TwoTowerModel(options, network, Tensor.Parameter(vectors, options.ProductCount, options.HiddenSize), catalog.Features, card);
    }

    public bool CanScore(Steps history) => !history.IsEmpty;

    public void Score(Steps history, Span<float> scores) => ScoreMany([history], scores);

    public void ScoreMany(ReadOnlySpan<Steps> histories, Span<float> scores)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        Shoppers(histories).MatMul(_vectors, transposeY: true).Values.CopyTo(scores);
        for (int i = 0; i < histories.Length; i++)
        {
            foreach (int product in _unknown)
            {
                scores[(i * ProductCount) + product] = Lowest;
            }
        }
    }

    int IVectorModel.VectorSize => _options.HiddenSize;

    ReadOnlySpan<float> IVectorModel.ProductVectors => _vectors.Values;

    void IVectorModel.WriteVector(Steps history, Span<float> vector)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        Shoppers([history]).Values.CopyTo(vector);
    }

    /// <summary>Cosine of the products' vectors.</summary>
    public void ScoreSimilar(int product, Span<float> scores) => ProductCosines.Write(_vectors, product, scores);

    public float[]? Describe(Product product)
    {
        int[] features = _features.Of(product);
        if (features.Length == 0)
        {
            return null;
        }

        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        return _network.Products(features, [0, features.Length]).ToArray();
    }

    public void ScoreDescribed(Steps history, IReadOnlyList<float[]> described, Span<float> scores)
    {
        using var scope = TensorScope.Begin();
        using var noGradient = NoGradient.Begin();
        ReadOnlySpan<float> shopper = Shoppers([history]).Values;
        for (int i = 0; i < described.Count; i++)
        {
            scores[i] = System.Numerics.Tensors.TensorPrimitives.Dot(shopper, described[i]);
        }
    }

    public void Save(string folder) => ModelFile.Write(folder, [.. _network.State(), new(VectorsName, _vectors)],
        _options, RecommendationJson.Default.TwoTowerOptions, new Dictionary<string, string>(Card, StringComparer.Ordinal)
        {
            [FeaturesKey] = JsonSerializer.Serialize([.. _features.Names], RecommendationJson.Default.StringArray),
        });

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static TwoTowerModel Load(string folder) =>
        ModelFile.Read(folder, "two-tower", new TwoTowerOptions { ProductCount = 1, FeatureCount = 1 }, RecommendationJson.Default.TwoTowerOptions, (options, weights, card) =>
        {
            TwoTower network = new(options, new Random(0));
            network.Load(weights.Where(weight => weight.Key != VectorsName).ToDictionary(StringComparer.Ordinal));
            string[] names = JsonSerializer.Deserialize(card[FeaturesKey], RecommendationJson.Default.StringArray) ?? [];
            return new TwoTowerModel(options, network, weights[VectorsName], new ProductFeatures(names),
                card.Where(entry => entry.Key != FeaturesKey).ToDictionary(StringComparer.Ordinal));
        });

    /// <summary>Vectors of histories that have a product each: an empty one is read as the first product alone, and nobody asks it.</summary>
    private Tensor Shoppers(ReadOnlySpan<Steps> histories)
    {
        List<int> tokens = [];
        int[] offsets = new int[histories.Length + 1];
        for (int i = 0; i < histories.Length; i++)
        {
            ReadOnlySpan<int> steps = SasRecTrainer.WithoutRepeats(histories[i].Products.Span);
            tokens.AddRange(steps.IsEmpty ? [0] : steps[Math.Max(0, steps.Length - _options.MaxLength)..]);
            offsets[i + 1] = tokens.Count;
        }

        return _network.Shoppers(_vectors.TakeRows([.. tokens]), offsets);
    }
}
