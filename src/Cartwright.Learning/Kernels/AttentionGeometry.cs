namespace Cartwright.Learning.Kernels;

/// <summary>How the work of <see cref="AttentionKernel"/> is cut, and what every piece needs to know.</summary>
internal readonly unsafe struct AttentionGeometry(
    int* offsets, int* keyOffsets, int sequences, int hidden, int heads, bool causal, float dropout, ulong seed, int inputStride)
{
    /// <summary>Sequences in one piece of work.</summary>
    private const int SequencesPerPiece = 8;

    /// <summary>Most queries taken at once: bounds the scores held at a time.</summary>
    private const int MostQueries = 64;

    /// <summary>The same where a query sees only what is before it: fewer, since what the last of them sees is computed for all.</summary>
    private const int MostCausalQueries = 32;

    // A piece is one head of a few sequences: those are the tokens and columns that nobody else writes.
    public int PieceCount => (sequences + SequencesPerPiece - 1) / SequencesPerPiece * heads;

    public int Hidden => hidden;

    public int Heads => heads;

    public int Depth => hidden / heads;

    public float Scale => 1 / MathF.Sqrt(Depth);

    public bool HasDropout => dropout > 0;

    /// <summary>Of both products of the forward, over the keys that are seen.</summary>
    public long MultiplyAdds
    {
        get
        {
            long pairs = 0;
            for (int s = 0; s < sequences; s++)
            {
                long length = Length(s);
                pairs += causal ? length * (length + 1) / 2 : length * KeyLength(s);
            }

            return 2 * pairs * hidden;
        }
    }

    public int HeadOf(int piece) => piece % heads;

    public int FirstSequence(int piece) => piece / heads * SequencesPerPiece;

    public int EndSequence(int piece) => Math.Min(sequences, FirstSequence(piece) + SequencesPerPiece);

    public int Start(int sequence) => offsets[sequence];

    public int Length(int sequence) => offsets[sequence + 1] - offsets[sequence];

    public int KeyStart(int sequence) => keyOffsets[sequence];

    public int KeyLength(int sequence) => keyOffsets[sequence + 1] - keyOffsets[sequence];

    /// <summary>Queries of a sequence taken at once: parts of one size but for the last.</summary>
    public int QueriesAtOnce(int length)
    {
        int most = causal ? MostCausalQueries : MostQueries;
        int parts = (length + most - 1) / most;
        return (length + parts - 1) / Math.Max(1, parts);
    }

    /// <summary>Keys that any of the queries up to <paramref name="endQuery"/> of a sequence can see.</summary>
    public int KeyCount(int endQuery, int sequence) => causal ? endQuery : KeyLength(sequence);

    /// <summary>The lanes of the vectors that hold this many numbers.</summary>
    public static int WholeVectors(int count)
    {
        int lanes = WideLanes.AreSupported ? WideLanes.Count : UsualLanes.Count;
        return (count + lanes - 1) / lanes * lanes;
    }

    /// <summary>Overwrites the scores [keys, queries] of the keys that come after the query, where those are not seen.</summary>
    /// <param name="first">Place of the first query in its sequence.</param>
    /// <param name="count">Queries; the keys reach up to the last of them.</param>
    public void HideLaterKeys(float* scores, int stride, int first, int count, float value)
    {
        for (int i = 1; causal && i < count; i++)
        {
            new Span<float>(scores + ((nint)(first + i) * stride), i).Fill(value);
        }
    }

    /// <summary>What is dropped of one key, by the place of the query in its sequence.</summary>
    public CounterHash HashOf(int head, int keyToken) =>
        new(CounterHash.Derive(seed, (uint)keyToken, (uint)head), dropout);

    /// <summary>A head's part of queries, keys, values or their gradients, whose rows lie inputStride numbers apart.</summary>
    public MatrixView Input(float* tokens, int firstToken, int head) =>
        new(tokens + ((nint)firstToken * inputStride) + ((nint)head * Depth), inputStride, 1);

    /// <summary>A head's part of the output or its gradient, whose rows lie together.</summary>
    public MatrixView Output(float* tokens, int firstToken, int head) =>
        new(tokens + ((nint)firstToken * hidden) + ((nint)head * Depth), hidden, 1);
}
