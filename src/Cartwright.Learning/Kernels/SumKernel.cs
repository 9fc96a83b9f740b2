namespace Cartwright.Learning.Kernels;

/// <summary>Σ x, in an order that depends on the length alone, and to about six digits however many there are: long sums go on in double.</summary>
internal static unsafe class SumKernel
{
    public static double Of(ReadOnlySpan<float> x)
    {
        var blocks = new RowBlocks(x.Length, 1);
        fixed (float* px = x)
        {
            if (blocks.Count <= 1)
            {
                return Reduce.SumInDouble(px, x.Length);
            }

            using var sums = new BlockSums(blocks.Count);
            ParallelWork.For(blocks.Count, new Block(blocks, px, sums));
            return sums.Total();
        }
    }

    private readonly struct Block(RowBlocks blocks, float* x, BlockSums sums) : IWorkItem
    {
        public void Run(int index)
        {
            sums[index] = Reduce.SumInDouble(x + blocks.Start(index), blocks.End(index) - blocks.Start(index));
        }
    }
}
