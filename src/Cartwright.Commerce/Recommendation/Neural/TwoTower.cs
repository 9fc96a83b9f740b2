using System.ComponentModel.DataAnnotations;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

public enum TwoTowerTargets
{
    /// <summary>The next product after what came before it.</summary>
    Next,

    /// <summary>Any product of a history after all the others, before and after it.</summary>
    Any,
}

public sealed record TwoTowerOptions
{
    /// <summary>Products in the catalog, numbered from 0.</summary>
    [Range(1, 100_000_000)]
    public required int ProductCount { get; init; }

    /// <summary>Features of products, numbered from 0: tags, brands, categories, attributes, words, prices.</summary>
    [Range(1, 100_000_000)]
    public required int FeatureCount { get; init; }

    /// <summary>Numbers of a vector; larger learns finer tastes, slower.</summary>
    [Range(1, 4096)]
    public int HiddenSize { get; init; } = 64;

    /// <summary>Latest products of a history that are read.</summary>
    [Range(1, 1000)]
    public int MaxLength { get; init; } = 100;

    /// <summary>Share of numbers dropped in training; larger guards small shops from learning by heart.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public float Dropout { get; init; } = 0.2f;

    /// <summary>Share of the products that are known by their content alone, drawn anew for each step: larger is better at new products.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public float ContentShare { get; init; } = 0.2f;

    /// <summary>What cosines are divided by before the softmax; smaller looks at the nearest only.</summary>
    [Range(0.001, 10.0)]
    public float Temperature { get; init; } = 0.07f;

    /// <summary>Products drawn for each batch beside its own targets. A catalog of no more than twice as many is taken in full.</summary>
    [Range(1, 1_000_000)]
    public int SampleCount { get; init; } = 1024;

    public TwoTowerTargets Targets { get; init; }

    /// <summary>Numbers of what a picture shows; 0 where no pictures are read.</summary>
    [Range(0, 4096)]
    public int PictureSize { get; init; }
}

/// <summary>One tower gives a product a vector from its id and its content, the other gives a history one; near ones belong together.</summary>
/// <remarks>
/// Yi et al., "Sampling-Bias-Corrected Neural Modeling for Large Corpus Item Recommendations", RecSys 2019: vectors of length 1, softmax
/// over cosines / temperature. A product is the sum of its own learned vector, the mean of its features' and a map of what its picture shows, through a layer; the own one is
/// left out for a share of the products in each step, as Volkovs, Yu and Poutanen, "DropoutNet", NIPS 2017, so that content alone does.
/// A history is the mean of its products' vectors, weighed by attention that sees each product and how many steps ago it was, beside the latest
/// product's vector, through a layer.
/// </remarks>
public sealed class TwoTower : Module
{
    private readonly TwoTowerOptions _options;
    private readonly Embedding _products;
    private readonly EmbeddingBag _features;
    private readonly Dense? _picture;
    private readonly Dense _productInner;
    private readonly Dense _productOuter;
    private readonly Embedding _ages;
    private readonly Dense _attention;
    private readonly Dense _attentionScore;
    private readonly Dense _shopperInner;
    private readonly Dense _shopperOuter;
    private readonly Dropout _dropout;

    public TwoTower(TwoTowerOptions options, Random random)
    {
        int size = options.HiddenSize;
        float deviation = 1 / MathF.Sqrt(size);
        _options = options;
        _products = new Embedding(options.ProductCount, size, random, deviation);
        _features = new EmbeddingBag(options.FeatureCount, size, random, deviation);
        _productInner = new Dense(size, 2 * size, random);
        _productOuter = new Dense(2 * size, size, random);
        _ages = new Embedding(options.MaxLength, size, random);
        _attention = new Dense(size, size, random);
        _attentionScore = new Dense(size, 1, random, hasBias: false);
        _shopperInner = new Dense(2 * size, 2 * size, random);
        _shopperOuter = new Dense(2 * size, size, random);
        _dropout = new Dropout(options.Dropout);
        _picture = options.PictureSize > 0 ? new Dense(options.PictureSize, size, random, hasBias: false) : null;
    }

    protected override IEnumerable<Part> Parts => Part.Present(
        new("products", _products), new("features", _features), new("product_inner", _productInner), new("product_outer", _productOuter),
        new("ages", _ages), new("attention", _attention), new("attention_score", _attentionScore),
        new("shopper_inner", _shopperInner), new("shopper_outer", _shopperOuter), new("dropout", _dropout),
        _picture is null ? null : new("picture", _picture));

    /// <summary>The tower of products that the shop has had for a while.</summary>
    /// <param name="products">Dense product indexes.</param>
    /// <param name="features">Features of all of them, one product after the other.</param>
    /// <param name="offsets">Product i has features[offsets[i]] up to features[offsets[i + 1]].</param>
    /// <param name="isKnown">0 for a product of which the content alone counts, else 1: [products].</param>
    /// <param name="pictures">What their pictures show, zeros for a product without one: [products, PictureSize]; null where no pictures are read.</param>
    /// <returns>Vectors of length 1: [products, hidden].</returns>
    public Tensor Products(int[] products, int[] features, int[] offsets, float[] isKnown, Tensor? pictures = null)
    {
        Tensor known = (_products.Forward(products) * Tensor.From(isKnown, isKnown.Length, 1)) + _features.Forward(features, offsets);
        return Product(pictures is null || _picture is null ? known : known + _picture.Forward(pictures));
    }

    /// <summary>The tower of products of which nothing is known but their content.</summary>
    /// <param name="features">Features of all of them, one product after the other.</param>
    /// <param name="offsets">Product i has features[offsets[i]] up to features[offsets[i + 1]].</param>
    /// <returns>Vectors of length 1: [products, hidden].</returns>
    public Tensor Products(int[] features, int[] offsets) => Product(_features.Forward(features, offsets));

    /// <summary>The tower of shoppers.</summary>
    /// <param name="history">Vectors of the products of all histories, oldest first: [tokens, hidden].</param>
    /// <param name="offsets">History h is the tokens offsets[h] up to offsets[h + 1], one to MaxLength of them.</param>
    /// <returns>Vectors of length 1: [histories, hidden].</returns>
    public Tensor Shoppers(Tensor history, int[] offsets)
    {
        int[] ages = new int[offsets[^1]];
        for (int h = 0; h + 1 < offsets.Length; h++)
        {
            for (int i = offsets[h]; i < offsets[h + 1]; i++)
            {
                ages[i] = offsets[h + 1] - 1 - i;
            }
        }

        Tensor scores = _attentionScore.Forward(_attention.Forward(history + _ages.Forward(ages)).Tanh());
        Tensor mean = history.WeightedMeans(scores, offsets);
        Tensor latest = history.TakeRows([.. offsets.Skip(1).Select(end => end - 1)]);
        Tensor inner = _shopperInner.Forward(Arrangement.Concat(1, mean, latest), Activation.Relu);
        return OfLengthOne(mean + _shopperOuter.Forward(_dropout.Forward(inner)));
    }

    private Tensor Product(Tensor x)
    {
        x = _dropout.Forward(x);
        return OfLengthOne(x + _productOuter.Forward(_productInner.Forward(x, Activation.Relu)));
    }

    private static Tensor OfLengthOne(Tensor x) => x / (x.L2Norm([1], keepsAxes: true) + Tensor.From([1e-6f], 1, 1));
}
