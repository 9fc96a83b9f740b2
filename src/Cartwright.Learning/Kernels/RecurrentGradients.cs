namespace Cartwright.Learning.Kernels;

/// <summary>The gradients of a recurrent layer's weights on the state's side, over all tokens at once.</summary>
internal static unsafe class RecurrentGradients
{
    /// <summary>Adds gradᵀ · previous to the gradient of the weights, or sets it.</summary>
    /// <param name="gates">[tokens, gates · size]: what <see cref="RecurrentKernel.Backward"/> made of the gates.</param>
    /// <param name="kept">[tokens, size]: what it made of what a GRU kept, which stands in for the last gate there.</param>
    /// <param name="previous">[tokens, size]</param>
    /// <param name="gradWeight">[gates · size, size]</param>
    /// <param name="beta">0 (what gradWeight held is not read) or 1.</param>
    public static void Weight<TCell>(
        ReadOnlySpan<float> gates, ReadOnlySpan<float> kept, ReadOnlySpan<float> previous, Span<float> gradWeight, int size, float beta)
        where TCell : struct, IRecurrentCell
    {
        int columns = TCell.GateCount * size;
        int tokens = previous.Length / size;
        ShapeException.ThrowUnlessLength(gates.Length, (long)tokens * columns);
        ShapeException.ThrowUnlessLength(gradWeight.Length, (long)columns * size);
        fixed (float* pg = gates, pk = kept, pp = previous, pw = gradWeight)
        {
            var right = new MatrixView(pp, size, 1);
            int rows = TCell.KeepsLastProduct ? columns - size : columns;
            Product.Multiply(new MatrixView(pg, 1, columns), right, pw, size, rows, size, tokens, beta);
            if (TCell.KeepsLastProduct)
            {
                ShapeException.ThrowUnlessLength(kept.Length, previous.Length);
                Product.Multiply(new MatrixView(pk, 1, size), right, pw + ((nint)rows * size), size, size, size, tokens, beta);
            }
        }
    }

    /// <summary>Adds the sums over all tokens to the gradients of both biases.</summary>
    /// <param name="gradInput">[gates · size]; nothing where it is not asked for.</param>
    /// <param name="gradHidden">[gates · size]; nothing where it is not asked for.</param>
    public static void Biases<TCell>(ReadOnlySpan<float> gates, ReadOnlySpan<float> kept, Span<float> gradInput, Span<float> gradHidden, int size)
        where TCell : struct, IRecurrentCell
    {
        int columns = TCell.GateCount * size;
        int tokens = gates.Length / columns;
        float* memory = Scratch.Take(Scratch.Use.RecurrentStates, columns);
        var sums = new Span<float>(memory, columns);
        sums.Clear();
        BiasKernel.Backward(gates, sums, tokens, columns);
        Add(sums, gradInput);
        if (TCell.KeepsLastProduct && !gradHidden.IsEmpty)
        {
            sums[^size..].Clear();
            BiasKernel.Backward(kept, sums[^size..], tokens, size);
        }

        Add(sums, gradHidden);
    }

    private static void Add(ReadOnlySpan<float> sums, Span<float> gradient)
    {
        if (gradient.IsEmpty)
        {
            return;
        }

        ShapeException.ThrowUnlessLength(gradient.Length, sums.Length);
        fixed (float* from = sums, to = gradient)
        {
            Reduce.Add(from, to, sums.Length);
        }
    }
}
