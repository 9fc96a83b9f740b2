using System.ComponentModel.DataAnnotations;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Recommendation;

internal sealed record SasRecPlusOptions
{
    /// <summary>Products in the catalog, numbered from 0.</summary>
    [Range(1, 100_000_000)]
    public required int ProductCount { get; init; }

    /// <summary>Different tags, brands, categories and price levels; 0 learns from ids alone.</summary>
    [Range(0, 100_000_000)]
    public int ContentCount { get; init; }

    /// <summary>True where the time between steps is read.</summary>
    public bool ReadsTimes { get; init; }

    /// <summary>How it is asked.</summary>
    public SequenceAnswerOptions Answers { get; init; } = new();

    /// <summary>True where what is expected is a mean of the history's own vectors: right for sessions, which stay with what they are about.</summary>
    public bool IsConsistent { get; init; }

    /// <summary>Numbers per product; larger learns finer tastes, slower.</summary>
    [Range(1, 4096)]
    public int HiddenSize { get; init; } = 64;

    /// <summary>Attention heads of a block; divides <see cref="HiddenSize"/>.</summary>
    [Range(1, 64)]
    public int HeadCount { get; init; } = 1;

    [Range(1, 64)]
    public int BlockCount { get; init; } = 1;

    /// <summary>Width of a block's inner layer, in times of <see cref="HiddenSize"/>.</summary>
    [Range(1, 16)]
    public int InnerFactor { get; init; } = 4;

    /// <summary>Share of numbers dropped in training; larger guards small shops from learning by heart.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public float Dropout { get; init; } = 0.4f;

    /// <summary>What a cosine is divided by to become a logit; smaller tells products apart more sharply. 0 takes products of vectors as they
    /// are, so that long vectors, those of popular products, score higher.</summary>
    [Range(0.0, 10.0)]
    public float Temperature { get; init; }
}

/// <summary>Predicts the next product from the products before it, what is known of them, their prices and the time between them.</summary>
/// <remarks>
/// The trunk of <see cref="SasRec"/> (Kang and McAuley, ICDM 2018). Added: a price level, as one more attribute of a product; the time since
/// the step before, as a learned vector by its logarithm, where times are real (after Li, Wang and McAuley, "Time Interval Aware
/// Self-Attention for Sequential Recommendation", WSDM 2020, where it is part of the attention); vectors of length 1 and a temperature
/// (Gupta et al., "NISER", 2019); for sessions a last attention whose values are the products' vectors themselves, so that what is expected
/// is one of their means: Hou et al., "CORE: Simple and Effective Session-based Recommendation within Consistent Representation Space",
/// SIGIR 2022. Differs from that: the weights come from the last step's query, so that every step of a session is a target in one pass.
/// </remarks>
internal sealed class SasRecPlus : Module, ISequenceNetwork
{
    private const float Epsilon = 1e-8f;
    private readonly SasRecPlusOptions _options;
    private readonly ContentBags? _bags;
    private readonly Embedding _products;
    private readonly EmbeddingBag? _content;
    private readonly Embedding? _gaps;
    private readonly LearnedPositions _positions;
    private readonly Dropout _dropout;
    private readonly TransformerBlock[] _blocks;
    private readonly LayerNorm _norm;
    private readonly Dense? _query;
    private readonly Dense? _key;
    private readonly Tensor _ones;

    /// <param name="bags">What is known of products; null where the vectors of all of them are there already.</param>
    /// <param name="random">Draws the first weights.</param>
    internal SasRecPlus(SasRecPlusOptions options, ContentBags? bags, Random random)
    {
        _options = options;
        _bags = bags;
        int hidden = options.HiddenSize;
        _products = new Embedding(options.ProductCount, hidden, random);
        _content = options.ContentCount == 0 ? null : new EmbeddingBag(options.ContentCount, hidden, random);
        _gaps = options.ReadsTimes ? new Embedding(SequenceBatch.GapCount, hidden, random) : null;
        _positions = new LearnedPositions(options.Answers.MaxLength, hidden, random);
        _dropout = new Dropout(options.Dropout);
        _blocks = [.. Enumerable.Range(0, options.BlockCount).Select(_ =>
            new TransformerBlock(hidden, options.HeadCount, hidden * options.InnerFactor, options.Dropout, random))];
        _norm = new LayerNorm(hidden);
        _query = options.IsConsistent ? new Dense(hidden, hidden, random) : null;
        _key = options.IsConsistent ? new Dense(hidden, hidden, random) : null;
        float[] ones = new float[hidden];
        Array.Fill(ones, 1);
        _ones = Tensor.From(ones, hidden);
    }

    protected override IEnumerable<Part> Parts =>
    [
        new("products", _products), .. Present("content", _content), .. Present("gaps", _gaps), new("positions", _positions),
        new("dropout", _dropout), .. Part.List("blocks", _blocks), new("norm", _norm), .. Present("query", _query), .. Present("key", _key),
    ];

    private bool IsNormalized => _options.Temperature > 0;

    Tensor ISequenceNetwork.Vectors(int[] products)
    {
        Tensor vectors = _products.Forward(products);
        if (_content is not null)
        {
            (int[] values, int[] offsets) = _bags!.Of(products);
            vectors += _content.Forward(values, offsets);
        }

        return IsNormalized ? Normalized(vectors) : vectors;
    }

    Tensor ISequenceNetwork.Expected(Tensor vectors, SequenceBatch batch)
    {
        Tensor x = IsNormalized ? vectors : vectors.Scale(MathF.Sqrt(_options.HiddenSize));
        if (_gaps is not null)
        {
            x += _gaps.Forward(batch.Gaps);
        }

        x = _dropout.Forward(_positions.Forward(x, batch.Offsets));
        foreach (TransformerBlock block in _blocks)
        {
            x = block.Forward(x, batch.Offsets, causal: true);
        }

        x = _norm.Forward(x);
        if (_query is not null)
        {
            x = SelfAttention.Attend(_query.Forward(x), _key!.Forward(x), _dropout.Forward(vectors), batch.Offsets, heads: 1, causal: true, dropout: 0);
        }

        return IsNormalized ? Normalized(x).Scale(1 / (_options.Temperature * _options.HiddenSize)) : x;
    }

    /// <summary>Rows of length sqrt(hidden).</summary>
    private Tensor Normalized(Tensor x) => x.RmsNorm(_ones, Epsilon);

    private static Part[] Present(string name, Module? module) => module is null ? [] : [new(name, module)];
}
