using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Adds one row to every row: y[i, j] = x[i, j] + bias[j].</summary>
internal static unsafe class BiasKernel
{
    private const int MostPartialSums = 64;

    /// <param name="y">May be the same memory as <paramref name="x"/>.</param>
    public static void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> bias, Span<float> y, int rows, int columns)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
        ShapeException.ThrowUnlessLength(bias.Length, columns);
        fixed (float* px = x, pb = bias, py = y)
        {
            var blocks = new RowBlocks(rows, columns);
            ParallelWork.For(blocks.Count, new AddBlock(blocks, px, pb, py, columns));
        }
    }

    /// <summary>Adds the sum of each column of gradY to gradBias.</summary>
    public static void Backward(ReadOnlySpan<float> gradY, Span<float> gradBias, int rows, int columns)
    {
        ShapeException.ThrowUnlessLength(gradY.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(gradBias.Length, columns);
        var blocks = new RowBlocks(rows, columns, MostPartialSums);
        using var partials = new PartialSums(blocks.Count, columns);
        fixed (float* pg = gradY, pb = gradBias)
        {
            ParallelWork.For(blocks.Count, new SumBlock(blocks, partials, pg, columns));
            partials.AddTo(pb, 0, columns);
        }
    }

    private readonly struct AddBlock(RowBlocks blocks, float* x, float* bias, float* y, int columns) : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                float* from = x + ((nint)row * columns);
                float* to = y + ((nint)row * columns);
                int i = 0;
                if (Vector.IsHardwareAccelerated)
                {
                    for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                    {
                        (Vector.Load(from + i) + Vector.Load(bias + i)).Store(to + i);
                    }
                }

                for (; i < columns; i++)
                {
                    to[i] = from[i] + bias[i];
                }
            }
        }
    }

    private readonly struct SumBlock(RowBlocks blocks, PartialSums partials, float* gradY, int columns) : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                Reduce.Add(gradY + ((nint)row * columns), partials.Of(index), columns);
            }
        }
    }
}
