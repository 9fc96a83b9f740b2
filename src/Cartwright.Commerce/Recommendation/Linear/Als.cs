using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics.Tensors;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Linear;
using Tensor = Cartwright.Learning.Tensors.Tensor;

namespace Cartwright.Commerce.Recommendation;

public sealed record AlsOptions
{
    /// <summary>Numbers per product; more learn finer tastes, slower.</summary>
    [Range(1, 1024)]
    [Tuned(32, 256, IsLogarithmic = true)]
    public int FactorCount { get; init; } = 64;

    /// <summary>Times that shoppers and products are solved in turn.</summary>
    [Range(1, 1000)]
    [Tuned(4, 32)]
    public int Epochs { get; init; } = 16;

    /// <summary>What a product that a shopper does not have counts as a 0, beside 1 for one that the shopper has: a larger one leans to the popular.</summary>
    [Range(0.0, 10.0, MinimumIsExclusive = true)]
    [Tuned(0.01, 2, IsLogarithmic = true)]
    public float UnobservedWeight { get; init; } = 0.1f;

    /// <summary>Penalty on the factors for each product of a shopper; a larger one believes in tastes less.</summary>
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    [Tuned(0.001, 0.5, IsLogarithmic = true)]
    public float Regularization { get; init; } = 0.01f;
}

/// <summary>Implicit alternating least squares: shoppers and products as vectors whose product is near 1 where they met.</summary>
/// <remarks>
/// The objective is that of <see cref="ImplicitLeastSquares"/>, with w = 1. Hu, Koren and Volinsky, ICDM 2008, as revisited by Rendle et al.,
/// RecSys 2022. No shopper is kept: the vector of a history is the minimum of the same objective with the products as they were learned,
/// solved by Cholesky. Options are chosen on held-out steps, one after the other (<see cref="OptionSearch{TOptions}"/>); the card says which.
/// </remarks>
public sealed class AlsTrainer : IRecommendationTrainer
{
    private static readonly TunedOptions<AlsOptions> Tuned = new(new(), RecommendationJson.Default.AlsOptions) { HoldsOutMore = true };

    private static readonly float[] Regularizations = [0.003f, 0.03f, 0.1f];
    private static readonly float[] UnobservedWeights = [0.03f, 0.3f, 1];

    public string Name => "als";

    public bool IsBaseline => false;

    public TunedOptions? Options => Tuned;

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        if (Tuned.Read(options.Options) is { } given)
        {
            return Fit(data.Sequences, data.ProductCount, given, options.Seed, cancellationToken);
        }

        var start = new AlsOptions();
        start = start with { Epochs = options.Epochs ?? start.Epochs };
        var search = new OptionSearch<AlsOptions>(data, options, Name,
            (learned, candidate) => Fit(learned.Sequences, data.ProductCount, candidate, options.Seed, cancellationToken), progress, cancellationToken);
        search.Try(start);
        search.Try(UnobservedWeights.Select(value => search.Best with { UnobservedWeight = value }));
        search.Try(Regularizations.Select(value => search.Best with { Regularization = value }));
        return search.Model;
    }

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        Fit(whole.Sequences, whole.ProductCount, ((Als)chosen).Options, options.Seed, cancellationToken);

    public IRecommendationModel Load(string folder) => Als.Load(folder);

    internal static Als Fit(Sequences sequences, int productCount, AlsOptions options, int seed, CancellationToken cancellationToken)
    {
        SparseRows shoppers = DistinctSteps.Matrix(sequences, productCount, steps => [.. steps.Stars.Select(_ => 1f)]);
        SparseRows products = shoppers.Transpose();
        float[] y = Draw(productCount * options.FactorCount, options.FactorCount, Seeds.Random((ulong)seed, 0));
        float[] x = new float[shoppers.RowCount * options.FactorCount];
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ImplicitLeastSquares.Improve(shoppers, y, x, options.FactorCount, options.UnobservedWeight, options.Regularization);
            ImplicitLeastSquares.Improve(products, x, y, options.FactorCount, options.UnobservedWeight, options.Regularization);
        }

        return new Als(options, y);
    }

    /// <summary>Small numbers of both signs with a deviation of 0.1 / sqrt(factors), as in Rendle et al.</summary>
    private static float[] Draw(int count, int factors, Random random)
    {
        float width = 0.1f * MathF.Sqrt(12f / factors);
        float[] drawn = new float[count];
        for (int i = 0; i < count; i++)
        {
            drawn[i] = (random.NextSingle() - 0.5f) * width;
        }

        return drawn;
    }
}

