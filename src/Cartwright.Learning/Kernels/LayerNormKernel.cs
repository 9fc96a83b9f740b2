using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Row by row, y = (x - mean) / sqrt(variance + epsilon) * gain + bias, the variance divided by columns.</summary>
/// <remarks>Ba, Kiros and Hinton, "Layer Normalization", 2016.</remarks>
internal static unsafe class LayerNormKernel
{
    private const int MostPartialSums = 64;

    /// <param name="x">[rows, columns]</param>
    /// <param name="mean">[rows]: kept for the backward.</param>
    /// <param name="inverseDeviation">[rows]: 1 / sqrt(variance + epsilon), kept for the backward.</param>
    public static void Forward(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> gain,
        ReadOnlySpan<float> bias,
        Span<float> y,
        Span<float> mean,
        Span<float> inverseDeviation,
        int rows,
        int columns,
        float epsilon)
    {
        ShapeException.ThrowUnlessEqual(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessEqual(y.Length, x.Length);
        ShapeException.ThrowUnlessEqual(gain.Length, columns);
        ShapeException.ThrowUnlessEqual(bias.Length, columns);
        ShapeException.ThrowUnlessEqual(mean.Length, rows);
        ShapeException.ThrowUnlessEqual(inverseDeviation.Length, rows);
        fixed (float* px = x, pg = gain, pb = bias, py = y, pm = mean, pd = inverseDeviation)
        {
            var blocks = new RowBlocks(rows, columns);
            ParallelWork.For(blocks.Count, new ForwardBlock(blocks, px, pg, pb, py, pm, pd, columns, epsilon));
        }
    }

    /// <summary>Adds the gradients of input, gain and bias to what <paramref name="gradX"/> and the others hold.</summary>
    public static void Backward(
        ReadOnlySpan<float> gradY,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> gain,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> inverseDeviation,
        Span<float> gradX,
        Span<float> gradGain,
        Span<float> gradBias,
        int rows,
        int columns)
    {
        ShapeException.ThrowUnlessEqual(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessEqual(gradY.Length, x.Length);
        ShapeException.ThrowUnlessEqual(gradX.Length, x.Length);
        ShapeException.ThrowUnlessEqual(gain.Length, columns);
        ShapeException.ThrowUnlessEqual(mean.Length, rows);
        ShapeException.ThrowUnlessEqual(inverseDeviation.Length, rows);
        ShapeException.ThrowUnlessEqual(gradGain.Length, columns);
        ShapeException.ThrowUnlessEqual(gradBias.Length, columns);

        var blocks = new RowBlocks(rows, columns, MostPartialSums);
        using var partials = new PartialSums(blocks.Count, 2 * columns);
        fixed (float* pgy = gradY, px = x, pg = gain, pm = mean, pd = inverseDeviation, pgx = gradX)
        {
            ParallelWork.For(
                blocks.Count, new BackwardBlock(blocks, partials, pgy, px, pg, pm, pd, pgx, columns));
        }

        fixed (float* pgg = gradGain, pgb = gradBias)
        {
            partials.AddTo(pgg, 0, columns);
            partials.AddTo(pgb, columns, columns);
        }
    }

    private readonly struct ForwardBlock(
        RowBlocks blocks,
        float* x,
        float* gain,
        float* bias,
        float* y,
        float* means,
        float* inverseDeviations,
        int columns,
        float epsilon)
        : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                float* from = x + ((nint)row * columns);
                float* to = y + ((nint)row * columns);
                float mean = Reduce.Sum(from, columns) / columns;
                float variance = Reduce.SumOfSquaredDeviations(from, mean, columns) / columns;
                float inverse = 1 / MathF.Sqrt(variance + epsilon);
                means[row] = mean;
                inverseDeviations[row] = inverse;

                int i = 0;
                if (Vector.IsHardwareAccelerated)
                {
                    for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                    {
                        Vector<float> normal = (Vector.Load(from + i) - new Vector<float>(mean)) * inverse;
                        Vector.MultiplyAddEstimate(normal, Vector.Load(gain + i), Vector.Load(bias + i)).Store(to + i);
                    }
                }

                for (; i < columns; i++)
                {
                    to[i] = ((from[i] - mean) * inverse * gain[i]) + bias[i];
                }
            }
        }
    }

    private readonly struct BackwardBlock(
        RowBlocks blocks,
        PartialSums partials,
        float* gradY,
        float* x,
        float* gain,
        float* means,
        float* inverseDeviations,
        float* gradX,
        int columns)
        : IWorkItem
    {
        public void Run(int index)
        {
            float* gradGain = partials.Of(index);
            float* gradBias = gradGain + columns;
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                nint at = (nint)row * columns;
                Row(gradY + at, x + at, means[row], inverseDeviations[row], gradX + at, gradGain, gradBias);
            }
        }

        // With n = (x - mean) * inverse and g = gradY * gain, over the row's columns:
        // gradX = inverse * (g - mean(g) - n * mean(g * n)), gradGain = gradY * n, gradBias = gradY.
        private void Row(
            float* gradY, float* x, float mean, float inverse, float* gradX, float* gradGain, float* gradBias)
        {
            int width = Vector<float>.Count;
            int i = 0;
            float sum = 0;
            float sumByNormal = 0;
            if (Vector.IsHardwareAccelerated)
            {
                Vector<float> sums = Vector<float>.Zero;
                Vector<float> sumsByNormal = Vector<float>.Zero;
                for (; i <= columns - width; i += width)
                {
                    Vector<float> normal = (Vector.Load(x + i) - new Vector<float>(mean)) * inverse;
                    Vector<float> gy = Vector.Load(gradY + i);
                    Vector<float> g = gy * Vector.Load(gain + i);
                    sums += g;
                    sumsByNormal = Vector.MultiplyAddEstimate(g, normal, sumsByNormal);
                    Vector.MultiplyAddEstimate(gy, normal, Vector.Load(gradGain + i)).Store(gradGain + i);
                    (gy + Vector.Load(gradBias + i)).Store(gradBias + i);
                }

                sum = Vector.Sum(sums);
                sumByNormal = Vector.Sum(sumsByNormal);
            }

            for (; i < columns; i++)
            {
                float normal = (x[i] - mean) * inverse;
                float g = gradY[i] * gain[i];
                sum += g;
                sumByNormal += g * normal;
                gradGain[i] += gradY[i] * normal;
                gradBias[i] += gradY[i];
            }

            float offset = sum / columns;
            float slope = sumByNormal / columns;
            i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= columns - width; i += width)
                {
                    Vector<float> normal = (Vector.Load(x + i) - new Vector<float>(mean)) * inverse;
                    Vector<float> g = Vector.Load(gradY + i) * Vector.Load(gain + i);
                    Vector<float> gradient = (g - new Vector<float>(offset) - (normal * slope)) * inverse;
                    (Vector.Load(gradX + i) + gradient).Store(gradX + i);
                }
            }

            for (; i < columns; i++)
            {
                float normal = (x[i] - mean) * inverse;
                gradX[i] += ((gradY[i] * gain[i]) - offset - (normal * slope)) * inverse;
            }
        }
    }
}
