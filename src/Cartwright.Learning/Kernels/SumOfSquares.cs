using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Σ x², in an order that depends on the length alone.</summary>
internal static unsafe class SumOfSquares
{
    /// <summary>Squares that are added in float, before the sum goes on in double.</summary>
    private const int ChunkSize = 1024;

    public static double Of(ReadOnlySpan<float> x)
    {
        var blocks = new RowBlocks(x.Length, 1);
        using var sums = new BlockSums(blocks.Count);
        fixed (float* px = x)
        {
            ParallelWork.For(blocks.Count, new Block(blocks, px, sums));
        }

        return sums.Total();
    }

    private readonly struct Block(RowBlocks blocks, float* x, BlockSums sums) : IWorkItem
    {
        public void Run(int index)
        {
            double sum = 0;
            int end = blocks.End(index);
            for (int start = blocks.Start(index); start < end; start += ChunkSize)
            {
                sum += Reduce.Dot(x + start, x + start, Math.Min(ChunkSize, end - start));
            }

            sums[index] = sum;
        }
    }
}
