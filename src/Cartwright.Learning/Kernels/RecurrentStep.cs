using System.Numerics;

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
        ShapeException.ThrowUnlessLength(inputWeight.Length, (long)columns * x.Length);
        ShapeException.ThrowUnlessLength(hiddenWeight.Length, (long)columns * size);
        ShapeException.ThrowUnlessLength(inputBias.Length, columns);
        ShapeException.ThrowUnlessLength(hiddenBias.Length, columns);
        ShapeException.ThrowUnlessLength(memory.Length, TCell.HasMemory ? size : 0);

        float* gates = Scratch.Take(Scratch.Use.RecurrentProducts, (2 * columns) + size);
        float* product = gates + columns;
        float* kept = product + columns;
        fixed (float* px = x, pi = inputWeight, ph = hiddenWeight, ib = inputBias, hb = hiddenBias, state = hidden, remembered = memory)
        {
            Multiply(pi, px, gates, columns, x.Length);
            Multiply(ph, state, product, columns, size);
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

    /// <summary>y[i] = Σ weight[i, j] · x[j], four rows at a time: the weights come from the second cache, and one row's sum would wait for itself.</summary>
    private static void Multiply(float* weight, float* x, float* y, int rows, int columns)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= rows - 4; i += 4)
            {
                FourRows(weight + ((nint)i * columns), x, y + i, columns);
            }
        }

        for (; i < rows; i++)
        {
            y[i] = Reduce.Dot(weight + ((nint)i * columns), x, columns);
        }
    }

    private static void FourRows(float* row0, float* x, float* y, int columns)
    {
        float* row1 = row0 + columns;
        float* row2 = row1 + columns;
        float* row3 = row2 + columns;
        Vector<float> sum0 = Vector<float>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        int j = 0;
        for (; j <= columns - Vector<float>.Count; j += Vector<float>.Count)
        {
            Vector<float> factor = Vector.Load(x + j);
            sum0 = Vector.MultiplyAddEstimate(Vector.Load(row0 + j), factor, sum0);
            sum1 = Vector.MultiplyAddEstimate(Vector.Load(row1 + j), factor, sum1);
            sum2 = Vector.MultiplyAddEstimate(Vector.Load(row2 + j), factor, sum2);
            sum3 = Vector.MultiplyAddEstimate(Vector.Load(row3 + j), factor, sum3);
        }

        (y[0], y[1], y[2], y[3]) = (Vector.Sum(sum0), Vector.Sum(sum1), Vector.Sum(sum2), Vector.Sum(sum3));
        for (; j < columns; j++)
        {
            y[0] += row0[j] * x[j];
            y[1] += row1[j] * x[j];
            y[2] += row2[j] * x[j];
            y[3] += row3[j] * x[j];
        }
    }
}
