using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Row by row, y = x / sqrt(mean(x²) + epsilon) * gain.</summary>
/// <remarks>Zhang and Sennrich, "Root Mean Square Layer Normalization", NeurIPS 2019.</remarks>
internal static unsafe class RmsNormKernel
{
    private const int MostPartialSums = 64;

    /// <param name="x">[rows, columns]</param>
    /// <param name="inverse">[rows]: 1 / sqrt(mean(x²) + epsilon), kept for the backward.</param>
    public static void Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gain, Span<float> y, Span<float> inverse, int rows, int columns, float epsilon)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
        ShapeException.ThrowUnlessLength(gain.Length, columns);
        ShapeException.ThrowUnlessLength(inverse.Length, rows);
        fixed (float* px = x, pg = gain, py = y, pi = inverse)
        {
            var blocks = new RowBlocks(rows, columns);
            ParallelWork.For(blocks.Count, new ForwardBlock(blocks, px, pg, py, pi, columns, epsilon));
        }
    }

    /// <summary>Adds the gradients to what <paramref name="gradX"/> and <paramref name="gradGain"/> hold.</summary>
    public static void Backward(
        ReadOnlySpan<float> gradY,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> gain,
        ReadOnlySpan<float> inverse,
        Span<float> gradX,
        Span<float> gradGain,
        int rows,
        int columns)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(gradY.Length, x.Length);
        ShapeException.ThrowUnlessLength(gradX.Length, x.Length);
        ShapeException.ThrowUnlessLength(gain.Length, columns);
        ShapeException.ThrowUnlessLength(inverse.Length, rows);
        ShapeException.ThrowUnlessLength(gradGain.Length, columns);

        var blocks = new RowBlocks(rows, columns, MostPartialSums);
        using var partials = new PartialSums(blocks.Count, columns);
        fixed (float* pgy = gradY, px = x, pg = gain, pi = inverse, pgx = gradX, pgg = gradGain)
        {
            ParallelWork.For(blocks.Count, new BackwardBlock(blocks, partials, pgy, px, pg, pi, pgx, columns));
            partials.AddTo(pgg, 0, columns);
        }
    }

    private readonly struct ForwardBlock(RowBlocks blocks, float* x, float* gain, float* y, float* inverses, int columns, float epsilon)
        : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                float* from = x + ((nint)row * columns);
                float* to = y + ((nint)row * columns);
                float inverse = 1 / MathF.Sqrt((Reduce.Dot(from, from, columns) / columns) + epsilon);
                inverses[row] = inverse;

                int i = 0;
                if (Vector.IsHardwareAccelerated)
                {
                    for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                    {
                        (Vector.Load(from + i) * inverse * Vector.Load(gain + i)).Store(to + i);
                    }
                }

                for (; i < columns; i++)
                {
                    to[i] = from[i] * inverse * gain[i];
                }
            }
        }
    }

    private readonly struct BackwardBlock(
        RowBlocks blocks, PartialSums partials, float* gradY, float* x, float* gain, float* inverses, float* gradX, int columns)
        : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                nint at = (nint)row * columns;
                Row(gradY + at, x + at, inverses[row], gradX + at, partials.Of(index));
            }
        }

        // With n = x * inverse and g = gradY * gain, over the row's columns:
        // gradX = inverse * (g - n * mean(g * n)), gradGain = gradY * n.
        private void Row(float* gradY, float* x, float inverse, float* gradX, float* gradGain)
        {
            int width = Vector<float>.Count;
            int i = 0;
            float sum = 0;
            if (Vector.IsHardwareAccelerated)
            {
                Vector<float> sums = Vector<float>.Zero;
                for (; i <= columns - width; i += width)
                {
                    Vector<float> part = Vector.Load(gradY + i) * Vector.Load(x + i) * inverse;
                    sums = Vector.MultiplyAddEstimate(part, Vector.Load(gain + i), sums);
                    (Vector.Load(gradGain + i) + part).Store(gradGain + i);
                }

                sum = Vector.Sum(sums);
            }

            for (; i < columns; i++)
            {
                float part = gradY[i] * x[i] * inverse;
                sum += part * gain[i];
                gradGain[i] += part;
            }

            float slope = sum / columns * inverse;
            i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= columns - width; i += width)
                {
                    Vector<float> gradient = ((Vector.Load(gradY + i) * Vector.Load(gain + i)) - (Vector.Load(x + i) * slope)) * inverse;
                    (Vector.Load(gradX + i) + gradient).Store(gradX + i);
                }
            }

            for (; i < columns; i++)
            {
                gradX[i] += ((gradY[i] * gain[i]) - (x[i] * slope)) * inverse;
            }
        }
    }
}
