using System.ComponentModel.DataAnnotations;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

public sealed record MultVaeOptions
{
    /// <summary>Products in the catalog, numbered from 0.</summary>
    [Range(1, 100_000_000)]
    public required int ProductCount { get; init; }

    /// <summary>Numbers between a history and its code, and between code and products; larger learns finer tastes, slower.</summary>
    [Range(1, 4096)]
    [Tuned(64, 600, IsLogarithmic = true)]
    public int HiddenSize { get; init; } = 256;

    /// <summary>Numbers of the code; larger tells more tastes apart.</summary>
    [Range(1, 4096)]
    [Tuned(32, 300, IsLogarithmic = true)]
    public int CodeSize { get; init; } = 128;

    /// <summary>Share of a history that is hidden in training; larger guards more from learning by heart.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    [Tuned(0.1, 0.8)]
    public float Dropout { get; init; } = 0.5f;
}

/// <summary>Guesses all that a shopper has from a few numbers that stand for a taste.</summary>
/// <remarks>
/// Liang, Krishnan, Hoffman and Jebara, "Variational Autoencoders for Collaborative Filtering", WWW 2018: the history x as a bag,
/// of length 1 and with products dropped, gives mean and variance of a normal code z; z gives a logit of each product; the loss is
/// −Σ x ln softmax(logits) + β KL(code, standard normal). Answers come from the mean of the code. The first layer adds up rows of the
/// products in the bag, so a step costs what its histories are long. Fewer hidden numbers than the paper's 600, for smaller shops.
/// </remarks>
public sealed class MultVae : Module
{
    private readonly MultVaeOptions _options;
    private readonly EmbeddingBag _products;
    private readonly Tensor _bias;
    private readonly Dense _code;
    private readonly Dense _inner;
    private readonly Dense _output;

    public MultVae(MultVaeOptions options, Random random)
    {
        _options = options;
        _products = new EmbeddingBag(options.ProductCount, options.HiddenSize, random, MathF.Sqrt(2f / (options.ProductCount + options.HiddenSize)));
        _bias = Initialize.Constant(0, options.HiddenSize);
        _code = new Dense(options.HiddenSize, 2 * options.CodeSize, random);
        _inner = new Dense(options.CodeSize, options.HiddenSize, random);
        _output = new Dense(options.HiddenSize, options.ProductCount, random);
    }

    protected override IEnumerable<Part> Parts =>
        [new("products", _products), new("bias", _bias), new("code", _code), new("inner", _inner), new("output", _output)];

    /// <summary>What the decoder knows each product by: [products, hidden].</summary>
    public Tensor ProductVectors => _output.Weight;

    /// <summary>The mean and the log variance of each bag's code: [bags, code] each.</summary>
    /// <param name="products">Products of all bags, each once a bag, one bag after the other.</param>
    /// <param name="offsets">Bag b is products[offsets[b]] up to products[offsets[b + 1]].</param>
    /// <param name="entries">What each product of a bag counts: 1 / √n of a whole bag of n, so that it has length 1: [bags].</param>
    public (Tensor Mean, Tensor LogVariance) Encode(int[] products, int[] offsets, float[] entries)
    {
        float[] factors = [.. entries.Select((entry, bag) => entry * (offsets[bag + 1] - offsets[bag]))];   // of the mean that a bag gives
        Tensor hidden = ((_products.Forward(products, offsets) * Tensor.From(factors, factors.Length, 1)) + _bias).Tanh();
        Tensor[] code = _code.Forward(hidden).Split(1, _options.CodeSize, _options.CodeSize);
        return (code[0], code[1]);
    }

    /// <param name="code">[bags, code]</param>
    /// <returns>A logit of every product: [bags, products].</returns>
    public Tensor Decode(Tensor code) => _output.Forward(_inner.Forward(code).Tanh());

    /// <summary>The mean over the bags of −Σ ln p(product) + β KL.</summary>
    /// <param name="bags">Products of each shopper, each once.</param>
    /// <param name="divergenceWeight">β, 0 or more; larger keeps codes nearer to the standard normal.</param>
    /// <param name="random">Drops products and draws the code.</param>
    /// <returns>A scalar.</returns>
    public Tensor Loss(IReadOnlyList<int[]> bags, float divergenceWeight, Random random)
    {
        (int[] kept, int[] offsets, float[] entries) = Drop(bags, random);
        (Tensor mean, Tensor logVariance) = Encode(kept, offsets, entries);
        Tensor code = mean + ((logVariance * 0.5f).Exp() * Normals(random, bags.Count, _options.CodeSize));
        Tensor logProbabilities = Decode(code).LogSoftmax();
        int[] places = [.. bags.SelectMany((bag, row) => bag.Select(product => (row * _options.ProductCount) + product))];
        Tensor likelihood = logProbabilities.Reshape(logProbabilities.Length, 1).TakeRows(places).Sum() * (1f / bags.Count);
        return (GaussianDivergence.Loss(mean, logVariance) * divergenceWeight) - likelihood;
    }

    /// <summary>Bags of length 1 from which products were dropped; the others count for them.</summary>
    private (int[] Products, int[] Offsets, float[] Entries) Drop(IReadOnlyList<int[]> bags, Random random)
    {
        List<int> kept = [];
        int[] offsets = new int[bags.Count + 1];
        float[] entries = new float[bags.Count];
        for (int bag = 0; bag < bags.Count; bag++)
        {
            kept.AddRange(bags[bag].Where(_ => random.NextSingle() >= _options.Dropout));
            offsets[bag + 1] = kept.Count;
            entries[bag] = 1 / (MathF.Sqrt(bags[bag].Length) * (1 - _options.Dropout));
        }

        return ([.. kept], offsets, entries);
    }

    private static Tensor Normals(Random random, int rows, int columns) =>
        Tensor.From(Initialize.Normal(random, 1, rows, columns).Values, rows, columns);
}
