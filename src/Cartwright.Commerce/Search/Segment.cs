namespace Cartwright.Commerce.Search;

/// <summary>An inverted index of some products, which never changes: for each word the products that have it, and where.</summary>
/// <remarks>
/// Arrays, not objects: a posting takes 8 bytes, 4 for the product and 4 for its place (<see cref="Place"/>); those with several places
/// have them in <see cref="Many"/>. Left out were delta codes of bytes: a third of the memory, but no jump to a product in the middle
/// of a list, which is what a query of several words does most.
/// </remarks>
internal sealed class Segment
{
    private float[]? _norms;

    /// <summary>Every word as it is written, folded.</summary>
    public required WordList Words { get; init; }

    /// <summary>Which words are forms of one.</summary>
    public required StemClasses Stems { get; init; }

    /// <summary>First posting of each word, and the end of the last.</summary>
    public required int[] PostingStart { get; init; }

    /// <summary>The product of each posting, by its number in this segment; rising inside a word.</summary>
    public required int[] Docs { get; init; }

    /// <summary>Where the word stands, of each posting.</summary>
    public required uint[] Places { get; init; }

    /// <summary>Places of postings that have several: how many, then each.</summary>
    public required uint[] Many { get; init; }

    /// <summary>Dense index in the shop of each product.</summary>
    public required int[] Products { get; init; }

    /// <summary>Of the text of each product: the same text has the same number.</summary>
    public required ulong[] Fingerprints { get; init; }

    /// <summary>Words of each field of each product: [product, <see cref="SearchFields.Count"/>].</summary>
    public required ushort[] Lengths { get; init; }

    public int DocCount => Products.Length;

    /// <summary>Products that have any form of each stem.</summary>
    public int[] StemDocCounts => field ??= CountByStem();

    public long Bytes => Words.Bytes + Stems.Bytes + (sizeof(int) * ((long)PostingStart.Length + Docs.Length + Places.Length + Many.Length + Products.Length))
        + (sizeof(ulong) * (long)Fingerprints.Length) + (sizeof(ushort) * (long)Lengths.Length);

    public ReadOnlySpan<int> DocsOf(int word) => Docs.AsSpan(PostingStart[word]..PostingStart[word + 1]);

    public int Length(int doc, int field) => Lengths[(doc * SearchFields.Count) + field];

    /// <summary>All places of a posting, by field and then in the order of the text.</summary>
    public ReadOnlySpan<uint> PlacesOf(int posting)
    {
        uint place = Places[posting];
        return Place.IsMany(place) ? Many.AsSpan((int)Place.ManyAt(place) + 1, (int)Many[Place.ManyAt(place)]) : Places.AsSpan(posting, 1);
    }

    /// <summary>The length of each product's vector of ln(1 + occurrences weighed by field), a place for each stem.</summary>
    public float[] Norms(Bm25FOptions options) => _norms ??= MeasureNorms(options);

    private float[] MeasureNorms(Bm25FOptions options)
    {
        float[] squares = new float[DocCount];
        float[] weights = new float[DocCount];
        var touched = new List<int>();
        for (int stem = 0; stem < Stems.Stems.Count; stem++)
        {
            foreach (int word in Stems.Members(stem))
            {
                for (int posting = PostingStart[word]; posting < PostingStart[word + 1]; posting++)
                {
                    int doc = Docs[posting];
                    if (weights[doc] == 0)
                    {
                        touched.Add(doc);
                    }

                    foreach (uint place in PlacesOf(posting))
                    {
                        weights[doc] += options.Weights[Place.Field(place)];
                    }
                }
            }

            foreach (int doc in touched)
            {
                float value = MathF.Log(1 + weights[doc]);
                squares[doc] += value * value;
                weights[doc] = 0;
            }

            touched.Clear();
        }

        for (int doc = 0; doc < squares.Length; doc++)
        {
            squares[doc] = squares[doc] > 0 ? MathF.Sqrt(squares[doc]) : 1;
        }

        return squares;
    }

    /// <summary>The same with other numbers for the products.</summary>
    public Segment With(int[] products) => new()
    {
        Words = Words, Stems = Stems, PostingStart = PostingStart, Docs = Docs, Places = Places, Many = Many,
        Products = products, Fingerprints = Fingerprints, Lengths = Lengths,
    };

    private int[] CountByStem()
    {
        int[] counts = new int[Stems.Stems.Count];
        int[] lastStem = new int[DocCount];
        Array.Fill(lastStem, -1);
        for (int stem = 0; stem < counts.Length; stem++)
        {
            ReadOnlySpan<int> members = Stems.Members(stem);
            if (members.Length == 1)
            {
                counts[stem] = DocsOf(members[0]).Length;
                continue;
            }

            foreach (int word in members)
            {
                foreach (int doc in DocsOf(word))
                {
                    counts[stem] += lastStem[doc] == stem ? 0 : 1;
                    lastStem[doc] = stem;
                }
            }
        }

        return counts;
    }
}

/// <summary>Where a word stands: a field and the number of words before it, in 32 bits.</summary>
internal static class Place
{
    public const int MaxPosition = (1 << PositionBits) - 1;

    private const int PositionBits = 28;
    private const uint ManyFlag = 1u << 31;

    public static uint Of(int field, int position) => ((uint)field << PositionBits) | (uint)Math.Min(position, MaxPosition);

    public static int Field(uint place) => (int)(place >> PositionBits);

    public static int Position(uint place) => (int)(place & MaxPosition);

    public static bool IsMany(uint place) => (place & ManyFlag) != 0;

    public static uint Many(int at) => ManyFlag | (uint)at;

    public static uint ManyAt(uint place) => place & ~ManyFlag;
}
