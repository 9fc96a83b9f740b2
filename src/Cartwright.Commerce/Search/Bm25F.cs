using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Search;

/// <summary>What the fields of a product count, and how soon repeating a word stops to count.</summary>
internal sealed record Bm25FOptions
{
    public static Bm25FOptions Default { get; } = new();

    /// <summary>What an occurrence counts in each field, in the order of <see cref="SearchField"/>.</summary>
    /// <remarks>A shop's titles say what a thing is; brand and category say it too, in fewer words; descriptions and attributes say much else.</remarks>
    public IReadOnlyList<float> Weights { get; init; } = [4, 2, 2, 2, 0.5f, 1, 2];

    /// <summary>How much of the length of a field is evened out, in the same order: 0 to 1. The usual 0.75 where there is text; an id or a brand is not better for being short.</summary>
    public IReadOnlyList<float> LengthShares { get; init; } = [0.75f, 0, 0.75f, 0.75f, 0.75f, 0.75f, 0];

    /// <summary>Weighed occurrences at which a word has half of its worth.</summary>
    [Range(0.0, 100.0)]
    public float Saturation { get; init; } = 1.2f;
}

/// <summary>BM25 over several fields: occurrences are weighed by field and by the field's length, summed, and saturate together.</summary>
/// <remarks>
/// Zaragoza et al., "Microsoft Cambridge at TREC 13", 2004; Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, section 3.6.
/// Of a word: idf · w / (k1 + w), with w = Σ over occurrences of weight_f / (1 − b_f + b_f · length_f / mean length_f) and
/// idf = ln(1 + (N − n + 0.5) / (n + 0.5)), which is above 0 for frequent words too.
/// </remarks>
internal readonly struct Bm25F : IWordScorer
{
    private const int TabledLength = 256;

    private readonly Bm25FOptions _options;
    private readonly float[] _means;
    private readonly float[] _table;
    private readonly int _docCount;

    public Bm25F(IndexView view, Bm25FOptions options)
    {
        _options = options;
        _docCount = view.DocCount;
        _means = view.MeanLengths;
        _table = new float[SearchFields.Count * TabledLength];
        for (int field = 0; field < SearchFields.Count; field++)
        {
            for (int length = 0; length < TabledLength; length++)
            {
                _table[(field * TabledLength) + length] = Occurrence(field, length);
            }
        }
    }

    public float Weigh(Segment segment, int doc, int field)
    {
        int length = segment.Length(doc, field);
        return length < TabledLength ? _table[(field * TabledLength) + length] : Occurrence(field, length);
    }

    public float Score(Segment segment, int doc, float weight, float idf) => idf * weight / (_options.Saturation + weight);

    public float Idf(int docCount) => MathF.Log(1 + ((_docCount - docCount + 0.5f) / (docCount + 0.5f)));

    /// <summary>What one occurrence counts in a field of so many words.</summary>
    private float Occurrence(int field, int length)
    {
        float share = _options.LengthShares[field];
        float relative = _means[field] > 0 ? length / _means[field] : 1;
        return _options.Weights[field] / (1 - share + (share * relative));
    }
}
