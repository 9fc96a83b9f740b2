using System.Runtime.InteropServices;

namespace Cartwright.Learning.Kernels;

/// <summary>The largest number, or the mean, of every window of a picture.</summary>
internal static unsafe class PoolKernel
{
    /// <param name="x">[planes, height, width]</param>
    /// <param name="y">[planes, windows down, windows across]</param>
    /// <param name="places">As y: bits of the place in its plane that each number came from, the first of equals.</param>
    public static void Max(ReadOnlySpan<float> x, Span<float> y, Span<float> places, int planes, PoolWindows vertical, PoolWindows horizontal)
    {
        ThrowUnlessFit(x, y, planes, vertical, horizontal);
        ShapeException.ThrowUnlessLength(places.Length, y.Length);
        Span<int> indexes = MemoryMarshal.Cast<float, int>(places);
        fixed (float* px = x, py = y)
        fixed (int* pi = indexes)
        {
            var blocks = new RowBlocks(planes, vertical.Size * horizontal.Size);
            ParallelWork.For(y.IsEmpty ? 0 : blocks.Count, new MaxBlock(blocks, px, py, pi, vertical, horizontal));
        }
    }

    /// <summary>Brings every gradient to the place that its number came from.</summary>
    /// <param name="accumulates">Adds to what gradX holds; else writes all of it.</param>
    public static void MaxBackward(
        ReadOnlySpan<float> gradY, ReadOnlySpan<float> places, Span<float> gradX, int planes, PoolWindows vertical, PoolWindows horizontal, bool accumulates)
    {
        ThrowUnlessFit(gradX, gradY, planes, vertical, horizontal);
        ShapeException.ThrowUnlessLength(places.Length, gradY.Length);
        ReadOnlySpan<int> indexes = MemoryMarshal.Cast<float, int>(places);
        fixed (float* pg = gradY, px = gradX)
        fixed (int* pi = indexes)
        {
            var blocks = new RowBlocks(planes, vertical.Size * horizontal.Size);
            ParallelWork.For(gradX.IsEmpty ? 0 : blocks.Count, new MaxBackwardBlock(blocks, pg, pi, px, vertical, horizontal, accumulates));
        }
    }

    /// <param name="x">[planes, height, width]</param>
    /// <param name="y">[planes, windows down, windows across]</param>
    public static void Mean(ReadOnlySpan<float> x, Span<float> y, int planes, PoolWindows vertical, PoolWindows horizontal)
    {
        ThrowUnlessFit(x, y, planes, vertical, horizontal);
        fixed (float* px = x, py = y)
        {
            var blocks = new RowBlocks(planes, vertical.Size * horizontal.Size);
            ParallelWork.For(y.IsEmpty ? 0 : blocks.Count, new MeanBlock(blocks, px, py, vertical, horizontal));
        }
    }

    /// <summary>Adds to all places of a window their share of its gradient.</summary>
    public static void MeanBackward(ReadOnlySpan<float> gradY, Span<float> gradX, int planes, PoolWindows vertical, PoolWindows horizontal)
    {
        ThrowUnlessFit(gradX, gradY, planes, vertical, horizontal);
        fixed (float* pg = gradY, px = gradX)
        {
            var blocks = new RowBlocks(planes, vertical.Size * horizontal.Size);
            ParallelWork.For(gradY.IsEmpty ? 0 : blocks.Count, new MeanBackwardBlock(blocks, pg, px, vertical, horizontal));
        }
    }

