using System.ComponentModel.DataAnnotations;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

public enum SasRecLoss
{
    /// <summary>Softmax over every product: exact, and the time grows with the catalog.</summary>
    FullSoftmax,

    /// <summary>Softmax over the target and <see cref="SasRecOptions.SampleCount"/> products drawn for each batch.</summary>
    SampledSoftmax,

    /// <summary>Yes to the target and no to one product drawn for each step, as in the paper. Quick, and learns less from a step.</summary>
    BinaryCrossEntropy,
}

public sealed record SasRecOptions
{
    /// <summary>Products in the catalog, numbered from 0.</summary>
    [Range(1, 100_000_000)]
    public required int ProductCount { get; init; }

    /// <summary>Different tags, brands and categories; 0 learns from ids alone.</summary>
    [Range(0, 100_000_000)]
    public int ContentCount { get; init; }

    /// <summary>Longest history read, in products; older ones are left out.</summary>
    [Range(1, 1000)]
    [Tuned(20, 100, IsLogarithmic = true)]
    public int MaxLength { get; init; } = 50;

    /// <summary>Numbers per product; larger learns finer tastes, slower.</summary>
    [Range(1, 4096)]
    [Tuned(32, 128, IsLogarithmic = true)]
    public int HiddenSize { get; init; } = 64;

    /// <summary>Attention heads; divides <see cref="HiddenSize"/>.</summary>
    [Range(1, 64)]
    public int HeadCount { get; init; } = 1;

    [Range(1, 64)]
    [Tuned(1, 3)]
    public int BlockCount { get; init; } = 1;

    /// <summary>Width of a block's inner layer, in times of <see cref="HiddenSize"/>; the paper has 1.</summary>
    [Range(1, 16)]
    public int InnerFactor { get; init; } = 4;

    /// <summary>Share of numbers dropped in training; larger guards small shops from learning by heart.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    [Tuned(0.1, 0.7)]
    public float Dropout { get; init; } = 0.4f;

    public SasRecLoss Loss { get; init; } = SasRecLoss.SampledSoftmax;

    /// <summary>Products drawn for each batch with <see cref="SasRecLoss.SampledSoftmax"/>; more is nearer to the full softmax and slower.
    /// A catalog of no more than twice as many is taken in full.</summary>
    [Range(1, 1_000_000)]
    public int SampleCount { get; init; } = 1024;
}

/// <summary>Predicts a shopper's next product from the products before it.</summary>
/// <remarks>
/// Kang and McAuley, "Self-Attentive Sequential Recommendation", ICDM 2018. Differs from the paper: softmax in place of one sampled
/// negative (as Klenitskiy and Vasilev, "Turning Dross Into Gold Loss", RecSys 2023; the paper's loss is an option), normalization before each layer, GELU, and a product's
/// vector is the sum of its own and the mean of its tags', brand's and categories', so that a product nobody bought has one too.
/// Sequences lie one after the other without padding.
/// </remarks>
public sealed class SasRec : Module
{
    private readonly SasRecOptions _options;
    private readonly Embedding _products;
    private readonly EmbeddingBag? _content;
    private readonly Embedding _positions;
    private readonly Dropout _dropout;
    private readonly TransformerBlock[] _blocks;
    private readonly LayerNorm _norm;

    public SasRec(SasRecOptions options, Random random)
    {
        _options = options;
        _products = new Embedding(options.ProductCount, options.HiddenSize, random);
        _content = options.ContentCount == 0 ? null : new EmbeddingBag(options.ContentCount, options.HiddenSize, random);
        _positions = new Embedding(options.MaxLength, options.HiddenSize, random);
        _dropout = new Dropout(options.Dropout);
        _blocks = [.. Enumerable.Range(0, options.BlockCount).Select(_ =>
            new TransformerBlock(options.HiddenSize, options.HeadCount, options.HiddenSize * options.InnerFactor, options.Dropout, random))];
        _norm = new LayerNorm(options.HiddenSize);
    }

    protected override IEnumerable<Part> Parts =>
    [
        new("products", _products), .. _content is null ? [] : (Part[])[new("content", _content)], new("positions", _positions),
        new("dropout", _dropout), .. Part.List("blocks", _blocks), new("norm", _norm),
    ];

