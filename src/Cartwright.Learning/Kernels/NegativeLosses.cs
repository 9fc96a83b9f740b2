namespace Cartwright.Learning.Kernels;

/// <summary>The loss of a row in which one column is the target and all others are its negatives.</summary>
internal unsafe interface INegativeLoss
{
    /// <param name="x">A row of scores.</param>
    /// <param name="g">Its gradient, written.</param>
    /// <param name="scratch">Room for three rows.</param>
    double Row(float* x, int target, float* g, float* scratch);
}

/// <summary>Runs such a loss over all rows.</summary>
internal static unsafe class NegativeLosses
{
    /// <returns>The sum of the losses.</returns>
    public static double Invoke<TLoss>(ReadOnlySpan<float> scores, ReadOnlySpan<int> targets, TLoss loss, Span<float> gradient, int columns)
        where TLoss : struct, INegativeLoss
    {
        NegativeSoftmax.ThrowUnlessRows(scores.Length, targets, columns);
        ShapeException.ThrowUnlessLength(gradient.Length, scores.Length);
        var blocks = new RowBlocks(targets.Length, columns);
        using var sums = new BlockSums(blocks.Count);
        fixed (float* x = scores, g = gradient)
        fixed (int* t = targets)
        {
            ParallelWork.For(blocks.Count, new Block<TLoss>(blocks, x, t, loss, g, sums, columns));
        }

        return sums.Total();
    }

    private readonly struct Block<TLoss>(RowBlocks blocks, float* scores, int* targets, TLoss loss, float* gradient, BlockSums sums, int columns) : IWorkItem
        where TLoss : struct, INegativeLoss
    {
        public void Run(int index)
        {
            float* scratch = Scratch.Take(Scratch.Use.LossRows, 3 * (nint)columns);
            double sum = 0;
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                nint at = (nint)row * columns;
                sum += loss.Row(scores + at, targets[row], gradient + at, scratch);
            }

            sums[index] = sum;
        }
    }
}
