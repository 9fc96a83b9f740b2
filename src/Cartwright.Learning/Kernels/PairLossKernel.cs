using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>A loss of one number against the one that was right, with its slope.</summary>
internal interface IPairLoss
{
    /// <param name="slope">The derivative by x.</param>
    Vector<float> Of(Vector<float> x, Vector<float> target, out Vector<float> slope);

    /// <summary>The definition, which also serves the tail and machines without vectors.</summary>
    float Of(float x, float target, out float slope);
}

/// <summary>Losses that treat every number alone: their sum and their gradient in one pass.</summary>
internal static unsafe class PairLossKernel
{
    /// <summary>Numbers whose losses are added in float, before the sum goes on in double.</summary>
    private const int ChunkSize = 1024;

    /// <summary>Writes gradX[i] = scale * slope and returns the sum of the losses.</summary>
    public static double Invoke<TLoss>(TLoss loss, ReadOnlySpan<float> x, ReadOnlySpan<float> targets, float scale, Span<float> gradX)
        where TLoss : struct, IPairLoss
    {
        ShapeException.ThrowUnlessLength(targets.Length, x.Length);
        ShapeException.ThrowUnlessLength(gradX.Length, x.Length);
        var blocks = new RowBlocks(x.Length, 1);
        using var sums = new BlockSums(blocks.Count);
        fixed (float* px = x, pt = targets, pg = gradX)
        {
            ParallelWork.For(blocks.Count, new Block<TLoss>(blocks, loss, px, pt, scale, pg, sums));
        }

        return sums.Total();
    }

    private readonly struct Block<TLoss>(
        RowBlocks blocks, TLoss loss, float* x, float* targets, float scale, float* gradX, BlockSums sums) : IWorkItem
        where TLoss : struct, IPairLoss
    {
        public void Run(int index)
        {
            double sum = 0;
            int end = blocks.End(index);
            for (int start = blocks.Start(index); start < end; start += ChunkSize)
            {
                sum += Chunk(start, Math.Min(end, start + ChunkSize));
            }

            sums[index] = sum;
        }

        private float Chunk(int start, int end)
        {
            int i = start;
            float sum = 0;
            if (Vector.IsHardwareAccelerated)
            {
                Vector<float> total = Vector<float>.Zero;
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    total += loss.Of(Vector.Load(x + i), Vector.Load(targets + i), out Vector<float> slope);
                    (slope * scale).Store(gradX + i);
                }

                sum = Vector.Sum(total);
            }

            for (; i < end; i++)
            {
                sum += loss.Of(x[i], targets[i], out float slope);
                gradX[i] = slope * scale;
            }

            return sum;
        }
    }
}
