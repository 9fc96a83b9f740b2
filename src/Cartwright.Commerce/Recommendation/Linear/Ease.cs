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

public sealed record EaseOptions
{
    /// <summary>Added to the diagonal of the Gram matrix: a larger one trusts pairs less that few shoppers share.</summary>
    [Range(0.0, 1e9, MinimumIsExclusive = true)]
    [Tuned(10, 2000, IsLogarithmic = true)]
    public float Regularization { get; init; } = 250;

    /// <summary>Share of a history that may be missing: a larger one leans less on any single product, popular ones above all.</summary>
    [Range(0.0, 0.95)]
    [Tuned(0, 0.9)]
    public float Dropout { get; init; } = 0.5f;

    /// <summary>What a star above or below the shopper's mean adds to a product's weight of 1; a larger one listens more to stars.</summary>
    [Range(0.0, 0.24)]
    [Tuned(0, 0.24)]
    public float StarWeight { get; init; } = 0.2f;

    /// <summary>Share of what a pair counts that fades with the steps between its two products; a larger one listens more to the order.</summary>
    [Range(0.0, 1.0)]
    [Tuned(0, 1)]
    public float Closeness { get; init; } = 0.5f;

    /// <summary>How much less a shopper with many products counts, by (products / mean products)^-ActivityDiscount; 0 counts all alike.</summary>
    [Range(0.0, 1.0)]
    [Tuned(0, 1)]
    public float ActivityDiscount { get; init; } = 0.3f;

    /// <summary>What each tag, brand or category that two products share counts beside the shoppers of both.</summary>
    [Range(0.0, 1e6)]
    [Tuned(0, 100)]
    public float ContentWeight { get; init; } = 20;
}

/// <summary>One linear map from what a shopper has to what the shopper may want, in closed form.</summary>
/// <remarks>
/// With G the Gram matrix of products, P = (G + diag(d))^-1: B_ij = -P_ij / P_jj, B_jj = 0; score(j) = sum over the history of x_i B_ij.
/// Where G = X'X this minimizes |X - X B|^2 + sum of d_i |b_i|^2 with 0 on the diagonal of B, b_i being the row of product i.
/// d_i = Regularization + Dropout / (1 - Dropout) * (X'X)_ii. Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019; the
/// second term, dropout in expectation, is of Steck, "Autoencoders that Don't Overfit towards the Identity", NeurIPS 2020.
/// Differs in four ways that are no part of the papers: a shopper counts by ActivityDiscount, so that few with thousands do not outweigh the rest;
/// x is 1 + StarWeight * (stars - mean stars of the shopper) where there are stars; a pair
/// in a sequence counts 1 - Closeness + Closeness * exp(-steps between / 40) times x_i x_j; and ContentWeight * T'T is added to G, T being which
/// tags, brand and categories a product has (as rows of X: Jeunen et al., "Closed-Form Models for Collaborative Filtering with
/// Side-Information", RecSys 2020).
/// The options are chosen on held-out steps, one after the other (<see cref="OptionSearch{TOptions}"/>); the card says which.
/// </remarks>
public sealed class EaseTrainer : IRecommendationTrainer
{
    private static readonly TunedOptions<EaseOptions> Tuned = new(new(), RecommendationJson.Default.EaseOptions) { HoldsOutMore = true };

    private const float Reach = 40;
    private static readonly float[] Regularizations = [100, 25];
    private static readonly float[] Refinements = [2, 0.5f];
    private static readonly float[] Dropouts = [0.7f, 0.25f, 0];
    private static readonly float[] StarWeights = [0, 0.1f];
    private static readonly float[] ActivityDiscounts = [0];
    private static readonly float[] ContentWeights = [0, 5];

    public string Name => "ease";

    public bool IsBaseline => false;

    public TunedOptions? Options => Tuned;

    /// <summary>20,000: the matrix then has 1.6 GB, and two of them are held while options are chosen.</summary>
    public int MostProducts => 20_000;

