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
        ShapeException.ThrowUnlessLength(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
        ShapeException.ThrowUnlessLength(gain.Length, columns);
        ShapeException.ThrowUnlessLength(bias.Length, columns);
        ShapeException.ThrowUnlessLength(mean.Length, rows);
        ShapeException.ThrowUnlessLength(inverseDeviation.Length, rows);
        fixed (float* px = x, pg = gain, pb = bias, py = y, pm = mean, pd = inverseDeviation)
        {
            var blocks = new RowBlocks(rows, columns);
            ParallelWork.For(blocks.Count, new ForwardBlock(blocks, px, pg, pb, py, pm, pd, columns, epsilon));
        }
    }

    /// <summary>Adds the gradients of input, gain and bias to what <paramref name="gradX"/> and the others hold.</summary>
    /// <param name="isFresh">True where gradX holds nothing yet and is written.</param>
    public static void Backward(
        ReadOnlySpan<float> gradY,
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> gain,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> inverseDeviation,
        Span<float> gradX,
        bool isFresh,
        Span<float> gradGain,
        Span<float> gradBias,
        int rows,
        int columns)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(gradY.Length, x.Length);
        ShapeException.ThrowUnlessLength(gradX.Length, x.Length);
        ShapeException.ThrowUnlessLength(gain.Length, columns);
        ShapeException.ThrowUnlessLength(mean.Length, rows);
        ShapeException.ThrowUnlessLength(inverseDeviation.Length, rows);
        ShapeException.ThrowUnlessLength(gradGain.Length, columns);
        ShapeException.ThrowUnlessLength(gradBias.Length, columns);

        var blocks = new RowBlocks(rows, columns, MostPartialSums);
        using var partials = new PartialSums(blocks.Count, 2 * columns);
        fixed (float* pgy = gradY, px = x, pg = gain, pm = mean, pd = inverseDeviation, pgx = gradX)
        {
            ParallelWork.For(
                blocks.Count, new BackwardBlock(blocks, partials, pgy, px, pg, pm, pd, pgx, isFresh, columns));
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
            int row = blocks.Start(index);
            nint at = (nint)row * columns;
            LayerNormRows.Forward(
                x + at, gain, bias, y + at, means + row, inverseDeviations + row, blocks.End(index) - row, columns, epsilon);
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
        bool isFresh,
        int columns)
        : IWorkItem
    {
        public void Run(int index)
        {
            int row = blocks.Start(index);
            nint at = (nint)row * columns;
            float* gradGain = partials.Of(index);
            LayerNormRows.Backward(
                gradY + at, x + at, gain, means + row, inverseDeviations + row, isFresh ? null : gradX + at, gradX + at,
                gradGain, gradGain + columns, blocks.End(index) - row, columns);
        }
    }
}
