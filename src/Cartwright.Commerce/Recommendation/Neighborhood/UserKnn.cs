using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Linear;
using Tensor = Cartwright.Learning.Tensors.Tensor;

namespace Cartwright.Commerce.Recommendation;

public enum ShopperSimilarity
{
    /// <summary>Cosine of the products that two shoppers have, whatever their stars.</summary>
    Overlap,

    /// <summary>Pearson's correlation of the stars on the products that both rated.</summary>
    Pearson,
}

public sealed record UserKnnOptions
{
    /// <summary>Most similar shoppers that count; more reach further and blur.</summary>
    [Range(1, 100_000)]
    [Tuned(20, 1000, IsLogarithmic = true)]
    public int NeighborCount { get; init; } = 100;

    /// <summary>Products in common below which a similarity counts less: n / so many of it. A larger one trusts short histories less.</summary>
    [Range(1, 10_000)]
    [Tuned(1, 100, IsLogarithmic = true)]
    public int SignificantOverlap { get; init; } = 50;

    /// <summary>By which shoppers are found to rank products. Stars are always predicted by Pearson's with an overlap of 50, as in Herlocker et al.</summary>
    [Tuned]
    public ShopperSimilarity Similarity { get; init; } = ShopperSimilarity.Overlap;
}

/// <summary>What the most similar shoppers have and how they rated it.</summary>
/// <remarks>
/// Pearson: s(u, v) = sum (r_ui - m_u)(r_vi - m_v) / sqrt(sum (r_ui - m_u)^2 sum (r_vi - m_v)^2) over the products i that both rated, m being
/// the mean stars of all that a shopper rated; overlap: s(u, v) = n / sqrt(n_u n_v). Both times min(n, SignificantOverlap) /
/// SignificantOverlap, n being the products of both. score(j) = sum of s over the neighbors that have j; stars of j are
/// m_u + sum s (r_vj - m_v) / sum s over the most similar of those who rated j.
/// Resnick et al., "GroupLens: An Open Architecture for Collaborative Filtering of Netnews", CSCW 1994; significance weighting after Herlocker
/// et al., SIGIR 1999. Differs: neighbors of negative similarity are left out. Options are chosen on held-out steps, one after the other
/// (<see cref="OptionSearch{TOptions}"/>). The model keeps histories of shoppers, without ids: who is forgotten must be trained out of it.
/// </remarks>
public sealed class UserKnnTrainer : IRecommendationTrainer
{
    private static readonly TunedOptions<UserKnnOptions> Tuned = new(new(), RecommendationJson.Default.UserKnnOptions) { HoldsOutMore = true };

    private static readonly int[] NeighborCounts = [30, 300];
    private static readonly int[] SignificantOverlaps = [1, 10];

    public string Name => "user-knn";

    public bool IsBaseline => false;

    public TunedOptions? Options => Tuned;

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        if (Tuned.Read(options.Options) is { } given)
        {
            return Fit(data, given);
        }

        var search = new OptionSearch<UserKnnOptions>(data, options, Name, (learned, candidate) => Fit(learned, candidate), progress, cancellationToken);
        search.Try(new UserKnnOptions());
        search.Try(data.Sequences.Value.Length > 0 ? [search.Best with { Similarity = ShopperSimilarity.Pearson }] : []);
        search.Try(SignificantOverlaps.Select(value => search.Best with { SignificantOverlap = value }));
        search.Try(NeighborCounts.Select(value => search.Best with { NeighborCount = value }));
        return search.Model;
    }

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        Fit(whole, ((UserKnn)chosen).Options);

    public IRecommendationModel Load(string folder) => UserKnn.Load(folder);

    internal static UserKnn Fit(TrainingData data, UserKnnOptions options) =>
        new(options, DistinctSteps.Matrix(data.Sequences, data.ProductCount, steps => steps.Stars));
}

/// <summary>A trained <see cref="UserKnnTrainer"/> that answers.</summary>
internal sealed class UserKnn : IRecommendationModel, IRatingModel
{
    /// <summary>Those who rated a product and count for its stars, at most.</summary>
    private const int RaterCount = 40;

    private const int StarOverlap = 50;

    private const string WeightsFile = "model.safetensors";
    private readonly UserKnnOptions _options;
    private readonly SparseRows _shoppers;
    private readonly SparseRows _products;
    private readonly float[] _floor;
    private readonly float[] _means;
    private readonly float _mean;
    private readonly float _lowest;
    private readonly float _highest;

