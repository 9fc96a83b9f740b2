using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

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

    /// <summary>Adds the gradient of the sum to that of every number.</summary>
    /// <param name="isFresh">True where gradX holds nothing yet and is written.</param>
    public static void Backward(float gradSum, Span<float> gradX, bool isFresh)
    {
        // On all threads, as cheap as it is: what comes next then finds each part in the caches of the thread that needs it.
        var blocks = new RowBlocks(gradX.Length, 1);
        fixed (float* px = gradX)
        {
            ParallelWork.For(blocks.Count, new BackwardBlock(blocks, gradSum, px, isFresh));
        }
    }

    private readonly struct Block(RowBlocks blocks, float* x, BlockSums sums) : IWorkItem
    {
        public void Run(int index)
        {
            sums[index] = Reduce.SumInDouble(x + blocks.Start(index), blocks.End(index) - blocks.Start(index));
        }
    }

    private readonly struct BackwardBlock(RowBlocks blocks, float gradSum, float* gradX, bool isFresh) : IWorkItem
    {
        public void Run(int index)
        {
            var gradient = new Span<float>(gradX + blocks.Start(index), blocks.End(index) - blocks.Start(index));
            if (isFresh)
            {
                gradient.Fill(gradSum);
            }
            else
            {
                TensorPrimitives.Add(gradient, gradSum, gradient);
            }
        }
    }
}
