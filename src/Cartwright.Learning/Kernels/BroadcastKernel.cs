using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>A function of two numbers, for whole vectors and for the numbers that fill none.</summary>
internal interface IBinaryFunction
{
    static abstract Vector<float> Of(Vector<float> x, Vector<float> y);

    /// <summary>The definition, which also serves the tail and machines without vectors.</summary>
    static abstract float Of(float x, float y);
}

/// <summary>z = f(x, y) and its gradients, where x and y are read as if both had the shape of z.</summary>
internal static unsafe class BroadcastKernel
{
    /// <summary>Writes z = f(x, y).</summary>
    /// <param name="loop">Walks x and y; z is walked without gaps.</param>
    public static void Apply<TFunction>(StridedLoop loop, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z)
        where TFunction : struct, IBinaryFunction
    {
        ShapeException.ThrowUnlessLength(z.Length, (long)loop.RowCount * loop.RowLength);
        fixed (float* px = x, py = y, pz = z)
        {
            Run(new Block<TFunction>(loop, px, py, null, pz));
        }
    }

    /// <summary>Writes z = g · f(x, y).</summary>
    /// <param name="loop">Walks x, y and g; z is walked without gaps.</param>
    public static void ApplyTimes<TFunction>(
        StridedLoop loop, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> g, Span<float> z)
        where TFunction : struct, IBinaryFunction
    {
        ShapeException.ThrowUnlessLength(z.Length, (long)loop.RowCount * loop.RowLength);
        fixed (float* px = x, py = y, pg = g, pz = z)
        {
            Run(new Block<TFunction>(loop, px, py, pg, pz));
        }
    }

    private static void Run<TFunction>(Block<TFunction> block)
        where TFunction : struct, IBinaryFunction => ParallelWork.For(block.Count, block);

    /// <summary>Some rows, or a part of the only one.</summary>
    private readonly struct Block<TFunction>(StridedLoop loop, float* x, float* y, float* g, float* z) : IWorkItem
        where TFunction : struct, IBinaryFunction
    {
        private readonly bool _isOneRow = loop.RowCount == 1;
        private readonly RowBlocks _blocks = loop.RowCount == 1 ? new(loop.RowLength, 1) : new(loop.RowCount, loop.RowLength);

        public int Count => _blocks.Count;

        public void Run(int index)
        {
            (int start, int end) = (_blocks.Start(index), _blocks.End(index));
            if (_isOneRow)
            {
                Row(x + ((nint)start * loop.RowStride(0)), y + ((nint)start * loop.RowStride(1)),
                    g == null ? null : g + ((nint)start * loop.RowStride(2)), z + start, end - start);
                return;
            }

            var cursor = new StridedLoop.Cursor(loop, start, stackalloc int[loop.CursorSize]);
            for (int row = start; row < end; row++, cursor.Next())
            {
                Row(x + cursor[0], y + cursor[1], g == null ? null : g + cursor[2], z + ((nint)row * loop.RowLength), loop.RowLength);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Row(float* x, float* y, float* g, float* z, int count)
        {
            (int xStride, int yStride) = (loop.RowStride(0), loop.RowStride(1));
            int gStride = g == null ? 0 : loop.RowStride(2);
            int i = 0;
            if (Vector.IsHardwareAccelerated && count >= Vector<float>.Count)
            {
                Vector<float> oneX = new(*x), oneY = new(*y), oneG = new(g == null ? 1 : *g);
                for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> value = TFunction.Of(xStride == 0 ? oneX : Vector.Load(x + i), yStride == 0 ? oneY : Vector.Load(y + i));
                    value = g == null ? value : value * (gStride == 0 ? oneG : Vector.Load(g + i));
                    value.Store(z + i);
                }
            }

            for (; i < count; i++)
            {
                float value = TFunction.Of(x[i * xStride], y[i * yStride]);
                z[i] = g == null ? value : value * g[i * gStride];
            }
        }
    }
}