    /// <exception cref="ValidationException">The catalog has more than <see cref="MostProducts"/> products.</exception>
    public IRecommendationModel Fit(TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        RecommendationModels.RequireFewProducts(this, data.ProductCount);
        if (Tuned.Read(options.Options) is { } given)
        {
            return Fit(data, given, new float[data.ProductCount * data.ProductCount], cancellationToken);
        }

        bool hasStars = Array.Exists(data.Sequences.Value, float.IsFinite);
        bool hasContent = data.Content.ValueCount > 0;
        var buffers = new List<float[]>();                       // two: a matrix that lost is written over by the next one
        OptionSearch<EaseOptions>? search = null;
        search = new OptionSearch<EaseOptions>(data, options, Name, (learned, candidate) =>
        {
            float[]? free = buffers.Find(buffer => !ReferenceEquals(buffer, (search!.BestModel as Ease)?.Buffer));
            if (free is null)
            {
                buffers.Add(free = new float[data.ProductCount * data.ProductCount]);
            }

            return Fit(learned, candidate, free, cancellationToken);
        }, progress, cancellationToken);
        search.Try(new EaseOptions
        {
            StarWeight = hasStars ? new EaseOptions().StarWeight : 0,
            ContentWeight = hasContent ? new EaseOptions().ContentWeight : 0,
        });
        search.Try(Regularizations.Select(value => search.Best with { Regularization = value }));
        search.Try(Refinements.Select(factor => search.Best with { Regularization = factor * search.Best.Regularization }));
        search.Try(Dropouts.Select(value => search.Best with { Dropout = value }));
        search.Try(ActivityDiscounts.Select(value => search.Best with { ActivityDiscount = value }));
        search.Try(hasStars ? StarWeights.Select(value => search.Best with { StarWeight = value }) : []);
        search.Try(hasContent ? ContentWeights.Select(value => search.Best with { ContentWeight = value }) : []);
        return search.Model;
    }

    public IRecommendationModel Refit(IRecommendationModel chosen, TrainingData whole, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        Fit(whole, ((Ease)chosen).Options, new float[whole.ProductCount * whole.ProductCount], cancellationToken);

    public IRecommendationModel Load(string folder) => Ease.Load(folder);

    /// <param name="gram">[products * products]; overwritten, and kept by the model.</param>
    internal static Ease Fit(TrainingData data, EaseOptions options, float[] gram, CancellationToken cancellationToken)
    {
        int count = data.ProductCount;
        SparseRows places = DistinctSteps.Matrix(data.Sequences, count, steps => steps.Places);
        float mean = Math.Max(1, (float)places.Columns.Length / Math.Max(1, places.RowCount));
        SparseRows shoppers = DistinctSteps.Matrix(data.Sequences, count, steps =>
        {
            float[] weights = Ease.Weights(steps.Stars, options.StarWeight);
            TensorPrimitives.Multiply(weights, MathF.Pow(weights.Length / mean, -options.ActivityDiscount / 2), weights);      // half, since each pair has two
            return weights;
        });
        WriteGram(shoppers, places, options.Closeness, gram, cancellationToken);
        float[] penalties = [.. Enumerable.Range(0, count).Select(i => options.Regularization + (options.Dropout / (1 - options.Dropout) * gram[(i * count) + i]))];
        AddContent(data.Content, options.ContentWeight, gram, count);
        for (int i = 0; i < count; i++)
        {
            gram[(i * count) + i] += penalties[i];
        }

        PositiveDefinite.Invert(gram, count, cancellationToken);
        float[] scales = [.. Enumerable.Range(0, count).Select(j => -1 / gram[(j * count) + j])];
        for (int i = 0; i < count; i++)
        {
            Span<float> row = gram.AsSpan(i * count, count);
            TensorPrimitives.Multiply(row, scales, row);
            row[i] = 0;
        }

        return new Ease(options, Tensor.Parameter(gram, count, count)) { Buffer = gram };
    }

    /// <summary>Writes how much two products meet: [products, products]. Each row is summed in the order of the shoppers.</summary>
    /// <param name="places">Where in its sequence each product of <paramref name="shoppers"/> stands.</param>
    private static void WriteGram(SparseRows shoppers, SparseRows places, float closeness, float[] gram, CancellationToken cancellationToken)
    {
        int count = shoppers.ColumnCount;
        Array.Clear(gram);
        float[] near = [.. Enumerable.Range(0, (int)places.Values.DefaultIfEmpty().Max() + 1).Select(steps => 1 - closeness + (closeness * MathF.Exp(-steps / Reach)))];
        SparseRows products = shoppers.Transpose(), placesOf = places.Transpose();
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, product =>
        {
            Span<float> row = gram.AsSpan(product * count, count);
            for (int of = products.Starts[product]; of < products.Starts[product + 1]; of++)
            {
                int shopper = products.Columns[of];
                for (int i = shoppers.Starts[shopper]; i < shoppers.Starts[shopper + 1]; i++)
                {
                    int between = (int)MathF.Abs(placesOf.Values[of] - places.Values[i]);
                    row[shoppers.Columns[i]] += products.Values[of] * shoppers.Values[i] * near[between];
                }
            }
        });
    }

