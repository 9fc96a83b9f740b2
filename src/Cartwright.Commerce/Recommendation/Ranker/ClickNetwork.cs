using System.ComponentModel.DataAnnotations;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

internal sealed record ClickNetworkOptions
{
    public const int DefaultHistory = 20;

    /// <summary>Products that it learns from, numbered from 1; 0 stands for any other.</summary>
    [Range(1, 100_000_000)]
    public required int ProductCount { get; init; }

    /// <summary>Features of products, numbered from 0.</summary>
    [Range(0, 100_000_000)]
    public required int FeatureCount { get; init; }

    /// <summary>Generators that it reads, by name, in the order of their numbers.</summary>
    public required IReadOnlyList<string> Generators { get; init; }

    /// <summary>Means of the numbers of a row in training: they are read as distances from it, in deviations.</summary>
    public IReadOnlyList<float> Means { get; init; } = [];

    /// <summary>Their standard deviations; 1 for a number that never changed.</summary>
    public IReadOnlyList<float> Deviations { get; init; } = [];

    /// <summary>What the chance that a place is looked at is taken for before anything is learned, by place from 0; empty for 0.73 everywhere.</summary>
    public IReadOnlyList<float> Looks { get; init; } = [];

    /// <summary>Steps of the history that are read, the latest ones; more see further back, slower.</summary>
    [Range(1, 200)]
    public int MaxHistory { get; init; } = DefaultHistory;

    /// <summary>Numbers of the vector of each field of a product; larger learns finer differences, slower.</summary>
    [Range(1, 256)]
    public int FieldSize { get; init; } = 8;

    /// <summary>Share of products whose id is hidden while learning, so that content alone does for new ones.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public float IdDropout { get; init; } = 0.1f;

    /// <summary>Share of the hidden numbers left out while learning; more keeps it from learning by heart.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public float Dropout { get; init; } = 0.1f;
}

/// <summary>The chance that a shopper clicks a product that was shown: what they think of it, if they look, times the chance that they look at its place.</summary>
/// <remarks>
/// What they think: DCN-V2 (<see cref="DeepCross"/>) over the product's fields, numbers, and the history as DIN's <see cref="TargetAttention"/> sees it
/// from this product. That they look: a number of each place, 1 at the first. The two are multiplied as in PAL, Guo et al., "PAL: A Position-bias Aware
/// Learning Framework for CTR Prediction in Live Recommender Systems", RecSys 2019, and only the first is used to rank: an order can't feed on itself.
/// The paper's second tower is a network of the place; here it is a table, as in a position-based click model, so that it can be read.
/// </remarks>
internal sealed class ClickNetwork : Module
{
    /// <summary>Places that are told apart; all below are as this one.</summary>
    public const int MaxPosition = 50;

    /// <summary>Log-odds of what is certain, in numbers that float32 can tell apart.</summary>
    private const float Certain = 15;

    private const int AttentionSize = 32;

    private readonly Embedding _products;
    private readonly EmbeddingBag _features;
    private readonly TargetAttention _attention;
    private readonly DeepCross _relevance;
    private readonly Embedding _looked;
    private readonly ClickNetworkOptions _options;

    public ClickNetwork(ClickNetworkOptions options, Random random)
    {
        int itemSize = options.FieldSize * (1 + ClickCatalog.Fields.Count);
        _options = options;
        _products = new Embedding(options.ProductCount + 1, options.FieldSize, random);
        _features = new EmbeddingBag(Math.Max(1, options.FeatureCount), options.FieldSize, random, deviation: 0.1f);
        _attention = new TargetAttention(itemSize, AttentionSize, random);
        _relevance = new DeepCross(new DeepCrossOptions
        {
            InputSize = (2 * itemSize) + ClickNumbers.Count(options.Generators.Count),
            Dropout = options.Dropout,
        }, random);
        _looked = new Embedding(MaxPosition + 1, 1, random);
    }

    /// <summary>Weights of the places, which learn from few numbers and so may take larger steps.</summary>
    public static bool IsOfPlaces(string name) => name.StartsWith("looked.", StringComparison.Ordinal);

    protected override IEnumerable<Part> Parts =>
    [
        new("products", _products), new("features", _features), new("attention", _attention), new("relevance", _relevance), new("looked", _looked),
    ];

