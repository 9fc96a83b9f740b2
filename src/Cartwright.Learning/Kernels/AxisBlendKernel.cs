namespace Cartwright.Learning.Kernels;

/// <summary>Places along one axis made from one or two places of the input: y[j] = x[low[j]] · (1 − share[j]) + x[high[j]] · share[j].</summary>
/// <remarks>Arrays are seen as [outer, places, inner]. Gathering is the case without shares.</remarks>
internal static unsafe class AxisBlendKernel
{
    /// <param name="x">[outer, size, inner]</param>
    /// <param name="y">[outer, low.Length, inner]</param>
    /// <param name="low">Places in x, from 0 to size − 1.</param>
    /// <param name="high">The other places, and their shares; both empty where there is one place only.</param>
    public static void Forward(
        ReadOnlySpan<float> x, Span<float> y, int outer, int size, int inner, ReadOnlySpan<int> low, ReadOnlySpan<int> high, ReadOnlySpan<float> share)
    {
        Check(x.Length, y.Length, outer, size, inner, low, high, share);
        fixed (float* px = x, py = y, ps = share)
        fixed (int* pl = low, ph = high)
        {
            var blocks = new RowBlocks(outer, low.Length * inner);
            ParallelWork.For(blocks.Count, new ForwardBlock(blocks, px, py, size, inner, low.Length, pl, high.IsEmpty ? null : ph, ps));
        }
    }

    /// <summary>Adds to gradX what flows back.</summary>
    public static void Backward(
        ReadOnlySpan<float> gradY, Span<float> gradX, int outer, int size, int inner, ReadOnlySpan<int> low, ReadOnlySpan<int> high, ReadOnlySpan<float> share)
    {
        Check(gradX.Length, gradY.Length, outer, size, inner, low, high, share);
        fixed (float* pg = gradY, px = gradX, ps = share)
        fixed (int* pl = low, ph = high)
        {
            var blocks = new RowBlocks(outer, low.Length * inner);
            ParallelWork.For(blocks.Count, new BackwardBlock(blocks, pg, px, size, inner, low.Length, pl, high.IsEmpty ? null : ph, ps));
        }
    }

    private static void Check(
        int xLength, int yLength, int outer, int size, int inner, ReadOnlySpan<int> low, ReadOnlySpan<int> high, ReadOnlySpan<float> share)
    {
        ShapeException.ThrowUnlessLength(xLength, (long)outer * size * inner);
        ShapeException.ThrowUnlessLength(yLength, (long)outer * low.Length * inner);
        ShapeException.ThrowUnlessLength(high.Length, share.Length);
        ThrowUnlessWithin(low, size);
        ThrowUnlessWithin(high, size);
    }

    private static void ThrowUnlessWithin(ReadOnlySpan<int> places, int size)
    {
        foreach (int place in places)
        {
            if ((uint)place >= (uint)size)
            {
                throw new ShapeException($"Place {place} was asked of an axis with places 0 to {size - 1}.");
            }
        }
    }

    private readonly struct ForwardBlock(
        RowBlocks blocks, float* x, float* y, int size, int inner, int count, int* low, int* high, float* share) : IWorkItem
    {
        public void Run(int index)
        {
            for (int o = blocks.Start(index); o < blocks.End(index); o++)
            {
                float* from = x + ((nint)o * size * inner);
                float* to = y + ((nint)o * count * inner);
                for (int j = 0; j < count; j++, to += inner)
                {
                    float* first = from + ((nint)low[j] * inner);
                    if (high == null)
                    {
                        new ReadOnlySpan<float>(first, inner).CopyTo(new Span<float>(to, inner));
                        continue;
                    }

                    float* second = from + ((nint)high[j] * inner);
                    for (int i = 0; i < inner; i++)
                    {
                        to[i] = (first[i] * (1 - share[j])) + (second[i] * share[j]);
                    }
                }
            }
        }
    }

    private readonly struct BackwardBlock(
        RowBlocks blocks, float* gradY, float* gradX, int size, int inner, int count, int* low, int* high, float* share) : IWorkItem
    {
        public void Run(int index)
        {
            for (int o = blocks.Start(index); o < blocks.End(index); o++)
            {
                float* from = gradY + ((nint)o * count * inner);
                float* to = gradX + ((nint)o * size * inner);
                for (int j = 0; j < count; j++, from += inner)
                {
                    float* first = to + ((nint)low[j] * inner);
                    if (high == null)
                    {
                        Reduce.Add(from, first, inner);
                        continue;
                    }

                    Reduce.AddScaled(from, 1 - share[j], first, inner);
                    Reduce.AddScaled(from, share[j], to + ((nint)high[j] * inner), inner);
                }
            }
        }
    }
}
