using System.ComponentModel.DataAnnotations;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

public sealed record NeuMfOptions
{
    /// <summary>Products in the catalog, numbered from 0.</summary>
    [Range(1, 100_000_000)]
    public required int ProductCount { get; init; }

    /// <summary>Numbers per product that are multiplied; larger learns finer tastes, slower.</summary>
    [Range(1, 4096)]
    [Tuned(8, 128, IsLogarithmic = true)]
    public int FactorCount { get; init; } = 32;

    /// <summary>Numbers per product that the layers read; each of the layers has half as many outputs as the one before. Larger learns finer tastes, slower.</summary>
    [Range(4, 4096)]
    [Tuned(16, 128, IsLogarithmic = true)]
    public int HiddenSize { get; init; } = 32;

    /// <summary>Layers of the perceptron, the one that reads shopper and product included.</summary>
    [Range(1, 8)]
    public int LayerCount { get; init; } = 3;

    /// <summary>Share of the numbers dropped in training, of shopper and product; larger guards small shops from learning by heart.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    [Tuned(0, 0.6)]
    public float Dropout { get; init; } = 0.2f;

    /// <summary>Products drawn as a no for each yes; more learn more from a pass, slower.</summary>
    [Range(1, 1000)]
    [Tuned(1, 10)]
    public int NegativeCount { get; init; } = 4;
}

/// <summary>Says whether a shopper will have a product: a product of factors and a perceptron, side by side.</summary>
/// <remarks>
/// He, Liao, Zhang, Nie, Hu and Chua, "Neural Collaborative Filtering", WWW 2017: logit = h · [p ⊙ q ; perceptron(p', q')], binary
/// cross-entropy, four negatives drawn evenly for each positive. Differs from the paper: a shopper has no row; p and p' are
/// Σ y(product) / √n over the history, as in Koren, "Factorization Meets the Neighborhood", KDD 2008, and in training the product that
/// is asked for is left out of them. Factors and perceptron are trained together from the start, and dropout guards them.
/// </remarks>
public sealed class NeuMf : Module
{
    private readonly NeuMfOptions _options;
    private readonly Embedding _tastes;
    private readonly Embedding _products;
    private readonly Dropout _dropout;
    private readonly Dense _ofShopper;
    private readonly Dense _ofProduct;
    private readonly Dense[] _layers;
    private readonly Dense _output;

    public NeuMf(NeuMfOptions options, Random random)
    {
        const float Deviation = 0.05f;
        _options = options;
        int size = options.FactorCount + options.HiddenSize;
        _tastes = new Embedding(options.ProductCount, size, random, Deviation);
        _products = new Embedding(options.ProductCount, size, random, Deviation);
        _dropout = new Dropout(options.Dropout);
        _ofShopper = new Dense(options.HiddenSize, options.HiddenSize, random, hasBias: false);
        _ofProduct = new Dense(options.HiddenSize, options.HiddenSize, random);
        _layers = [.. Enumerable.Range(1, options.LayerCount - 1).Select(i => new Dense(Width(i - 1), Width(i), random))];
        _output = new Dense(options.FactorCount + Width(options.LayerCount - 1), 1, random);
    }

    protected override IEnumerable<Part> Parts =>
    [
        new("tastes", _tastes), new("products", _products), new("dropout", _dropout), new("of_shopper", _ofShopper), new("of_product", _ofProduct),
        .. Part.List("layers", _layers), new("output", _output),
    ];

    /// <summary>q and q' of every product: [products, factors + hidden].</summary>
    public Tensor ProductVectors => _products.Weight;

    /// <summary>p and p' of each history: [bags, factors + hidden]; zeros of an empty one.</summary>
    internal Tensor Shoppers(ProductBags bags) => Sums(bags, count => MathF.Sqrt(count));

