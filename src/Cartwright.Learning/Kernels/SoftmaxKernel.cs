using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Row by row, y = e^x / Σ e^x; the row's maximum is taken off first, so logits of ±1000 are fine.</summary>
internal static unsafe class SoftmaxKernel
{
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, int rows, int columns)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
        fixed (float* px = x, py = y)
        {
            var blocks = new RowBlocks(rows, columns);
            ParallelWork.For(blocks.Count, new ForwardBlock(blocks, px, py, columns));
        }
    }

    /// <summary>Adds y (gradY - Σ gradY y) to gradX, the sum over the row.</summary>
    /// <param name="y">What came out of <see cref="Forward"/>.</param>
    public static void Backward(
        ReadOnlySpan<float> gradY, ReadOnlySpan<float> y, Span<float> gradX, int rows, int columns)
    {
        ShapeException.ThrowUnlessLength(y.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(gradY.Length, y.Length);
        ShapeException.ThrowUnlessLength(gradX.Length, y.Length);
        fixed (float* pg = gradY, py = y, px = gradX)
        {
            var blocks = new RowBlocks(rows, columns);
            ParallelWork.For(blocks.Count, new BackwardBlock(blocks, pg, py, px, columns));
        }
    }

    /// <summary>One row of the forward for x times a factor above 0; x and y may be the same. Returns ln Σ e^(factor x).</summary>
    internal static float ForwardRow(float* x, float factor, float* y, int columns)
    {
        float max = Reduce.Max(x, columns);
        float sum = Exponentials.Write(x, factor, max, y, columns);
        Exponentials.Scale(y, 1 / sum, columns);
        return (factor * max) + MathF.Log(sum);
    }

    
    private static void BackwardRow(float* gradY, float* y, float* gradX, int columns)
    {
        float mean = Reduce.Dot(gradY, y, columns);
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> gradient = Vector.Load(y + i) * (Vector.Load(gradY + i) - new Vector<float>(mean));
                (Vector.Load(gradX + i) + gradient).Store(gradX + i);
            }
        }

        for (; i < columns; i++)
        {
            gradX[i] += y[i] * (gradY[i] - mean);
        }
    }

    private readonly struct ForwardBlock(RowBlocks blocks, float* x, float* y, int columns) : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                nint at = (nint)row * columns;
                ForwardRow(x + at, factor: 1, y + at, columns);
            }
        }
    }

    private readonly struct BackwardBlock(RowBlocks blocks, float* gradY, float* y, float* gradX, int columns) : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                nint at = (nint)row * columns;
                BackwardRow(gradY + at, y + at, gradX + at, columns);
            }
        }
    }
}
