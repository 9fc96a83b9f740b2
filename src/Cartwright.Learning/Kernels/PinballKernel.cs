namespace Cartwright.Learning.Kernels;

/// <summary>max(level d, (level - 1) d) with d = target - prediction, for several levels a row, and the gradient.</summary>
/// <remarks>Scalar: a row has a handful of levels, fewer than a vector holds.</remarks>
internal static unsafe class PinballKernel
{
    /// <param name="predictions">[rows, levels.Length]</param>
    /// <param name="targets">[rows]</param>
    /// <param name="scale">Factor of the gradient, which is written.</param>
    /// <returns>The sum of the losses.</returns>
    public static double Invoke(
        ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets, ReadOnlySpan<float> levels, float scale, Span<float> gradient)
    {
        ShapeException.ThrowUnlessLength(predictions.Length, (long)targets.Length * levels.Length);
        ShapeException.ThrowUnlessLength(gradient.Length, predictions.Length);
        var blocks = new RowBlocks(targets.Length, levels.Length);
        using var sums = new BlockSums(blocks.Count);
        fixed (float* x = predictions, t = targets, l = levels, g = gradient)
        {
            ParallelWork.For(blocks.Count, new Block(blocks, x, t, l, levels.Length, scale, g, sums));
        }

        return sums.Total();
    }

    private readonly struct Block(
        RowBlocks blocks, float* predictions, float* targets, float* levels, int count, float scale, float* gradient, BlockSums sums)
        : IWorkItem
    {
        public void Run(int index)
        {
            double sum = 0;
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                nint at = (nint)row * count;
                for (int i = 0; i < count; i++)
                {
                    float d = targets[row] - predictions[at + i];
                    float slope = d > 0 ? levels[i] : d < 0 ? levels[i] - 1 : 0;
                    sum += slope * d;
                    gradient[at + i] = -slope * scale;
                }
            }

            sums[index] = sum;
        }
    }
}