    /// <summary>The perceptron's first layer is a sum of what each side gives it, so that of products is computed once for many shoppers.</summary>
    /// <param name="products">[rows, factors + hidden]</param>
    /// <returns>q: [rows, factors], and what q' gives the first layer: [rows, hidden].</returns>
    public (Tensor Factors, Tensor Hidden) Read(Tensor products)
    {
        Tensor[] parts = products.Split(1, _options.FactorCount, _options.HiddenSize);
        return (parts[0], _ofProduct.Forward(parts[1]));
    }

    /// <param name="shoppers">[rows, factors + hidden], or one row for all products.</param>
    /// <param name="factors">q of each row: [rows, factors].</param>
    /// <param name="hidden">What q' of each row gives the first layer: [rows, hidden].</param>
    /// <returns>Logits: [rows].</returns>
    public Tensor Forward(Tensor shoppers, Tensor factors, Tensor hidden)
    {
        Tensor[] parts = shoppers.Split(1, _options.FactorCount, _options.HiddenSize);
        Tensor x = (hidden + _ofShopper.Forward(parts[1])).Relu();
        foreach (Dense layer in _layers)
        {
            x = layer.Forward(x, Activation.Relu);
        }

        Tensor logits = _output.Forward(Arrangement.Concat(1, factors * parts[0], x));
        return logits.Reshape(logits.Length);
    }

    /// <summary>The mean over the targets and the products drawn for them of the binary cross-entropy.</summary>
    /// <param name="bags">Products of each shopper, each once, by rising number; two or more.</param>
    /// <param name="targetCount">Products of each bag that are asked for, at most; which is drawn.</param>
    /// <param name="random">Draws targets and negatives.</param>
    /// <returns>A scalar.</returns>
    public Tensor Loss(IReadOnlyList<int[]> bags, int targetCount, Random random)
    {
        List<int> owners = [], targets = [], candidates = [], rows = [];
        for (int bag = 0; bag < bags.Count; bag++)
        {
            foreach (int target in Drawn(bags[bag], targetCount, random))
            {
                candidates.Add(target);
                candidates.AddRange(Enumerable.Range(0, _options.NegativeCount).Select(_ => Stranger(bags[bag], random)));
                rows.AddRange(Enumerable.Repeat(owners.Count, 1 + _options.NegativeCount));
                owners.Add(bag);
                targets.Add(target);
            }
        }

        float[] lengths = [.. owners.Select(owner => 1 / MathF.Sqrt(bags[owner].Length - 1))];
        Tensor sums = Sums(ProductBags.Joined(bags), count => count);
        Tensor shoppers = (sums.TakeRows([.. owners]) - _tastes.Forward([.. targets])) * Tensor.From(lengths, lengths.Length, 1);
        (Tensor factors, Tensor hidden) = Read(_dropout.Forward(_products.Forward([.. candidates])));
        float[] answers = [.. candidates.Select((_, i) => i % (1 + _options.NegativeCount) == 0 ? 1f : 0f)];
        Tensor logits = Forward(_dropout.Forward(shoppers).TakeRows([.. rows]), factors, hidden);
        return BinaryCrossEntropy.Loss(logits, Tensor.From(answers, answers.Length));
    }

    /// <param name="factor">What the mean of a bag of so many is multiplied with.</param>
    private Tensor Sums(ProductBags bags, Func<int, float> factor) =>
        _tastes.Weight.Bags(bags.Products, bags.Offsets) * Tensor.From(bags.Lengths(factor), bags.Count, 1);

    private static ReadOnlySpan<int> Drawn(int[] bag, int count, Random random)
    {
        if (bag.Length <= count)
        {
            return bag;
        }

        int[] shuffled = [.. bag];
        random.Shuffle(shuffled);
        return shuffled.AsSpan(0, count);
    }

    /// <summary>A product that is not in the bag, where there is one.</summary>
    private int Stranger(int[] bag, Random random)
    {
        const int MaxDraws = 100;
        int product, draws = 0;
        do
        {
            product = random.Next(_options.ProductCount);
        }
        while (++draws < MaxDraws && Array.BinarySearch(bag, product) >= 0);
        return product;
    }

    private int Width(int layer) => Math.Max(1, _options.HiddenSize >> layer);
}