    private static void AddContent(ProductContent content, float weight, float[] gram, int count)
    {
        if (weight == 0)
        {
            return;
        }

        ILookup<int, int> having = Enumerable.Range(0, count).SelectMany(product => content.Of(product).ToArray(), (product, value) => (product, value))
            .ToLookup(pair => pair.value, pair => pair.product);
        Parallel.For(0, count, product =>
        {
            foreach (int value in content.Of(product))
            {
                foreach (int other in having[value])
                {
                    gram[(product * count) + other] += weight;
                }
            }
        });
    }
}

/// <summary>A trained <see cref="EaseTrainer"/> that answers.</summary>
/// <remarks>Holds 4 * products^2 bytes: 11 MB for 1,700 products, 590 MB for 12,000.</remarks>
internal sealed class Ease : IRecommendationModel
{
    private readonly Tensor _weights;
    private readonly bool[] _isKnown;

    /// <param name="weights">B: [products, products], 0 on the diagonal.</param>
    public Ease(EaseOptions options, Tensor weights)
    {
        Options = options;
        _weights = weights;
        _isKnown = [.. Enumerable.Range(0, weights.Columns).Select(product => RowOf(product).ContainsAnyExcept(0f))];
    }

    public EaseOptions Options { get; }

    /// <summary>What holds the weights while they are learned, to be written over where another model is better; null in a loaded one.</summary>
    internal float[]? Buffer { get; init; }

    public string Name => "ease";

    public int ProductCount => _isKnown.Length;

    public long ParameterCount => _weights.Length;

    public IReadOnlyDictionary<string, string> Card => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["regularization"] = Options.Regularization.ToString(CultureInfo.InvariantCulture),
        ["dropout"] = Options.Dropout.ToString(CultureInfo.InvariantCulture),
        ["starWeight"] = Options.StarWeight.ToString(CultureInfo.InvariantCulture),
        ["activityDiscount"] = Options.ActivityDiscount.ToString(CultureInfo.InvariantCulture),
        ["closeness"] = Options.Closeness.ToString(CultureInfo.InvariantCulture),
        ["contentWeight"] = Options.ContentWeight.ToString(CultureInfo.InvariantCulture),
    };

    public bool CanScore(Steps history)
    {
        foreach (int product in history.Products.Span)
        {
            if (_isKnown[product])
            {
                return true;
            }
        }

        return false;
    }

    public void Score(Steps history, Span<float> scores)
    {
        scores.Clear();
        DistinctSteps steps = DistinctSteps.Of(history);
        float[] weights = Weights(steps.Stars, Options.StarWeight);
        for (int i = 0; i < weights.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(RowOf(steps.Products[i]), weights[i], scores, scores);
        }
    }

    public void ScoreSimilar(int product, Span<float> scores) => RowOf(product).CopyTo(scores);

    public void Save(string folder) => ModelFile.Write(folder, [new("weights", _weights)], Options, RecommendationJson.Default.EaseOptions);

    /// <exception cref="ModelFormatException">The file is missing, damaged, or of another model.</exception>
    internal static Ease Load(string folder) =>
        ModelFile.Read(folder, "ease", new EaseOptions(), RecommendationJson.Default.EaseOptions, (options, numbers, _) =>
        {
            Tensor weights = numbers["weights"];
            return weights.Rank == 2 && weights.Rows == weights.Columns
                ? new Ease(options, weights)
                : throw new ShapeException($"its weights should be a square and are {string.Join(" by ", weights.Shape)}");
        });

    /// <summary>The weight of each product of a shopper: 1, and more or less by how its stars differ from the shopper's mean.</summary>
    /// <param name="stars">NaN where a step is no rating.</param>
    internal static float[] Weights(float[] stars, float starWeight)
    {
        float mean = stars.Where(float.IsFinite).DefaultIfEmpty().Average();
        return [.. stars.Select(of => float.IsFinite(of) ? 1 + (starWeight * (of - mean)) : 1)];
    }

    private ReadOnlySpan<float> RowOf(int product) => _weights.Values.Slice(product * _weights.Columns, _weights.Columns);
}
