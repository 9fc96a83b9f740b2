namespace Cartwright.Learning.Kernels;

/// <summary>Turns each row of logits into the gradient of its cross-entropy, in place.</summary>
/// <remarks>loss = −ln p[target], logits[j] = scale · (p[j] − (j == target)), p = softmax(logits).</remarks>
internal static unsafe class SoftmaxGradientKernel
{
    /// <param name="logits">[rows, columns]; replaced by the gradient.</param>
    /// <param name="targets">[rows]</param>
    /// <param name="scale">Factor of the gradient.</param>
    /// <param name="losses">[rows], written.</param>
    /// <exception cref="ArgumentOutOfRangeException">A target is no column.</exception>
    public static void Invoke(
        Span<float> logits,
        ReadOnlySpan<int> targets,
        float scale,
        Span<float> losses,
        int rows,
        int columns)
    {
        ShapeException.ThrowUnlessEqual(logits.Length, (long)rows * columns);
        ShapeException.ThrowUnlessEqual(targets.Length, rows);
        ShapeException.ThrowUnlessEqual(losses.Length, rows);
        CrossEntropyKernel.ThrowUnlessColumns(targets, columns);
        fixed (float* l = logits, s = losses)
        fixed (int* t = targets)
        {
            var blocks = new RowBlocks(rows, columns);
            ParallelWork.For(blocks.Count, new Block(blocks, l, t, scale, s, columns));
        }
    }

    private readonly struct Block(
        RowBlocks blocks, float* logits, int* targets, float scale, float* losses, int columns)
        : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                float* x = logits + ((nint)row * columns);
                int target = targets[row];
                float max = Reduce.Max(x, columns);
                float shifted = x[target] - max;
                float sum = Exponentials.Write(x, max, x, columns);
                losses[row] = MathF.Log(sum) - shifted;
                Exponentials.Scale(x, scale / sum, columns);
                x[target] -= scale;
            }
        }
    }
}
