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

    /// <summary>Share of the products, drawn anew for each batch, at which the generator should say 0 for whoever has them not; 2,048 products at most. Larger guards more from
    /// saying yes to all.</summary>
    [Range(0.0, 1.0)]
    public float ZeroShare { get; init; } = 0.7f;

    /// <summary>Share of the products, drawn anew for each batch, that the discriminator gets to see beside a shopper's own; 2,048 products at most. Larger lets it find the
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
/// ln(1 − D), which stops learning while the discriminator is sure; products are drawn for a whole batch, so that it reads and moves the
/// rows of those alone; products are hidden from the generator in training, which otherwise
/// learns to copy; bags have length 1, so that they compare however many products are in them; r may be any number, since a sigmoid
/// that says 0 to all learns no more.
/// </remarks>
public sealed class CfGan : Module
{
    /// <summary>Products that are drawn beside the shoppers' own, at most: a large catalog costs a batch no more than one of these.</summary>
    private const int MostDrawn = 2_048;

    private readonly CfGanOptions _options;
    private readonly EmbeddingBag _products;
    private readonly Tensor _bias;
    private readonly Embedding _vectors;
    private readonly Embedding _biases;
    private readonly EmbeddingBag _condition;
    private readonly EmbeddingBag _seen;
    private readonly Tensor _seenBias;
    private readonly Dense _verdict;

    public CfGan(CfGanOptions options, Random random)
    {
        _options = options;
        _products = new EmbeddingBag(options.ProductCount, options.GeneratorSize, random, 1 / MathF.Sqrt(options.GeneratorSize));
        _bias = Initialize.Constant(0, options.GeneratorSize);
        _vectors = new Embedding(options.ProductCount, options.GeneratorSize, random, 1 / MathF.Sqrt(3f * options.GeneratorSize));
        _biases = new Embedding(options.ProductCount, 1, random, deviation: 0);
        _condition = new EmbeddingBag(options.ProductCount, options.DiscriminatorSize, random, 1 / MathF.Sqrt(options.DiscriminatorSize));
        _seen = new EmbeddingBag(options.ProductCount, options.DiscriminatorSize, random, 1 / MathF.Sqrt(options.DiscriminatorSize));
        _seenBias = Initialize.Constant(0, options.DiscriminatorSize);
        _verdict = new Dense(options.DiscriminatorSize, 1, random);
    }

    protected override IEnumerable<Part> Parts =>
    [
        new("products", _products), new("bias", _bias), new("vectors", _vectors), new("biases", _biases),
        new("condition", _condition), new("seen", _seen), new("seen_bias", _seenBias), new("verdict", _verdict),
    ];

    /// <summary>What the generator knows each product by: [products, inner].</summary>
    public Tensor ProductVectors => _vectors.Weight;

    /// <summary>The generator: near 1 for what a shopper might have, near 0 for the rest: [bags, products].</summary>
    internal Tensor Generate(ProductBags bags) => Taste(bags).Affine(_vectors.Weight, _biases.Weight.Reshape(_options.ProductCount));

    /// <summary>The discriminator's loss: what shoppers have, against what the generator makes. Only its own weights learn.</summary>
    /// <param name="bags">Products of each shopper, each once.</param>
    /// <param name="random">Draws what is seen.</param>
    internal Tensor DiscriminatorLoss(ProductBags bags, Random random)
    {
        bool[] seen = Drawn(_options.MaskShare, random);
        Columns columns = new(bags, seen);
        Tensor made;
        using (NoGradient.Begin())
        {
            made = Generate(Drop(bags, random), columns) * columns.Marked(own: 1, seen);
        }

        Tensor real = _seen.Forward(bags.Products, bags.Offsets) * Tensor.From(bags.Lengths(count => count), bags.Count, 1);
        return GanDiscriminator.Loss(Judge(real, bags, learns: true), Judge(made.MatMul(_seen.Weight.TakeRows(columns.Products)), bags, learns: true), GanObjective.NonSaturating);
    }

