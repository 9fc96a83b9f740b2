using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

public sealed record ItemKnnOptions
{
    /// <summary>Neighbors kept per product; more reach further and cost memory.</summary>
    [Range(1, 100_000)]
    [Tuned(20, 500, IsLogarithmic = true)]
    public int NeighborCount { get; init; } = 200;

    /// <summary>Distinct products of a sequence that count, the latest ones: what somebody with thousands would cost is bounded.</summary>
    [Range(1, 100_000)]
    public int MaxLength { get; init; } = 300;

    /// <summary>Added below the line of the cosine: a larger one trusts pairs less that few shoppers share.</summary>
    [Range(0.0, 1e6)]
    [Tuned(0, 100)]
    public float Shrinkage { get; init; } = 10;

    /// <summary>What one step further back in the history weighs: 1 weighs all the same, 0.5 halves with every step.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    [Tuned(0.1, 1)]
    public float Decay { get; init; } = 0.8f;

    /// <summary>How like itself a product is: 0 where shoppers never come back to one.</summary>
    [Range(0.0, 10.0)]
    [Tuned(0, 1)]
    public float SelfSimilarity { get; init; }

    /// <summary>What shoppers weigh when two products are compared.</summary>
    [Tuned]
    public ItemSimilarity Similarity { get; init; }
}

/// <summary>Products that the same shoppers have, by cosine with shrinkage or one of its kin.</summary>
/// <remarks>
/// similarity(i, j) = shoppers of both / (sqrt(shoppers of i * shoppers of j) + shrinkage), the best neighbors of each i kept; with shoppers of
/// unlike weight as <see cref="ItemBaskets"/> says. score(j) = sum over the history of decay^(steps back) * similarity(i, j).
/// Similarity, shrinkage, decay and self-similarity are chosen by NDCG@10 on the validation cases, one after the other; the card says which.
/// Sarwar et al., "Item-Based Collaborative Filtering Recommendation Algorithms", WWW 2001; shrinkage after Bell and Koren, ICDM 2007.
/// </remarks>
public sealed class ItemKnnTrainer : IRecommendationTrainer
{
    private static readonly TunedOptions<ItemKnnOptions> Tuned = new(new(), RecommendationJson.Default.ItemKnnOptions);

    private static readonly ItemSimilarity[] Similarities =
        [ItemSimilarity.Cosine, ItemSimilarity.TfIdf, ItemSimilarity.Bm25, ItemSimilarity.AdjustedCosine];

    private static readonly float[] Shrinkages = [0, 10, 50];
    private static readonly float[] Decays = [1, 0.9f, 0.8f, 0.65f, 0.5f, 0.3f, 0.1f];
    private static readonly float[] SelfSimilarities = [0, 0.02f, 0.05f, 0.1f, 0.2f, 0.5f, 1];

    public string Name => "item-knn";

    public bool IsBaseline => true;

    public TunedOptions? Options => Tuned;

    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        if (Tuned.Read(options.Options) is { } given)
        {
            return Fit(data, given, cancellationToken);
        }

        var baskets = new ItemBaskets(data, new ItemKnnOptions().MaxLength);
        RankingCases validation = data.Validation.Sample(3_000);
        var chosen = new ItemKnnOptions();
        chosen = Best(Similarities.Where(similarity => baskets.HasStars || similarity != ItemSimilarity.AdjustedCosine)
            .Select(value => chosen with { Similarity = value }));
        chosen = Best(Shrinkages.Select(value => chosen with { Shrinkage = value }));
        Neighbors neighbors = baskets.Neighbors(chosen, cancellationToken);
        chosen = Best(Decays.Select(value => chosen with { Decay = value }), neighbors);
        if (!validation.ExcludesHistory)
        {
            chosen = Best(SelfSimilarities.Select(value => chosen with { SelfSimilarity = value }), neighbors);
        }

        return new ItemKnn(chosen, neighbors, baskets.Popularity());

        ItemKnnOptions Best(IEnumerable<ItemKnnOptions> candidates, Neighbors? known = null) => candidates.MaxBy(candidate =>
        {
            IRecommendationModel model = new ItemKnn(candidate, known ?? baskets.Neighbors(candidate, cancellationToken), baskets.Popularity());
            return RankingMeasure.Run(model.ScoreMany, data.ProductCount, validation, [10], cancellationToken).Mean("ndcg@10");
        })!;
    }

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        Fit(whole, ((ItemKnn)chosen).Options, cancellationToken);

    public IRecommendationModel Load(string folder) => ItemKnn.Load(folder);

    internal static ItemKnn Fit(TrainingData data, ItemKnnOptions options, CancellationToken cancellationToken = default)
    {
        var baskets = new ItemBaskets(data, options.MaxLength);
        return new ItemKnn(options, baskets.Neighbors(options, cancellationToken), baskets.Popularity());
    }
}

