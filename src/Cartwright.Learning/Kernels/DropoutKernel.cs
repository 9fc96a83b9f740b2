using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Sets a random share of the numbers to 0 and divides the rest by what is left of the share.</summary>
/// <remarks>
/// The mask is a function of seed and index alone: the same call on the gradient is the backward, and nothing is
/// stored. Srivastava et al., "Dropout", JMLR 2014.
/// </remarks>
internal static unsafe class DropoutKernel
{
    /// <param name="y">May be the same memory as <paramref name="x"/>.</param>
    /// <param name="rate">Share that becomes 0; from 0 to below 1.</param>
    public static void Apply(ReadOnlySpan<float> x, Span<float> y, float rate, ulong seed)
    {
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
        ThrowUnlessRate(rate);
        fixed (float* px = x, py = y)
        {
            var blocks = new RowBlocks(x.Length, 1);
            ParallelWork.For(blocks.Count, new MaskBlock(blocks, px, py, new CounterHash(seed, rate)));
        }
    }

    internal static void ThrowUnlessRate(float rate)
    {
        if (!(rate >= 0 && rate < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A dropout rate is from 0 to below 1.");
        }
    }

    private readonly struct MaskBlock(RowBlocks blocks, float* x, float* y, CounterHash hash) : IWorkItem
    {
        public void Run(int index)
        {
            int i = blocks.Start(index);
            int end = blocks.End(index);
            if (Vector.IsHardwareAccelerated)
            {
                Vector<uint> counters = Vector<uint>.Indices + new Vector<uint>((uint)i);
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    (Vector.Load(x + i) * hash.Factors(counters)).Store(y + i);
                    counters += new Vector<uint>((uint)Vector<uint>.Count);
                }
            }

            for (; i < end; i++)
            {
                y[i] = x[i] * hash.Factor((uint)i);
            }
        }
    }
}