    /// <summary>The generator's loss. Only its own weights learn.</summary>
    /// <param name="bags">Products of each shopper, each once.</param>
    /// <param name="random">Draws what is seen and what should be 0.</param>
    internal Tensor GeneratorLoss(ProductBags bags, Random random)
    {
        bool[] seen = Drawn(_options.MaskShare, random), zeros = Drawn(_options.ZeroShare, random);
        Columns columns = new(bags, seen, zeros);
        Tensor made = Generate(Drop(bags, random), columns);
        Tensor isZero = columns.Marked(own: 0, zeros);
        Tensor verdicts = Judge((made * columns.Marked(own: 1, seen)).MatMul(Frozen(_seen.Weight.TakeRows(columns.Products))), bags, learns: false);
        float count = Math.Max(1, System.Numerics.Tensors.TensorPrimitives.Sum(isZero.Values));
        return GanGenerator.Loss(verdicts, GanObjective.NonSaturating) + ((made * made * isZero).Sum() * (_options.ZeroWeight / count));
    }

    /// <summary>What the generator says of some products: [bags, columns].</summary>
    private Tensor Generate(ProductBags bags, Columns columns) =>
        Taste(bags).Affine(_vectors.Forward(columns.Products), _biases.Forward(columns.Products).Reshape(columns.Products.Length));

    private Tensor Taste(ProductBags bags) => (OfLengthOne(_products, bags) + _bias).Tanh();

    /// <summary>The discriminator: a logit of each vector being a shopper's own: [bags, 1].</summary>
    /// <param name="read">What it reads of the vectors: [bags, inner].</param>
    /// <param name="learns">False lets gradients through to what is read and none to the weights.</param>
    private Tensor Judge(Tensor read, ProductBags bags, bool learns)
    {
        Tensor condition = OfLengthOne(_condition, bags) + _seenBias;
        Tensor hidden = (read + (learns ? condition : Frozen(condition))).Sigmoid();
        return learns ? _verdict.Forward(hidden) : hidden.Affine(Frozen(_verdict.Weight), Frozen(_verdict.Bias!));
    }

    private static Tensor Frozen(Tensor weight) => Tensor.From(weight.Values, [.. weight.Shape]);

    private ProductBags Drop(ProductBags bags, Random random) => ProductBags.Joined([.. Enumerable.Range(0, bags.Count)
        .Select(bag => bags[bag].ToArray().Where(_ => random.NextSingle() >= _options.Dropout).ToArray())]);

    private static Tensor OfLengthOne(EmbeddingBag rows, ProductBags bags) =>
        rows.Forward(bags.Products, bags.Offsets) * Tensor.From(bags.Lengths(count => MathF.Sqrt(count)), bags.Count, 1);

    /// <summary>Which products are drawn, each with the same chance.</summary>
    private bool[] Drawn(float share, Random random)
    {
        double chance = Math.Min(share, (double)MostDrawn / _options.ProductCount);
        bool[] drawn = new bool[_options.ProductCount];
        for (int i = 0; i < drawn.Length; i++)
        {
            drawn[i] = random.NextDouble() < chance;
        }

        return drawn;
    }

    /// <summary>The products of a batch that are looked at: the shoppers' own and the drawn ones.</summary>
    private sealed class Columns
    {
        private readonly ProductBags _bags;
        private readonly int[] _places;

        /// <param name="drawn">Which products were drawn, for one use or several.</param>
        public Columns(ProductBags bags, params bool[][] drawn)
        {
            (_bags, _places) = (bags, new int[drawn[0].Length]);
            bool[] isOwn = new bool[_places.Length];
            foreach (int product in bags.Products)
            {
                isOwn[product] = true;
            }

            Products = [.. Enumerable.Range(0, _places.Length).Where(product => isOwn[product] || Array.Exists(drawn, one => one[product]))];
            for (int i = 0; i < Products.Length; i++)
            {
                _places[Products[i]] = i;
            }
        }

        /// <summary>Dense product indexes, rising.</summary>
        public int[] Products { get; }

        /// <summary>A number at the products of each bag, 1 at the others that were drawn, 0 elsewhere: [bags, columns].</summary>
        public Tensor Marked(float own, bool[] drawn)
        {
            float[] row = [.. Products.Select(product => drawn[product] ? 1f : 0f)];
            float[] marks = new float[_bags.Count * row.Length];
            for (int bag = 0; bag < _bags.Count; bag++)
            {
                Span<float> marked = marks.AsSpan(bag * row.Length, row.Length);
                row.CopyTo(marked);
                foreach (int product in _bags[bag])
                {
                    marked[_places[product]] = own;
                }
            }

            return Tensor.From(marks, _bags.Count, row.Length);
        }
    }
}
