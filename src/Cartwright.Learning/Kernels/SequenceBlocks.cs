namespace Cartwright.Learning.Kernels;

/// <summary>Sequences of a batch in blocks of a fixed number, the longest first.</summary>
/// <remarks>
/// In a block, the sequences that have not ended at a step are its first ones, so a step works on them and nothing else.
/// The cut depends on the lengths alone.
/// </remarks>
internal sealed class SequenceBlocks
{
    /// <summary>Sequences in a block: few, so that there is work for several threads; enough to reuse weights while they are in the nearest cache.</summary>
    public const int BlockRows = 24;

    private readonly int[] _order;
    private readonly int[] _starts;
    private readonly int[] _lengths;

    private SequenceBlocks(int[] source, int[] starts, int[] lengths, int tokens)
    {
        Source = source;
        _starts = starts;
        _lengths = lengths;
        Tokens = tokens;
        long[] keys = new long[lengths.Length];
        for (int s = 0; s < keys.Length; s++)
        {
            keys[s] = ((long)-lengths[s] << 32) + s;
            HasGaps |= s > 0 && starts[s] > starts[s - 1] + lengths[s - 1];
        }

        HasGaps |= tokens > (starts.Length == 0 ? 0 : starts[^1] + lengths[^1]);
        Array.Sort(keys);
        _order = Array.ConvertAll(keys, key => (int)(uint)key);
    }

    /// <summary>Sequences one after the other.</summary>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1]; from 0, never falling.</param>
    /// <exception cref="ShapeException">The offsets are none.</exception>
    public static SequenceBlocks Of(int[] offsets)
    {
        int total = SequenceOffsets.TotalOf(offsets);
        int[] lengths = new int[offsets.Length - 1];
        for (int s = 0; s < lengths.Length; s++)
        {
            lengths[s] = offsets[s + 1] - offsets[s];
        }

        return new SequenceBlocks(offsets, offsets[..^1], lengths, total);
    }

    /// <summary>Sequences filled up to the same number of tokens behind their ends.</summary>
    /// <exception cref="ShapeException">A length is negative or above <paramref name="room"/>.</exception>
    public static SequenceBlocks Padded(int[] lengths, int room)
    {
        int[] starts = new int[lengths.Length];
        for (int s = 0; s < starts.Length; s++)
        {
            starts[s] = s * room;
            if ((uint)lengths[s] > (uint)room)
            {
                throw new ShapeException($"Sequence {s} has the length {lengths[s]}; the batch has room for 0 to {room}.");
            }
        }

        return new SequenceBlocks(lengths, starts, lengths, lengths.Length * room);
    }

    /// <summary>What they were made from: offsets, or lengths where <see cref="IsPadded"/>.</summary>
    public int[] Source { get; }

    public bool IsPadded => ReferenceEquals(Source, _lengths);

    /// <summary>Tokens in memory, padding counted.</summary>
    public int Tokens { get; }

    public int SequenceCount => _lengths.Length;

    /// <summary>True where there is padding.</summary>
    public bool HasGaps { get; }

    public int Count => (SequenceCount + BlockRows - 1) / BlockRows;

    /// <summary>Sequences in a block.</summary>
    public int RowCount(int block) => Math.Min(BlockRows, SequenceCount - (block * BlockRows));

    /// <summary>The sequence that is row <paramref name="row"/> of a block.</summary>
    public int Sequence(int block, int row) => _order[(block * BlockRows) + row];

    public int Length(int sequence) => _lengths[sequence];

    /// <summary>The token that a sequence reads at a step.</summary>
    public int Token(int sequence, int step, bool isReversed) =>
        _starts[sequence] + (isReversed ? _lengths[sequence] - 1 - step : step);

    /// <summary>Zeroes the rows of the padding in [Tokens, columns].</summary>
    public void ClearGaps(Span<float> rows, int columns)
    {
        for (int s = 0; HasGaps && s < SequenceCount; s++)
        {
            int end = s + 1 < SequenceCount ? _starts[s + 1] : Tokens;
            rows[((_starts[s] + _lengths[s]) * columns)..(end * columns)].Clear();
        }
    }
}
