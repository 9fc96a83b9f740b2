using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Linear;
using Tensor = Cartwright.Learning.Tensors.Tensor;

namespace Cartwright.Commerce.Recommendation;

public sealed record BiasedMfOptions
{
    /// <summary>Numbers per product; more learn finer tastes, slower.</summary>
    [Range(1, 1024)]
    [Tuned(16, 256, IsLogarithmic = true)]
    public int FactorCount { get; init; } = 64;

    /// <summary>Passes over the ratings.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 60;

    /// <summary>Length of a step in the first pass; too large a one diverges.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    [Tuned(0.002, 0.03, IsLogarithmic = true)]
    public float LearningRate { get; init; } = 0.007f;

    /// <summary>What the length of a step is multiplied by after each pass; a smaller one stops learning sooner.</summary>
    [Range(0.1, 1.0)]
    [Tuned(0.9, 1)]
    public float LearningRateDecay { get; init; } = 0.97f;

    /// <summary>Penalty on the factors of shoppers and products for each rating; a larger one believes in tastes less.</summary>
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    [Tuned(0.02, 0.3, IsLogarithmic = true)]
    public float Regularization { get; init; } = 0.07f;

    /// <summary>Penalty on the biases for each rating; a larger one draws everybody to the mean.</summary>
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    [Tuned(0.001, 0.1, IsLogarithmic = true)]
    public float BiasRegularization { get; init; } = 0.005f;

    /// <summary>Penalty on what the mere choice of a product says; a larger one listens to stars alone.</summary>
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    [Tuned(0.005, 0.3, IsLogarithmic = true)]
    public float ImplicitRegularization { get; init; } = 0.03f;

    /// <summary>What an expected star adds to the logarithm of a product's ratings where products are ranked; 0 ranks by popularity alone.</summary>
    [Range(0.0, 1000.0)]
    [Tuned(0, 10)]
    public float StarWeight { get; init; } = 1;
}

/// <summary>Stars from a factor model with biases and with what the mere choice of products says.</summary>
/// <remarks>
/// r_ui = mean + unit (b_u + b_i + q_i (p_u + |N|^-1/2 sum of y_j over N)), N being the products of the history, unit 1 where stars go from 1 to 5. Koren, Bell and Volinsky, "Matrix
/// Factorization Techniques for Recommender Systems", IEEE Computer 2009; the sum of y is of Koren, "Factorization Meets the Neighborhood",
/// KDD 2008 (SVD++). b_u and p_u are not kept: for a history they are the minimum of the same regularized squared error with all else as it
/// was learned, a ridge regression of FactorCount + 1 unknowns.
/// Expected stars rank poorly, since few products are rated and everybody rates what is popular. So
/// score(j) = ln(1 + ratings of j) + StarWeight * (r_uj - mean) / unit, with StarWeight chosen by NDCG@10 on the validation cases.
/// </remarks>
internal sealed class BiasedMf : IRecommendationModel, IRatingModel
{
    private const string WeightsFile = "model.safetensors";
    private readonly BiasedMfOptions _options;
    private readonly BiasedMfWeights _weights;

    public BiasedMf(BiasedMfOptions options, BiasedMfWeights weights)
    {
        _options = options;
        _weights = weights;
    }

    internal BiasedMfOptions Options => _options;

    public string Name => BiasedMfTrainer.ModelName;

    public int ProductCount => _weights.Biases.Length;

    public long ParameterCount => _weights.Factors.Length + _weights.Implicit.Length + _weights.Biases.Length;

