namespace Cartwright.Learning.Kernels;

/// <summary>How the tokens of sequences that lie one after the other look at each other.</summary>
internal readonly ref struct AttentionSettings
{
    /// <summary>Sequence s is the tokens offsets[s] up to offsets[s + 1].</summary>
    public required ReadOnlySpan<int> Offsets { get; init; }

    public required int Heads { get; init; }

    /// <summary>True where a token sees itself and what is before it only.</summary>
    public required bool IsCausal { get; init; }

    /// <summary>Share of the attention weights that is dropped.</summary>
    public required float Dropout { get; init; }

    public required ulong Seed { get; init; }

    public int SequenceCount => Offsets.Length - 1;

    /// <param name="offsets">Where <see cref="Offsets"/> was fixed.</param>
    public unsafe AttentionGeometry Geometry(int* offsets, in BranchShape shape) =>
        new(offsets, offsets, SequenceCount, shape.Inner, Heads, IsCausal, Dropout, Seed, shape.Columns);
}