    private static void ThrowUnlessFit(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int planes, PoolWindows vertical, PoolWindows horizontal)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)planes * vertical.Size * horizontal.Size);
        ShapeException.ThrowUnlessLength(y.Length, (long)planes * vertical.Count * horizontal.Count);
    }

    private readonly struct MaxBlock(RowBlocks blocks, float* x, float* y, int* places, PoolWindows vertical, PoolWindows horizontal) : IWorkItem
    {
        public void Run(int index)
        {
            nint at = (nint)blocks.Start(index) * vertical.Count * horizontal.Count;
            for (int plane = blocks.Start(index); plane < blocks.End(index); plane++)
            {
                float* from = x + ((nint)plane * vertical.Size * horizontal.Size);
                for (int row = 0; row < vertical.Count; row++)
                {
                    if (vertical.IsPair(row) && horizontal.ArePairs)
                    {
                        int first = vertical.Start(row) * horizontal.Size;
                        PairMaxKernel.Forward(from + first, first, horizontal.Size, horizontal.Count, y + at, places + at);
                        at += horizontal.Count;
                        continue;
                    }

                    for (int column = 0; column < horizontal.Count; column++)
                    {
                        y[at] = MaxOf(from, row, column, out places[at]);
                        at++;
                    }
                }
            }
        }

        private float MaxOf(float* plane, int row, int column, out int place)
        {
            int first = (vertical.Start(row) * horizontal.Size) + horizontal.Start(column);
            float max = float.NegativeInfinity;
            place = first;
            for (int i = vertical.Start(row); i < vertical.End(row); i++)
            {
                for (int j = horizontal.Start(column); j < horizontal.End(column); j++)
                {
                    int at = (i * horizontal.Size) + j;
                    PairMaxKernel.Raise(plane[at], at, ref max, ref place);
                }
            }

            return max;
        }
    }

    private readonly struct MaxBackwardBlock(
        RowBlocks blocks, float* gradY, int* places, float* gradX, PoolWindows vertical, PoolWindows horizontal, bool accumulates) : IWorkItem
    {
        public void Run(int index)
        {
            int planeSize = vertical.Size * horizontal.Size;
            int windowCount = vertical.Count * horizontal.Count;
            for (int plane = blocks.Start(index); plane < blocks.End(index); plane++)
            {
                float* to = gradX + ((nint)plane * planeSize);
                nint at = (nint)plane * windowCount;
                if (!accumulates && vertical.ArePairs && horizontal.ArePairs)
                {
                    WritePairs(gradY + at, places + at, to);
                    continue;
                }

                if (!accumulates)
                {
                    new Span<float>(to, planeSize).Clear();
                }

                for (int i = 0; i < windowCount; i++)
                {
                    to[places[at + i]] += gradY[at + i];
                }
            }
        }

        private void WritePairs(float* gradient, int* from, float* to)
        {
            for (int row = 0; row < vertical.Count; row++)
            {
                int first = 2 * row * horizontal.Size;
                int window = row * horizontal.Count;
                PairMaxKernel.Backward(gradient + window, from + window, first, horizontal.Size, horizontal.Count, to + first);
            }

            int written = 2 * vertical.Count * horizontal.Size;
            new Span<float>(to + written, (vertical.Size * horizontal.Size) - written).Clear();
        }
    }

    private readonly struct MeanBlock(RowBlocks blocks, float* x, float* y, PoolWindows vertical, PoolWindows horizontal) : IWorkItem
    {
        public void Run(int index)
        {
            float* to = y + ((nint)blocks.Start(index) * vertical.Count * horizontal.Count);
            for (int plane = blocks.Start(index); plane < blocks.End(index); plane++)
            {
                float* from = x + ((nint)plane * vertical.Size * horizontal.Size);
                for (int row = 0; row < vertical.Count; row++)
                {
                    for (int column = 0; column < horizontal.Count; column++)
                    {
                        float sum = 0;
                        int start = horizontal.Start(column);
                        for (int i = vertical.Start(row); i < vertical.End(row); i++)
                        {
                            sum += Reduce.Sum(from + (i * horizontal.Size) + start, horizontal.End(column) - start);
                        }

                        *to++ = sum / (vertical.Divisor(row) * horizontal.Divisor(column));
                    }
                }
            }
        }
    }

    private readonly struct MeanBackwardBlock(RowBlocks blocks, float* gradY, float* gradX, PoolWindows vertical, PoolWindows horizontal) : IWorkItem
    {
        public void Run(int index)
        {
            float* from = gradY + ((nint)blocks.Start(index) * vertical.Count * horizontal.Count);
            for (int plane = blocks.Start(index); plane < blocks.End(index); plane++)
            {
                float* to = gradX + ((nint)plane * vertical.Size * horizontal.Size);
                for (int row = 0; row < vertical.Count; row++)
                {
                    for (int column = 0; column < horizontal.Count; column++)
                    {
                        float share = *from++ / (vertical.Divisor(row) * horizontal.Divisor(column));
                        for (int i = vertical.Start(row); i < vertical.End(row); i++)
                        {
                            for (int j = horizontal.Start(column); j < horizontal.End(column); j++)
                            {
                                to[(i * horizontal.Size) + j] += share;
                            }
                        }
                    }
                }
            }
        }
    }
}
