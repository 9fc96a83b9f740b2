using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Numbers kept between two bounds.</summary>
internal static unsafe class ClipKernel
{
    /// <summary>Adds gradY[i] to gradX[i] where x[i] lies within the bounds or on one.</summary>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, Span<float> gradX, float min, float max)
    {
        ShapeException.ThrowUnlessLength(x.Length, gradY.Length);
        ShapeException.ThrowUnlessLength(gradX.Length, gradY.Length);
        fixed (float* pg = gradY, px = x, pd = gradX)
        {
            var blocks = new RowBlocks(x.Length, 1);
            ParallelWork.For(blocks.Count, new Block(blocks, pg, px, pd, min, max));
        }
    }

    private readonly struct Block(RowBlocks blocks, float* gradY, float* x, float* gradX, float min, float max) : IWorkItem
    {
        public void Run(int index)
        {
            int i = blocks.Start(index);
            int end = blocks.End(index);
            if (Vector.IsHardwareAccelerated)
            {
                Vector<float> low = new(min), high = new(max);
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> value = Vector.Load(x + i);
                    Vector<int> isWithin = Vector.GreaterThanOrEqual(value, low) & Vector.LessThanOrEqual(value, high);
                    (Vector.Load(gradX + i) + Vector.ConditionalSelect(isWithin, Vector.Load(gradY + i), Vector<float>.Zero)).Store(gradX + i);
                }
            }

            for (; i < end; i++)
            {
                gradX[i] += x[i] >= min && x[i] <= max ? gradY[i] : 0;
            }
        }
    }
}