/// <summary>A trained <see cref="AlsTrainer"/> that answers.</summary>
/// <remarks>Holds 4 * products * FactorCount bytes. An answer costs FactorCount^2 for each step of the history and FactorCount^3 / 6.</remarks>
internal sealed class Als : IVectorModel
{
    /// <summary>Steps of a history that count, the latest ones.</summary>
    private const int MaxHistory = 1_000;

    private readonly AlsOptions _options;
    private readonly float[] _products;
    private readonly float[] _shared;

    /// <param name="products">[products, factors]</param>
    public Als(AlsOptions options, float[] products)
    {
        _options = options;
        _products = products;
        _shared = ImplicitLeastSquares.Gram(products, options.FactorCount, options.UnobservedWeight);
    }

    internal AlsOptions Options => _options;

    public string Name => "als";

    public int ProductCount => _products.Length / _options.FactorCount;

    public long ParameterCount => _products.Length;

    public IReadOnlyDictionary<string, string> Card => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["factorCount"] = _options.FactorCount.ToString(CultureInfo.InvariantCulture),
        ["epochs"] = _options.Epochs.ToString(CultureInfo.InvariantCulture),
        ["unobservedWeight"] = _options.UnobservedWeight.ToString(CultureInfo.InvariantCulture),
        ["regularization"] = _options.Regularization.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A product that nobody had has no factors and says nothing.</summary>
    public bool CanScore(Steps history)
    {
        foreach (int product in history.Products.Span)
        {
            if (FactorsOf(product).ContainsAnyExcept(0f))
            {
                return true;
            }
        }

        return false;
    }

    public void Score(Steps history, Span<float> scores)
    {
        float[] shopper = ShopperOf(history);
        for (int product = 0; product < scores.Length; product++)
        {
            scores[product] = TensorPrimitives.Dot<float>(FactorsOf(product), shopper);
        }
    }

    public int VectorSize => _options.FactorCount;

    public ReadOnlySpan<float> ProductVectors => _products;

    public void WriteVector(Steps history, Span<float> vector) => ShopperOf(history).CopyTo(vector);

    /// <summary>By the cosine of the products' factors.</summary>
    public void ScoreSimilar(int product, Span<float> scores) => ProductCosines.Write(_products, _options.FactorCount, product, scores);

    /// <summary>The vector of whoever has this history.</summary>
    internal float[] ShopperOf(Steps history)
    {
        int factors = _options.FactorCount;
        int[] products = DistinctSteps.Of(history.Latest(MaxHistory)).Products;
        float[] matrix = [.. _shared];
        float[] shopper = new float[factors];
        foreach (int product in products)
        {
            ReadOnlySpan<float> y = FactorsOf(product);
            TensorPrimitives.Add(shopper, y, shopper);
            for (int row = 0; row < factors; row++)
            {
                Span<float> below = matrix.AsSpan(row * factors, row + 1);
                TensorPrimitives.MultiplyAdd(y[..(row + 1)], y[row], below, below);
            }
        }

        for (int row = 0; row < factors; row++)
        {
            matrix[(row * factors) + row] += _options.Regularization * (products.Length + (_options.UnobservedWeight * ProductCount));
        }

        PositiveDefinite.Solve(matrix, shopper);
        return shopper;
    }

    public void Save(string folder) =>
        ModelFile.Write(folder, [new("products", Tensor.From(_products, ProductCount, _options.FactorCount))], _options, RecommendationJson.Default.AlsOptions);

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static Als Load(string folder) =>
        ModelFile.Read(folder, "als", new AlsOptions(), RecommendationJson.Default.AlsOptions, (options, numbers, _) =>
        {
            Tensor products = numbers["products"];
            return products.Rank == 2 && products.Columns == options.FactorCount
                ? new Als(options, products.ToArray())
                : throw new ShapeException($"it has {products.Columns} factors where its options say {options.FactorCount}");
        });

    private ReadOnlySpan<float> FactorsOf(int product) => _products.AsSpan(product * _options.FactorCount, _options.FactorCount);
}