/// <summary>A trained <see cref="ItemKnnTrainer"/> that answers.</summary>
/// <remarks>Products that no neighbor reaches are ordered by popularity, below those that one reaches: at most a millionth of a score.</remarks>
internal sealed class ItemKnn : IRecommendationModel
{
    /// <summary>Steps of a history that count, the latest ones.</summary>
    private const int MaxHistory = 100;

    private readonly ItemKnnOptions _options;
    private readonly Neighbors _neighbors;
    private readonly float[] _popularity;
    private readonly float[] _floor;

    public ItemKnn(ItemKnnOptions options, Neighbors neighbors, float[] popularity)
    {
        _options = options;
        _neighbors = neighbors;
        _popularity = popularity;
        _floor = [.. popularity.Select(share => share * 1e-6f)];
    }

    internal ItemKnnOptions Options => _options;

    public string Name => "item-knn";

    public int ProductCount => _floor.Length;

    public long ParameterCount => _neighbors.Similarities.Sum(row => (long)row.Length);

    public IReadOnlyDictionary<string, string> Card => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["neighborCount"] = _options.NeighborCount.ToString(CultureInfo.InvariantCulture),
        ["similarity"] = _options.Similarity.ToString(),
        ["shrinkage"] = _options.Shrinkage.ToString(CultureInfo.InvariantCulture),
        ["decay"] = _options.Decay.ToString(CultureInfo.InvariantCulture),
        ["selfSimilarity"] = _options.SelfSimilarity.ToString(CultureInfo.InvariantCulture),
    };

    public bool CanScore(Steps history)
    {
        foreach (int product in history.Products.Span)
        {
            if (_neighbors.Products[product].Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    public void Score(Steps history, Span<float> scores)
    {
        _floor.CopyTo(scores);
        ReadOnlySpan<int> latest = history.Latest(MaxHistory).Products.Span;
        float weight = 1;
        for (int i = latest.Length - 1; i >= 0; i--)
        {
            int product = latest[i];
            if (!latest[(i + 1)..].Contains(product))            // of a product met twice the latest step counts
            {
                scores[product] += weight * _options.SelfSimilarity;
                AddNeighbors(product, weight, scores);
            }

            weight *= _options.Decay;
        }
    }

    public void ScoreSimilar(int product, Span<float> scores)
    {
        _floor.CopyTo(scores);
        AddNeighbors(product, 1, scores);
    }

    public void Save(string folder)
    {
        int[] products = [.. _neighbors.Products.SelectMany(row => row)];
        float[] similarities = [.. _neighbors.Similarities.SelectMany(row => row)];
        ModelFile.Write(folder,
        [
            new("counts", Tensor.From([.. _neighbors.Products.Select(row => (float)row.Length)], ProductCount)),
            new("neighbors", Tensor.From([.. products.Select(product => (float)product)], products.Length)),   // exact to 16 million products
            new("similarities", Tensor.From(similarities, similarities.Length)),
            new("popularity", Tensor.From(_popularity, ProductCount)),
        ], _options, RecommendationJson.Default.ItemKnnOptions);
    }

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static ItemKnn Load(string folder) =>
        ModelFile.Read(folder, "item-knn", new ItemKnnOptions(), RecommendationJson.Default.ItemKnnOptions, (options, numbers, _) =>
        {
            float[] counts = numbers["counts"].ToArray();
            float[] neighbors = numbers["neighbors"].ToArray();
            float[] similarities = numbers["similarities"].ToArray();
            int next = 0;
            var products = new int[counts.Length][];
            var likenesses = new float[counts.Length][];
            for (int p = 0; p < counts.Length; p++)
            {
                int end = next + (int)counts[p];
                products[p] = [.. neighbors[next..end].Select(product => (int)product)];
                likenesses[p] = similarities[next..end];
                next = end;
            }

            return new ItemKnn(options, new Neighbors(products, likenesses), numbers["popularity"].ToArray());
        });

    private void AddNeighbors(int product, float weight, Span<float> scores)
    {
        int[] products = _neighbors.Products[product];
        float[] similarities = _neighbors.Similarities[product];
        for (int n = 0; n < products.Length; n++)
        {
            scores[products[n]] += weight * similarities[n];
        }
    }
}