    /// <returns>Log-odds of a click by somebody who looks: [rows, 1].</returns>
    public Tensor Relevance(ClickBatch batch)
    {
        Tensor items = Items(batch);                                             // [products, item]
        Tensor asked = items.TakeRows(batch.Asked);                              // [rows, item]
        Tensor interest = _attention.Forward(items, batch.Asked, batch.History, batch.Offsets);
        int width = ClickNumbers.Count(_options.Generators.Count);
        var numbers = Tensor.From(Scaled(batch.Numbers, width), batch.Asked.Length, width);
        return _relevance.Forward(Arrangement.Concat(1, asked, interest, numbers));
    }

    /// <returns>The mean over the rows: a scalar.</returns>
    public Tensor Loss(ClickBatch batch)
    {
        Tensor relevance = Relevance(batch).Clip(-Certain, Certain);
        Tensor looked = Looked(batch.Positions).Clip(-Certain, Certain);
        Tensor none = relevance.Negate().Exp() + looked.Negate().Exp() + (relevance + looked).Negate().Exp();
        return BinaryCrossEntropy.Loss(none.Log().Negate(), Tensor.From(batch.Clicked, batch.Clicked.Length, 1));   // log-odds of the product of both chances
    }

    /// <summary>Chance that each place is looked at: 1 at place 1 and where none was said.</summary>
    public float[] Looks()
    {
        using var noGradient = NoGradient.Begin();
        using var scope = TensorScope.Begin();
        return [.. Looked([.. Enumerable.Range(0, MaxPosition + 1)]).ToArray().Select(odds => 1 / (1 + MathF.Exp(-odds)))];
    }

    private Tensor Looked(int[] positions)
    {
        int[] places = Array.ConvertAll(positions, position => Math.Clamp(position, 0, MaxPosition));
        float[] isLearned = Array.ConvertAll(places, place => place > 1 ? 1f : 0f);
        float[] given = Array.ConvertAll(places, place => place <= 1 ? Certain : _options.Looks.Count == 0 ? 1 : MathF.Log(_options.Looks[place] / (1 - _options.Looks[place])));
        return (_looked.Forward(places) * Tensor.From(isLearned, places.Length, 1)) + Tensor.From(given, places.Length, 1);
    }

    private Tensor Items(ClickBatch batch)
    {
        var fields = new List<Tensor> { _products.Forward(batch.Numbered) };
        for (int field = 0; field < ClickCatalog.Fields.Count; field++)
        {
            int[] offsets = new int[batch.Products.Length + 1];
            for (int p = 0; p < batch.Products.Length; p++)
            {
                offsets[p + 1] = offsets[p] + batch.Products[p].Bags[field].Length;
            }

            int[] features = new int[offsets[^1]];
            for (int p = 0; p < batch.Products.Length; p++)
            {
                batch.Products[p].Bags[field].CopyTo(features, offsets[p]);
            }

            fields.Add(_features.Forward(features, offsets));
        }

        return Arrangement.Concat(1, [.. fields]);
    }

    private float[] Scaled(float[] numbers, int width)
    {
        float[] scaled = new float[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            scaled[i] = (numbers[i] - _options.Means[i % width]) / _options.Deviations[i % width];
        }

        return scaled;
    }
}

/// <summary>Rows that are read at once.</summary>
/// <param name="Products">Each product of the batch once.</param>
/// <param name="Numbered">Their numbers, 0 where the id is hidden: [products].</param>
/// <param name="Asked">Product of each row, by its place in <paramref name="Products"/>: [rows].</param>
/// <param name="History">Products of all histories in the same way, oldest first: [tokens].</param>
/// <param name="Offsets">Row r has the tokens Offsets[r] up to Offsets[r + 1].</param>
/// <param name="Numbers">As <see cref="ClickNumbers"/> writes them: [rows, numbers].</param>
/// <param name="Positions">From 1; 0 where none was said: [rows].</param>
/// <param name="Clicked">1 or 0: [rows].</param>
internal readonly record struct ClickBatch(ClickProduct[] Products, int[] Numbered, int[] Asked, int[] History, int[] Offsets, float[] Numbers, int[] Positions, float[] Clicked);
