using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Σ x², in an order that depends on the length alone; finite where all numbers are.</summary>
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
                int count = Math.Min(ChunkSize, end - start);
                float ofChunk = Reduce.Dot(x + start, x + start, count);
                sum += float.IsFinite(ofChunk) ? ofChunk : InDouble(x + start, count);
            }

            sums[index] = sum;
        }

        // Squares of numbers above 1e19 leave the range of float, not that of double.
        private static double InDouble(float* x, int count)
        {
            double sum = 0;
            for (int i = 0; i < count; i++)
            {
                sum += (double)x[i] * x[i];
            }

            return sum;
        }
    }
}
