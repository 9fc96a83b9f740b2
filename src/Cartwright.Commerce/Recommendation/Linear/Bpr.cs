using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics.Tensors;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Tensor = Cartwright.Learning.Tensors.Tensor;

namespace Cartwright.Commerce.Recommendation;

public sealed record BprOptions
{
    /// <summary>Numbers per product, twice; more learn finer tastes, slower.</summary>
    [Range(1, 1024)]
    [Tuned(16, 256, IsLogarithmic = true)]
    public int FactorCount { get; init; } = 64;

    /// <summary>Passes over the steps, at most; the best on the validation cases is kept.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 100;

    /// <summary>Length of the first steps; Adagrad shortens those of numbers that have moved much.</summary>
    [Range(0.0, 10.0, MinimumIsExclusive = true)]
    [Tuned(0.01, 0.2, IsLogarithmic = true)]
    public float LearningRate { get; init; } = 0.05f;

    /// <summary>Draws all numbers to 0 at every step; a larger one believes in tastes less.</summary>
    [Range(0.0, 10.0)]
    [Tuned(0.0005, 0.1, IsLogarithmic = true)]
    public float Regularization { get; init; } = 0.01f;
}

/// <summary>Bayesian personalized ranking: what a shopper has should score higher than what the shopper has not.</summary>
/// <remarks>
/// score(j) = b_j + v_j u with u = |N|^-1/2 sum of x_i over the products N of the history. Minimizes -ln sigmoid(score(i) - score(k)) for a
/// product i that the shopper has and a random k that the shopper has not. Rendle et al., "BPR: Bayesian Personalized Ranking from Implicit
/// Feedback", UAI 2009. Differs: there u is a row per shopper, here the normalized sum of learned vectors of the history, without i itself
/// while i is learned: Kabbur, Ning and Karypis, "FISM: Factored Item Similarity Models for Top-N Recommender Systems", KDD 2013. So a shopper
/// of a second ago has a vector, and no shopper is kept.
/// </remarks>
internal sealed class Bpr : IRecommendationModel
{
    private readonly BprOptions _options;
    private readonly float[] _vectors;
    private readonly float[] _parts;
    private readonly float[] _biases;

    /// <param name="vectors">v: [products, factors].</param>
    /// <param name="parts">x: [products, factors].</param>
    /// <param name="biases">b: [products].</param>
    public Bpr(BprOptions options, float[] vectors, float[] parts, float[] biases)
    {
        _options = options;
        (_vectors, _parts, _biases) = (vectors, parts, biases);
    }

    public string Name => "bpr";

    public int ProductCount => _biases.Length;

    public long ParameterCount => _vectors.Length + _parts.Length + _biases.Length;

    public IReadOnlyDictionary<string, string> Card => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["factorCount"] = _options.FactorCount.ToString(CultureInfo.InvariantCulture),
        ["epochs"] = _options.Epochs.ToString(CultureInfo.InvariantCulture),
        ["learningRate"] = _options.LearningRate.ToString(CultureInfo.InvariantCulture),
        ["regularization"] = _options.Regularization.ToString(CultureInfo.InvariantCulture),
    };

    public bool CanScore(Steps history) => !history.IsEmpty;

    public void Score(Steps history, Span<float> scores)
    {
        int factors = _options.FactorCount;
        int[] products = DistinctSteps.Of(history).Products;
        float[] shopper = new float[factors];
        foreach (int product in products)
        {
            TensorPrimitives.Add(shopper, _parts.AsSpan(product * factors, factors), shopper);
        }

        TensorPrimitives.Multiply(shopper, 1 / MathF.Sqrt(Math.Max(1, products.Length)), shopper);
        for (int product = 0; product < scores.Length; product++)
        {
            scores[product] = _biases[product] + TensorPrimitives.Dot<float>(_vectors.AsSpan(product * factors, factors), shopper);
        }
    }

    /// <summary>By the cosine of the products' vectors.</summary>
    public void ScoreSimilar(int product, Span<float> scores) => ProductCosines.Write(_vectors, _options.FactorCount, product, scores);

    public void Save(string folder) => ModelFile.Write(folder,
        [
            new("vectors", Tensor.From(_vectors, ProductCount, _options.FactorCount)),
            new("parts", Tensor.From(_parts, ProductCount, _options.FactorCount)),
            new("biases", Tensor.From(_biases, ProductCount)),
        ], _options, RecommendationJson.Default.BprOptions);

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static Bpr Load(string folder) =>
        ModelFile.Read(folder, "bpr", new BprOptions(), RecommendationJson.Default.BprOptions, (options, numbers, _) =>
        {
            float[] vectors = numbers["vectors"].ToArray(), parts = numbers["parts"].ToArray(), biases = numbers["biases"].ToArray();
            int count = biases.Length * options.FactorCount;
            return vectors.Length == count && parts.Length == count
                ? new Bpr(options, vectors, parts, biases)
                : throw new ShapeException($"it has {vectors.Length} numbers for {biases.Length} products of {options.FactorCount}");
        });
}
