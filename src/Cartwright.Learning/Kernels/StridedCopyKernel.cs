namespace Cartwright.Learning.Kernels;

/// <summary>Copies numbers from one array to another, or adds them, where either is walked with strides.</summary>
internal static unsafe class StridedCopyKernel
{
    /// <summary>Writes y = x along the walk.</summary>
    /// <param name="loop">Walks x and y, and meets no place of y twice.</param>
    public static void Copy(StridedLoop loop, ReadOnlySpan<float> x, Span<float> y) => Run(loop, x, y, adds: false);

    /// <summary>Adds x to y along the walk.</summary>
    /// <param name="loop">Walks x and y, and meets no place of y twice.</param>
    public static void Add(StridedLoop loop, ReadOnlySpan<float> x, Span<float> y) => Run(loop, x, y, adds: true);

    private static void Run(StridedLoop loop, ReadOnlySpan<float> x, Span<float> y, bool adds)
    {
        fixed (float* px = x, py = y)
        {
            var blocks = new RowBlocks(loop.RowCount, loop.RowLength);
            ParallelWork.For(blocks.Count, new Block(loop, blocks, px, py, adds));
        }
    }

    private readonly struct Block(StridedLoop loop, RowBlocks blocks, float* x, float* y, bool adds) : IWorkItem
    {
        public void Run(int index)
        {
            int count = loop.RowLength;
            (nint xStride, nint yStride) = (loop.RowStride(0), loop.RowStride(1));
            var cursor = new StridedLoop.Cursor(loop, blocks.Start(index), stackalloc int[loop.CursorSize]);
            for (int row = blocks.Start(index); row < blocks.End(index); row++, cursor.Next())
            {
                float* from = x + cursor[0];
                float* to = y + cursor[1];
                if (xStride == 1 && yStride == 1)
                {
                    if (adds)
                    {
                        Reduce.Add(from, to, count);
                    }
                    else
                    {
                        new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
                    }

                    continue;
                }

                for (nint i = 0; i < count; i++)
                {
                    to[i * yStride] = adds ? to[i * yStride] + from[i * xStride] : from[i * xStride];
                }
            }
        }
    }
}
