using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Row by row, y = x - ln Σ e^x.</summary>
internal static unsafe class LogSoftmaxKernel
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

    /// <summary>Adds gradY - e^y Σ gradY to gradX, the sum over the row.</summary>
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

    private readonly struct ForwardBlock(RowBlocks blocks, float* x, float* y, int columns) : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                float* from = x + ((nint)row * columns);
                float* to = y + ((nint)row * columns);
                float logSum = Exponentials.LogSum(from, columns);
                int i = 0;
                if (Vector.IsHardwareAccelerated)
                {
                    for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                    {
                        (Vector.Load(from + i) - new Vector<float>(logSum)).Store(to + i);
                    }
                }

                for (; i < columns; i++)
                {
                    to[i] = from[i] - logSum;
                }
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
                float sum = Reduce.Sum(gradY + at, columns);
                nint i = at;
                nint end = at + columns;
                if (Vector.IsHardwareAccelerated)
                {
                    for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                    {
                        Vector<float> probability = VectorExp.Of(Vector.Load(y + i));
                        (Vector.Load(gradX + i) + (Vector.Load(gradY + i) - (probability * sum))).Store(gradX + i);
                    }
                }

                for (; i < end; i++)
                {
                    gradX[i] += gradY[i] - (MathF.Exp(y[i]) * sum);
                }
            }
        }
    }
}