    /// <param name="shoppers">Stars of each shopper's products; NaN where there are none.</param>
    public UserKnn(UserKnnOptions options, SparseRows shoppers)
    {
        _options = options;
        _shoppers = shoppers;
        _products = shoppers.Transpose();
        _floor = [.. Enumerable.Range(0, ProductCount).Select(product => 1e-6f * (_products.Starts[product + 1] - _products.Starts[product]) / Math.Max(1, shoppers.RowCount))];
        float[] rated = [.. shoppers.Values.Where(float.IsFinite)];
        (_mean, _lowest, _highest) = rated.Length == 0 ? (0, 0, 0) : (rated.Average(), rated.Min(), rated.Max());
        _means = [.. Enumerable.Range(0, shoppers.RowCount).Select(shopper => Mean(shoppers.Row(shopper).Values.Span))];
    }

    internal UserKnnOptions Options => _options;

    public string Name => "user-knn";

    public int ProductCount => _shoppers.ColumnCount;

    public long ParameterCount => _shoppers.Values.Length;

    public IReadOnlyDictionary<string, string> Card => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["neighborCount"] = _options.NeighborCount.ToString(CultureInfo.InvariantCulture),
        ["significantOverlap"] = _options.SignificantOverlap.ToString(CultureInfo.InvariantCulture),
        ["similarity"] = _options.Similarity.ToString(),
    };

    public bool CanScore(Steps history)
    {
        foreach (int product in history.Products.Span)
        {
            if (_floor[product] > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <remarks>Products that no neighbor has are ordered by popularity, below those that one has: at most a millionth of a score.</remarks>
    public void Score(Steps history, Span<float> scores)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(_shoppers.RowCount);
        Span<float> similarities = rented.AsSpan(0, _shoppers.RowCount);
        Compare(DistinctSteps.Of(history), _options.Similarity, _options.SignificantOverlap, similarities);
        int[] neighbors = new int[Math.Min(_options.NeighborCount, similarities.Length)];
        float[] best = new float[neighbors.Length];
        var list = new TopList(neighbors, best);
        list.OfferAll(similarities);
        list.Sort();
        ArrayPool<float>.Shared.Return(rented);
        _floor.CopyTo(scores);
        for (int n = 0; n < list.Count && best[n] > 0; n++)
        {
            foreach (int product in _shoppers.Row(neighbors[n]).Columns.Span)
            {
                scores[product] += best[n];
            }
        }
    }

    public void Predict(Steps history, ReadOnlySpan<int> products, Span<float> ratings)
    {
        DistinctSteps steps = DistinctSteps.Of(history);
        float[] rented = ArrayPool<float>.Shared.Rent(_shoppers.RowCount);
        Span<float> similarities = rented.AsSpan(0, _shoppers.RowCount);
        Compare(steps, ShopperSimilarity.Pearson, StarOverlap, similarities);
        float mean = Mean(steps.Stars);
        for (int i = 0; i < products.Length; i++)
        {
            ratings[i] = Math.Clamp(mean + Difference(similarities, products[i]), _lowest, _highest);
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>By how many shoppers have both: the cosine.</summary>
    public void ScoreSimilar(int product, Span<float> scores)
    {
        _floor.CopyTo(scores);
        int own = _products.Starts[product + 1] - _products.Starts[product];
        foreach (int shopper in _products.Row(product).Columns.Span)
        {
            foreach (int other in _shoppers.Row(shopper).Columns.Span)
            {
                scores[other] += 1 / MathF.Sqrt((float)own * (_products.Starts[other + 1] - _products.Starts[other]));
            }
        }
    }

    public void Save(string folder) => Safetensors.Write(Path.Combine(folder, WeightsFile), new Dictionary<string, Tensor>(StringComparer.Ordinal)
    {
        ["counts"] = Tensor.From([.. Enumerable.Range(0, _shoppers.RowCount).Select(s => (float)(_shoppers.Starts[s + 1] - _shoppers.Starts[s]))], _shoppers.RowCount),
        ["products"] = Tensor.From([.. _shoppers.Columns.Select(product => (float)product)], _shoppers.Columns.Length),   // exact to 16 million products
        ["stars"] = Tensor.From(_shoppers.Values, _shoppers.Values.Length),
    }, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["options"] = JsonSerializer.Serialize(_options, RecommendationJson.Default.UserKnnOptions),
        ["productCount"] = ProductCount.ToString(CultureInfo.InvariantCulture),
    });

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static UserKnn Load(string folder)
    {
        string path = Path.Combine(folder, WeightsFile);
        SafetensorsContent content = Safetensors.Read(path);
        try
        {
            var starts = new List<int> { 0 };
            foreach (float count in content.Tensors["counts"].ToArray())
            {
                starts.Add(starts[^1] + (int)count);
            }

            UserKnnOptions options = RecordJson.Read(content.Metadata["options"], new UserKnnOptions(), RecommendationJson.Default.UserKnnOptions);
            int[] products = [.. content.Tensors["products"].ToArray().Select(product => (int)product)];
            return new UserKnn(options, new SparseRows([.. starts], products, content.Tensors["stars"].ToArray(),
                int.Parse(content.Metadata["productCount"], CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or FormatException or ArgumentException)
        {
            throw new ModelFormatException(path, $"The file is no user-knn model of this version ({e.Message}). Train again.", e);
        }
    }

    /// <summary>How like whoever has these steps each shopper is; 0 or less where there is nothing in common.</summary>
    /// <param name="similarities">[shoppers], written.</param>
    internal void Compare(DistinctSteps steps, ShopperSimilarity similarity, int significantOverlap, Span<float> similarities)
    {
        int count = _shoppers.RowCount;
        bool byStars = similarity == ShopperSimilarity.Pearson;
        float mean = byStars ? Mean(steps.Stars) : 0;
        float[] rented = ArrayPool<float>.Shared.Rent(3 * count);
        Array.Clear(rented, 0, 3 * count);
        Span<float> common = rented.AsSpan(0, count), ownSquares = rented.AsSpan(count, count), otherSquares = rented.AsSpan(2 * count, count);
        similarities.Clear();
        for (int i = 0; i < steps.Products.Length; i++)
        {
            float own = byStars ? steps.Stars[i] - mean : 1;
            for (int of = _products.Starts[steps.Products[i]]; of < _products.Starts[steps.Products[i] + 1]; of++)
            {
                int shopper = _products.Columns[of];
                float other = byStars ? _products.Values[of] - _means[shopper] : 1;
                if (float.IsFinite(own * other))
                {
                    common[shopper]++;
                    similarities[shopper] += own * other;
                    ownSquares[shopper] += own * own;
                    otherSquares[shopper] += other * other;
                }
            }
        }

        for (int shopper = 0; shopper < count; shopper++)
        {
            float squares = byStars ? ownSquares[shopper] * otherSquares[shopper]
                : (float)steps.Products.Length * (_shoppers.Starts[shopper + 1] - _shoppers.Starts[shopper]);
            float trust = Math.Min(common[shopper], significantOverlap) / significantOverlap;
            similarities[shopper] = squares > 0 ? trust * similarities[shopper] / MathF.Sqrt(squares) : 0;
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>By how much the most similar of those who rated a product rated it above their mean.</summary>
    private float Difference(ReadOnlySpan<float> similarities, int product)
    {
        (ReadOnlyMemory<int> raters, ReadOnlyMemory<float> stars) = _products.Row(product);
        Span<int> chosen = stackalloc int[RaterCount];
        Span<float> best = stackalloc float[RaterCount];
        var list = new TopList(chosen, best);
        for (int i = 0; i < raters.Length; i++)
        {
            if (float.IsFinite(stars.Span[i]) && similarities[raters.Span[i]] > 0)
            {
                list.Offer(i, similarities[raters.Span[i]]);
            }
        }

        list.Sort();                                             // sums are taken in one order, whatever the heap's
        float sum = 0, weight = 0;
        for (int n = 0; n < list.Count; n++)
        {
            sum += best[n] * (stars.Span[chosen[n]] - _means[raters.Span[chosen[n]]]);
            weight += best[n];
        }

        return weight > 0 ? sum / weight : 0;
    }

    /// <summary>Mean of the stars that are there; of all shoppers where there are none.</summary>
    private float Mean(ReadOnlySpan<float> stars)
    {
        float sum = 0;
        int count = 0;
        foreach (float of in stars)
        {
            if (float.IsFinite(of))
            {
                sum += of;
                count++;
            }
        }

        return count > 0 ? sum / count : _mean;
    }
}
