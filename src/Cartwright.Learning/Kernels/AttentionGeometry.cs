using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>How the work of <see cref="AttentionKernel"/> is cut, and what every piece needs to know.</summary>
internal readonly unsafe struct AttentionGeometry(
    int* offsets, int sequences, int hidden, int heads, bool causal, float dropout, ulong seed)
{
    /// <summary>Sequences in one piece of work.</summary>
    private const int SequencesPerPiece = 8;

    /// <summary>Most query rows taken at once: bounds the scores held at a time.</summary>
    private const int MostRows = 64;

    /// <summary>The same where a row sees only what is before it: fewer, since what the last of them sees is computed for all.</summary>
    private const int MostCausalRows = 32;

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
                pairs += causal ? length * (length + 1) / 2 : length * length;
            }

            return 2 * pairs * hidden;
        }
    }

    public int HeadOf(int piece) => piece % heads;

    public int FirstSequence(int piece) => piece / heads * SequencesPerPiece;

    public int EndSequence(int piece) => Math.Min(sequences, FirstSequence(piece) + SequencesPerPiece);

    public int Start(int sequence) => offsets[sequence];

    public int Length(int sequence) => offsets[sequence + 1] - offsets[sequence];

    /// <summary>Query rows of a sequence taken at once: parts of one size but for the last.</summary>
    public int RowsAtOnce(int length)
    {
        int most = causal ? MostCausalRows : MostRows;
        int parts = (length + most - 1) / most;
        return (length + parts - 1) / Math.Max(1, parts);
    }

    /// <summary>Keys that any of the query rows up to <paramref name="endRow"/> of a sequence can see.</summary>
    public int KeyCount(int endRow, int length) => causal ? endRow : length;

    /// <summary>Keys that one query row of a sequence can see.</summary>
    public int SeenBy(int row, int length) => causal ? row + 1 : length;

    /// <summary>The lanes of the vectors that hold this many numbers.</summary>
    public static int WholeVectors(int count) => (count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;

    public CounterHash HashOf(int head, int token) =>
        new(CounterHash.Derive(seed, (uint)token, (uint)head), dropout);

    public MatrixView View(float* tokens, int firstToken, int head) =>
        new(tokens + ((nint)firstToken * hidden) + ((nint)head * Depth), hidden, 1);
}
