namespace Cartwright.Commerce.Search;

/// <summary>The index at one moment. It never changes: who holds it reads it as long as they like, whatever happens to the shop.</summary>
internal sealed class IndexView
{
    public IndexView(IReadOnlyList<LiveSegment> segments, SearchLanguage language)
    {
        Segments = segments;
        Language = language;
        long[] lengths = new long[SearchFields.Count];
        foreach (LiveSegment live in segments)
        {
            DocCount += live.LiveCount;
            for (int field = 0; field < lengths.Length; field++)
            {
                lengths[field] += live.FieldLengths[field];
            }
        }

        MeanLengths = [.. lengths.Select(length => DocCount == 0 ? 0 : (float)length / DocCount)];
        Bm25F = new Bm25F(this, Bm25FOptions.Default);
    }

    public IReadOnlyList<LiveSegment> Segments { get; }

    public SearchLanguage Language { get; }

    /// <summary>Products that are in it now.</summary>
    public int DocCount { get; }

    /// <summary>Words of a product in each field, in the mean over all of them.</summary>
    public float[] MeanLengths { get; }

    /// <summary>The usual weights, ready for these lengths.</summary>
    public Bm25F Bm25F { get; }

    public long Bytes => Segments.Sum(live => live.Segment.Bytes);
}

/// <summary>A segment and which of its products are gone or were written anew elsewhere.</summary>
internal sealed class LiveSegment
{
    private const int BitsPerPart = 64;

    private readonly ulong[]? _dead;

    /// <param name="dead">A bit for each product; null where all are there. Not changed afterwards.</param>
    public LiveSegment(Segment segment, ulong[]? dead = null)
    {
        Segment = segment;
        _dead = dead;
        LiveCount = segment.DocCount - (dead?.Sum(part => System.Numerics.BitOperations.PopCount(part)) ?? 0);
        FieldLengths = new long[SearchFields.Count];
        for (int doc = 0; doc < segment.DocCount; doc++)
        {
            for (int field = 0; field < FieldLengths.Length && !IsDead(doc); field++)
            {
                FieldLengths[field] += segment.Length(doc, field);
            }
        }
    }

    private LiveSegment(LiveSegment before, int gone)
    {
        Segment = before.Segment;
        _dead = before._dead is null ? new ulong[(Segment.DocCount + BitsPerPart - 1) / BitsPerPart] : [.. before._dead];
        _dead[gone / BitsPerPart] |= 1UL << (gone % BitsPerPart);
        LiveCount = before.LiveCount - 1;
        FieldLengths = [.. before.FieldLengths];
        for (int field = 0; field < FieldLengths.Length; field++)
        {
            FieldLengths[field] -= Segment.Length(gone, field);
        }
    }

    public Segment Segment { get; }

    /// <summary>Products that are still there.</summary>
    public int LiveCount { get; }

    /// <summary>Words of each field, over the products that are still there.</summary>
    public long[] FieldLengths { get; }

    public bool HasDead => LiveCount < Segment.DocCount;

    public bool IsDead(int doc) => _dead is { } dead && (dead[doc / BitsPerPart] & (1UL << (doc % BitsPerPart))) != 0;

    public LiveSegment Without(int doc) => new(this, doc);

    /// <summary>Products that have a word and are still there.</summary>
    public int LiveDocCount(int word)
    {
        ReadOnlySpan<int> docs = Segment.DocsOf(word);
        int count = docs.Length;
        if (HasDead)
        {
            foreach (int doc in docs)
            {
                count -= IsDead(doc) ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>Products that have any of some words and are still there.</summary>
    public int LiveDocCount(ReadOnlySpan<int> words)
    {
        Span<int> next = words.Length <= 64 ? stackalloc int[words.Length] : new int[words.Length];
        next.Clear();
        int count = 0;
        while (true)
        {
            int first = int.MaxValue;
            for (int i = 0; i < words.Length; i++)
            {
                ReadOnlySpan<int> docs = Segment.DocsOf(words[i]);
                first = next[i] < docs.Length ? Math.Min(first, docs[next[i]]) : first;
            }

            if (first == int.MaxValue)
            {
                return count;
            }

            count += IsDead(first) ? 0 : 1;
            for (int i = 0; i < words.Length; i++)
            {
                ReadOnlySpan<int> docs = Segment.DocsOf(words[i]);
                next[i] += next[i] < docs.Length && docs[next[i]] == first ? 1 : 0;
            }
        }
    }
}