    public IReadOnlyDictionary<string, string> Card => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["factorCount"] = _options.FactorCount.ToString(CultureInfo.InvariantCulture),
        ["epochs"] = _options.Epochs.ToString(CultureInfo.InvariantCulture),
        ["starWeight"] = _options.StarWeight.ToString(CultureInfo.InvariantCulture),
    };

    public BiasedMf With(float starWeight) => new(_options with { StarWeight = starWeight }, _weights);

    public bool CanScore(Steps history) => !history.IsEmpty;

    public void Score(Steps history, Span<float> scores)
    {
        (float[] taste, _) = ShopperOf(history);
        for (int product = 0; product < scores.Length; product++)
        {
            float stars = _weights.Biases[product] + TensorPrimitives.Dot(FactorsOf(product), taste);
            scores[product] = MathF.Log(1 + _weights.Counts[product]) + (_options.StarWeight * stars);   // b_u is the same for all
        }
    }

    public void Predict(Steps history, ReadOnlySpan<int> products, Span<float> ratings)
    {
        (float[] taste, float bias) = ShopperOf(history);
        for (int i = 0; i < products.Length; i++)
        {
            float stars = _weights.Mean + (_weights.Unit * (bias + _weights.Biases[products[i]] + TensorPrimitives.Dot(FactorsOf(products[i]), taste)));
            ratings[i] = Math.Clamp(stars, _weights.Lowest, _weights.Highest);
        }
    }

    /// <summary>By the cosine of the products' factors.</summary>
    public void ScoreSimilar(int product, Span<float> scores) => ProductCosines.Write(_weights.Factors, _options.FactorCount, product, scores);

    /// <summary>p_u + |N|^-1/2 sum of y_j, and b_u, of whoever has this history.</summary>
    internal (float[] Taste, float Bias) ShopperOf(Steps history)
    {
        int factors = _options.FactorCount, size = factors + 1;
        DistinctSteps steps = DistinctSteps.Of(history);
        float[] chosen = new float[factors];
        foreach (int product in steps.Products)
        {
            TensorPrimitives.MultiplyAdd(_weights.Implicit.AsSpan(product * factors, factors), 1 / MathF.Sqrt(steps.Products.Length), chosen, chosen);
        }

        // The unknowns are p_u and, last, b_u, whose column is 1 at every rating.
        float[] matrix = new float[size * size];
        float[] solution = new float[size];
        float[] column = new float[size];
        column[factors] = 1;
        int count = 0;
        for (int i = 0; i < steps.Products.Length; i++)
        {
            if (float.IsFinite(steps.Stars[i]))
            {
                FactorsOf(steps.Products[i]).CopyTo(column);
                float left = ((steps.Stars[i] - _weights.Mean) / _weights.Unit) - _weights.Biases[steps.Products[i]] - TensorPrimitives.Dot<float>(column.AsSpan(0, factors), chosen);
                TensorPrimitives.MultiplyAdd(column, left, solution, solution);
                for (int row = 0; row < size; row++)
                {
                    Span<float> below = matrix.AsSpan(row * size, row + 1);
                    TensorPrimitives.MultiplyAdd(column.AsSpan(0, row + 1), column[row], below, below);
                }

                count++;
            }
        }

        for (int row = 0; row < size; row++)
        {
            matrix[(row * size) + row] += Math.Max(1, count) * (row < factors ? _options.Regularization : _options.BiasRegularization);
        }

        PositiveDefinite.Solve(matrix, solution);
        TensorPrimitives.Add(chosen, solution.AsSpan(0, factors), chosen);
        return (chosen, solution[factors]);
    }

    public void Save(string folder) => Safetensors.Write(Path.Combine(folder, WeightsFile), new Dictionary<string, Tensor>(StringComparer.Ordinal)
    {
        ["factors"] = Tensor.From(_weights.Factors, ProductCount, _options.FactorCount),
        ["implicit"] = Tensor.From(_weights.Implicit, ProductCount, _options.FactorCount),
        ["biases"] = Tensor.From(_weights.Biases, ProductCount),
        ["counts"] = Tensor.From(_weights.Counts, ProductCount),
        ["stars"] = Tensor.From([_weights.Mean, _weights.Lowest, _weights.Highest], 3),
    }, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["options"] = JsonSerializer.Serialize(_options, RecommendationJson.Default.BiasedMfOptions),
    });

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static IRecommendationModel Load(string folder)
    {
        string path = Path.Combine(folder, WeightsFile);
        SafetensorsContent content = Safetensors.Read(path);
        if (!content.Metadata.TryGetValue("options", out string? written))
        {
            return Popularity.Load(BiasedMfTrainer.ModelName, folder);
        }

        try
        {
            BiasedMfOptions options = RecordJson.Read(written, new BiasedMfOptions(), RecommendationJson.Default.BiasedMfOptions);
            float[] stars = content.Tensors["stars"].ToArray();
            var weights = new BiasedMfWeights(content.Tensors["factors"].ToArray(), content.Tensors["implicit"].ToArray(),
                content.Tensors["biases"].ToArray(), content.Tensors["counts"].ToArray(), stars[0], stars[1], stars[2]);
            int numbers = weights.Biases.Length * options.FactorCount;
            return weights.Factors.Length == numbers && weights.Implicit.Length == numbers && weights.Counts.Length == weights.Biases.Length
                ? new BiasedMf(options, weights)
                : throw new ModelFormatException(path, $"The file has {weights.Factors.Length} factors for {weights.Biases.Length} products of {options.FactorCount}. Train again.");
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or IndexOutOfRangeException)
        {
            throw new ModelFormatException(path, $"The file is no {BiasedMfTrainer.ModelName} model of this version ({e.Message}). Train again.", e);
        }
    }

    private ReadOnlySpan<float> FactorsOf(int product) => _weights.Factors.AsSpan(product * _options.FactorCount, _options.FactorCount);
}

/// <param name="Factors">q: [products, factors].</param>
/// <param name="Implicit">y: [products, factors].</param>
/// <param name="Biases">b_i.</param>
/// <param name="Counts">Ratings of each product.</param>
/// <param name="Mean">Of all ratings.</param>
/// <param name="Lowest">Fewest stars that were given.</param>
/// <param name="Highest">Most stars that were given.</param>
internal sealed record BiasedMfWeights(
    float[] Factors, float[] Implicit, float[] Biases, float[] Counts, float Mean, float Lowest, float Highest)
{
    /// <summary>What one is in biases and factors: stars are learned as if they went from 1 to 5, so that the lengths of steps and the penalties fit any scale.</summary>
    public float Unit { get; } = UnitOf(Lowest, Highest);

    public static float UnitOf(float lowest, float highest) => highest > lowest ? (highest - lowest) / 4 : 1;
}
