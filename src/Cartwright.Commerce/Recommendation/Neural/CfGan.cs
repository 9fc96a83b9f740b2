using System.ComponentModel.DataAnnotations;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

public sealed record CfGanOptions
{
    /// <summary>Products in the catalog, numbered from 0.</summary>
    [Range(1, 100_000_000)]
    public required int ProductCount { get; init; }

    /// <summary>Inner numbers of the generator; larger learns finer tastes, slower.</summary>
    [Range(1, 4096)]
    public int GeneratorSize { get; init; } = 256;

    /// <summary>Inner numbers of the discriminator; larger finds the generator out sooner.</summary>
    [Range(1, 4096)]
    public int DiscriminatorSize { get; init; } = 64;

    /// <summary>Share of a history that is hidden from the generator in training; larger guards more from copying what it reads.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public float Dropout { get; init; } = 0.5f;

    /// <summary>Share of the products that a shopper has not, drawn anew each time, at which the generator should say 0. Larger guards more from saying yes to all.</summary>
    [Range(0.0, 1.0)]
    public float ZeroShare { get; init; } = 0.7f;

    /// <summary>Share of the products that a shopper has not, drawn anew each time, that the discriminator gets to see. Larger lets it find the
    /// generator out by what it should not have said, and the generator then learns little else.</summary>
    [Range(0.0, 1.0)]
    public float MaskShare { get; init; } = 0.1f;

    /// <summary>What the zeros weigh beside the discriminator's verdict.</summary>
    [Range(0.0, 1000.0)]
    public float ZeroWeight { get; init; } = 1;
}

/// <summary>A generator writes what a shopper might have; a discriminator tells it from what shoppers have.</summary>
/// <remarks>
/// Chae, Kang, Kim and Lee, "CFGAN: A Generic Collaborative Filtering Framework based on Generative Adversarial Networks", CIKM 2018,
/// the variant with zero reconstruction and partial masking (CFGAN-ZP): the generator makes of the shopper's bag c a vector r over
/// products; the discriminator sees r at the products of c and at some drawn others, and c itself. The generator's loss is
/// −ln D(r ⊙ mask, c) + ZeroWeight · mean of r² at drawn products that the shopper has not. Differs from the paper: −ln D in place of
/// ln(1 − D), which stops learning while the discriminator is sure; products are hidden from the generator in training, which otherwise
/// learns to copy; bags have length 1, so that they compare however many products are in them; r may be any number, since a sigmoid
/// that says 0 to all learns no more.
/// </remarks>
public sealed class CfGan : Module
{
    private readonly CfGanOptions _options;
    private readonly EmbeddingBag _products;
    private readonly Tensor _bias;
    private readonly Dense _output;
    private readonly EmbeddingBag _condition;
    private readonly Dense _vector;
    private readonly Dense _verdict;

    public CfGan(CfGanOptions options, Random random)
    {
        _options = options;
        _products = new EmbeddingBag(options.ProductCount, options.GeneratorSize, random, 1 / MathF.Sqrt(options.GeneratorSize));
        _bias = Initialize.Constant(0, options.GeneratorSize);
        _output = new Dense(options.GeneratorSize, options.ProductCount, random);
        _condition = new EmbeddingBag(options.ProductCount, options.DiscriminatorSize, random, 1 / MathF.Sqrt(options.DiscriminatorSize));
        _vector = new Dense(options.ProductCount, options.DiscriminatorSize, random);
        _verdict = new Dense(options.DiscriminatorSize, 1, random);
    }

    protected override IEnumerable<Part> Parts =>
    [
        new("products", _products), new("bias", _bias), new("output", _output),
        new("condition", _condition), new("vector", _vector), new("verdict", _verdict),
    ];

    /// <summary>What the generator knows each product by: [products, inner].</summary>
    public Tensor ProductVectors => _output.Weight;

    /// <summary>The generator: near 1 for what a shopper might have, near 0 for the rest: [bags, products].</summary>
    internal Tensor Generate(ProductBags bags) => _output.Forward((OfLengthOne(_products, bags) + _bias).Tanh());

    /// <summary>The discriminator's loss: what shoppers have, against what the generator makes. Only its own weights learn.</summary>
    /// <param name="bags">Products of each shopper, each once.</param>
    /// <param name="random">Draws what is seen.</param>
    internal Tensor DiscriminatorLoss(ProductBags bags, Random random)
    {
        Tensor made;
        using (NoGradient.Begin())
        {
            made = Generate(Drop(bags, random)) * Marked(bags, 1, _options.MaskShare, random);
        }

        Tensor real = Marked(bags, 1, 0, random);
        return GanDiscriminator.Loss(Judge(real, bags, learns: true), Judge(made, bags, learns: true), GanObjective.NonSaturating);
    }

    /// <summary>The generator's loss. Only its own weights learn.</summary>
    /// <param name="bags">Products of each shopper, each once.</param>
    /// <param name="random">Draws what is seen and what should be 0.</param>
    internal Tensor GeneratorLoss(ProductBags bags, Random random)
    {
        Tensor made = Generate(Drop(bags, random));
        Tensor verdicts = Judge(made * Marked(bags, 1, _options.MaskShare, random), bags, learns: false);
        Tensor zeros = Marked(bags, 0, _options.ZeroShare, random);
        float count = Math.Max(1, System.Numerics.Tensors.TensorPrimitives.Sum(zeros.Values));
        return GanGenerator.Loss(verdicts, GanObjective.NonSaturating) + ((made * made * zeros).Sum() * (_options.ZeroWeight / count));
    }

    /// <summary>The discriminator: a logit of each vector being a shopper's own: [bags, 1].</summary>
    /// <param name="learns">False lets gradients through to the vectors and none to the weights.</param>
    private Tensor Judge(Tensor vectors, ProductBags bags, bool learns)
    {
        Tensor condition = Weight(OfLengthOne(_condition, bags));
        Tensor hidden = (vectors.Affine(Weight(_vector.Weight), Weight(_vector.Bias!)) + condition).Sigmoid();
        return hidden.Affine(Weight(_verdict.Weight), Weight(_verdict.Bias!));

        Tensor Weight(Tensor weight) => learns ? weight : Tensor.From(weight.Values, [.. weight.Shape]);
    }

    private ProductBags Drop(ProductBags bags, Random random) => ProductBags.Joined([.. Enumerable.Range(0, bags.Count)
        .Select(bag => bags[bag].ToArray().Where(_ => random.NextSingle() >= _options.Dropout).ToArray())]);

    private static Tensor OfLengthOne(EmbeddingBag rows, ProductBags bags) =>
        rows.Forward(bags.Products, bags.Offsets) * Tensor.From(bags.Lengths(count => MathF.Sqrt(count)), bags.Count, 1);

    /// <summary>A number at the products of each bag, 1 at a share of the others, 0 elsewhere: [bags, products].</summary>
    private Tensor Marked(ProductBags bags, float own, float share, Random random)
    {
        float[] marks = new float[bags.Count * _options.ProductCount];
        if (share > 0)
        {
            for (int i = 0; i < marks.Length; i++)
            {
                marks[i] = random.NextSingle() < share ? 1 : 0;
            }
        }

        for (int bag = 0; bag < bags.Count; bag++)
        {
            foreach (int product in bags[bag])
            {
                marks[(bag * _options.ProductCount) + product] = own;
            }
        }

        return Tensor.From(marks, bags.Count, _options.ProductCount);
    }
}
