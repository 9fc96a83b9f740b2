namespace Cartwright.Learning.Kernels;

/// <summary>One step of one sequence, with nothing kept: for answering requests.</summary>
internal static unsafe class RecurrentStep
{
    /// <param name="x">[input]</param>
    /// <param name="inputWeight">[gates · size, input]</param>
    /// <param name="hiddenWeight">[gates · size, size]</param>
    /// <param name="hidden">[size]: the state before the step, then after it.</param>
    /// <param name="memory">[size] of an LSTM: the same.</param>
    public static void Forward<TCell>(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> inputWeight,
        ReadOnlySpan<float> hiddenWeight,
        ReadOnlySpan<float> inputBias,
        ReadOnlySpan<float> hiddenBias,
        Span<float> hidden,
        Span<float> memory)
        where TCell : struct, IRecurrentCell
    {
        int size = hidden.Length;
        int columns = TCell.GateCount * size;
        ShapeException.ThrowUnlessEqual(inputWeight.Length, (long)columns * x.Length);
        ShapeException.ThrowUnlessEqual(hiddenWeight.Length, (long)columns * size);
        ShapeException.ThrowUnlessEqual(inputBias.Length, columns);
        ShapeException.ThrowUnlessEqual(hiddenBias.Length, columns);
        ShapeException.ThrowUnlessEqual(memory.Length, TCell.HasMemory ? size : 0);

        float* gates = Scratch.Take(Scratch.Use.RecurrentProducts, (2 * columns) + size);
        float* product = gates + columns;
        float* kept = product + columns;
        fixed (float* px = x, pi = inputWeight, ph = hiddenWeight, ib = inputBias, hb = hiddenBias, state = hidden, remembered = memory)
        {
            Product.Multiply(new MatrixView(px, x.Length, 1), new MatrixView(pi, 1, x.Length), gates, columns, 1, columns, x.Length, 0);
            Product.Multiply(new MatrixView(state, size, 1), new MatrixView(ph, 1, size), product, columns, 1, columns, size, 0);
            TCell.Forward(
                new CellRow
                {
                    Gates = gates,
                    Product = product,
                    InputBias = ib,
                    HiddenBias = hb,
                    Previous = state,
                    Hidden = state,
                    PreviousKept = remembered,
                    Kept = TCell.HasMemory ? remembered : kept,
                },
                size);
        }
    }
}