    /// <param name="products">Dense product indexes.</param>
    /// <param name="content">What is known of each of them.</param>
    /// <returns>Their vectors: [products.Length, hidden].</returns>
    public Tensor Vectors(int[] products, ProductContent content)
    {
        Tensor own = _products.Forward(products);
        if (_content is null)
        {
            return own;
        }

        (int[] values, int[] offsets) = content.Bags(products);
        return own + _content.Forward(values, offsets);
    }

    /// <param name="history">Vectors of the products of all sequences, oldest first: [tokens, hidden].</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1], at most MaxLength of them.</param>
    /// <returns>What each position expects next, to be multiplied with product vectors: [tokens, hidden].</returns>
    public Tensor Forward(Tensor history, int[] offsets)
    {
        Tensor x = _dropout.Forward(history.Scale(MathF.Sqrt(_options.HiddenSize)) + _positions.Forward(Positions(offsets)));
        foreach (TransformerBlock block in _blocks)
        {
            x = block.Forward(x, offsets, causal: true);
        }

        return _norm.Forward(x);
    }

    /// <summary>The mean over all positions of −ln p(next product), or of the paper's −ln σ(next) − ln(1 − σ(drawn)).</summary>
    /// <param name="history">Dense product indexes of all sequences, oldest first: [tokens].</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <param name="next">The product that followed each: [tokens].</param>
    /// <param name="content">What is known of products.</param>
    /// <param name="random">Draws the samples.</param>
    public Tensor Loss(int[] history, int[] offsets, int[] next, ProductContent content, Random random)
    {
        if (_options.Loss == SasRecLoss.BinaryCrossEntropy)
        {
            return PairLoss(history, offsets, next, content, random);
        }

        if (_options.Loss == SasRecLoss.FullSoftmax || _options.ProductCount <= 2 * _options.SampleCount)
        {
            Tensor table = Vectors([.. Enumerable.Range(0, _options.ProductCount)], content);
            return TableCrossEntropy.Loss(Forward(table.TakeRows(history), offsets), table, next);
        }

        // Drawn uniformly, so the logQ correction would be one number for all samples: left out, as in the published comparisons.

        int[] samples = [.. Enumerable.Range(0, _options.SampleCount).Select(_ => random.Next(_options.ProductCount))];
        Tensor queries = Forward(Vectors(history, content), offsets);
        return SampledSoftmax.Loss(queries, Vectors(next, content), Vectors(samples, content), next, samples, new float[samples.Length]);
    }

    private Tensor PairLoss(int[] history, int[] offsets, int[] next, ProductContent content, Random random)
    {
        Tensor queries = Forward(Vectors(history, content), offsets);
        Tensor wanted = (queries * Vectors(next, content)).Sum([1]);
        Tensor drawn = (queries * Vectors(Strangers(history, offsets, next, random), content)).Sum([1]);
        return BinaryCrossEntropy.Loss(wanted, Ones(next.Length)) + BinaryCrossEntropy.Loss(drawn, Tensor.Zeros(next.Length));
    }

    private static Tensor Ones(int count)
    {
        float[] ones = new float[count];
        Array.Fill(ones, 1);
        return Tensor.From(ones, count);
    }

    /// <summary>For each position a product that is nowhere in its sequence, where there is one.</summary>
    private int[] Strangers(int[] history, int[] offsets, int[] next, Random random)
    {
        const int MaxDraws = 100;
        int[] strangers = new int[history.Length];
        for (int s = 0; s + 1 < offsets.Length; s++)
        {
            Range own = offsets[s]..offsets[s + 1];
            for (int i = offsets[s]; i < offsets[s + 1]; i++)
            {
                int draws = 0;
                do
                {
                    strangers[i] = random.Next(_options.ProductCount);
                }
                while (++draws < MaxDraws && (history.AsSpan(own).Contains(strangers[i]) || next.AsSpan(own).Contains(strangers[i])));
            }
        }

        return strangers;
    }

    private static int[] Positions(int[] offsets)
    {
        int[] positions = new int[offsets[^1]];
        for (int s = 0; s + 1 < offsets.Length; s++)
        {
            for (int i = offsets[s]; i < offsets[s + 1]; i++)
            {
                positions[i] = i - offsets[s];
            }
        }

        return positions;
    }
}
