namespace Cartwright.Learning.Kernels;

/// <summary>Sequences cut into pieces of whole sequences with about the same number of tokens.</summary>
internal readonly unsafe struct SequenceCuts(int* offsets, int first, int end, int pieces)
{
    /// <summary>Pieces, some of which may be empty.</summary>
    public int Count => pieces;

    /// <summary>The first sequence of a piece; for the piece after the last, the end.</summary>
    public int Start(int piece)
    {
        if (piece == pieces)
        {
            return end;
        }

        // The first sequence that begins no earlier than the share of the tokens does.
        long token = offsets[first] + ((long)(offsets[end] - offsets[first]) * piece / pieces);
        (int low, int high) = (first, end);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = offsets[middle] < token ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
