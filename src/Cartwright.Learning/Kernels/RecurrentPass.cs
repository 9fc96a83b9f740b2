namespace Cartwright.Learning.Kernels;

/// <summary>What one direction of one recurrent layer reads and writes, for <see cref="RecurrentKernel"/>.</summary>
internal ref struct RecurrentPass
{
    public required SequenceBlocks Sequences { get; init; }

    /// <summary>True where sequences are read from their ends.</summary>
    public required bool IsReversed { get; init; }

    /// <summary>Numbers in a state.</summary>
    public required int Size { get; init; }

    /// <summary>[gates · size, size]</summary>
    public required ReadOnlySpan<float> HiddenWeight { get; init; }

    /// <summary>[gates · size]</summary>
    public required ReadOnlySpan<float> InputBias { get; init; }

    /// <summary>[gates · size]</summary>
    public required ReadOnlySpan<float> HiddenBias { get; init; }

    /// <summary>[tokens, gates · size]: the inputs times their weights; forward makes gates of them, backward the gradients of the inputs' side.</summary>
    public required Span<float> Gates { get; init; }

    /// <summary>[tokens, size], or nothing where the cell keeps nothing: an LSTM's memory, or what a GRU keeps for its backward.</summary>
    public required Span<float> Kept { get; init; }

    /// <summary>[tokens, <see cref="OutputColumns"/>], of which this direction has size columns.</summary>
    public required Span<float> Output { get; init; }

    public required int OutputColumns { get; init; }

    /// <summary>First column of this direction.</summary>
    public required int OutputColumn { get; init; }

    /// <summary>States before the first step, [sequences, size]; nothing for zeros.</summary>
    public ReadOnlySpan<float> InitialHidden { get; init; }

    /// <summary>An LSTM's memory before the first step, [sequences, size]; nothing for zeros.</summary>
    public ReadOnlySpan<float> InitialMemory { get; init; }

    /// <summary>States after the last step, [sequences, size].</summary>
    public Span<float> FinalHidden { get; init; }

    /// <summary>An LSTM's memory after the last step, [sequences, size].</summary>
    public Span<float> FinalMemory { get; init; }

    /// <exception cref="ShapeException">Lengths do not fit.</exception>
    public readonly void ThrowUnlessSound<TCell>()
        where TCell : struct, IRecurrentCell
    {
        long states = (long)Sequences.SequenceCount * Size;
        ShapeException.ThrowUnlessLength(HiddenWeight.Length, (long)TCell.GateCount * Size * Size);
        ShapeException.ThrowUnlessLength(InputBias.Length, (long)TCell.GateCount * Size);
        ShapeException.ThrowUnlessLength(HiddenBias.Length, InputBias.Length);
        ShapeException.ThrowUnlessLength(Gates.Length, (long)Sequences.Tokens * TCell.GateCount * Size);
        ShapeException.ThrowUnlessLength(Kept.Length, TCell.HasMemory || TCell.KeepsLastProduct ? (long)Sequences.Tokens * Size : 0);
        ShapeException.ThrowUnlessLength(Output.Length, (long)Sequences.Tokens * OutputColumns);
        ThrowUnlessStates(InitialHidden, states);
        ThrowUnlessStates(InitialMemory, states);
        ThrowUnlessStates(FinalHidden, states);
        ThrowUnlessStates(FinalMemory, states);
    }

    public static void ThrowUnlessStates(ReadOnlySpan<float> given, long states)
    {
        if (!given.IsEmpty)
        {
            ShapeException.ThrowUnlessLength(given.Length, states);
        }
    }
}
