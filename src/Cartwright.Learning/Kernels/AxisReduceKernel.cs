using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>How two numbers become one: associative, whatever the order.</summary>
internal interface IReduction
{
    static abstract float Start { get; }

    static abstract Vector<float> Of(Vector<float> x, Vector<float> y);

    static abstract float Of(float x, float y);
}

/// <summary>Reduces some axes of an array to one number each, in an order that depends on the shape alone.</summary>
internal static unsafe class AxisReduceKernel
{
    /// <summary>Writes y, which has the sizes of the axes that are kept, from x.</summary>
    /// <param name="shape">Shape of x.</param>
    /// <param name="isReduced">For every axis, whether it goes.</param>
    public static void Reduce<TReduction>(ReadOnlySpan<int> shape, ReadOnlySpan<bool> isReduced, ReadOnlySpan<float> x, Span<float> y)
        where TReduction : struct, IReduction
    {
        y.Fill(TReduction.Start);
        Add<TReduction>(shape, isReduced, x, y);
    }

    /// <summary>The same, on top of what y holds.</summary>
    public static void Add<TReduction>(ReadOnlySpan<int> shape, ReadOnlySpan<bool> isReduced, ReadOnlySpan<float> x, Span<float> y)
        where TReduction : struct, IReduction
    {
        if (x.IsEmpty)
        {
            return;
        }

        while (shape.Length > 0 && shape[^1] == 1)
        {
            shape = shape[..^1];
            isReduced = isReduced[..shape.Length];
        }

        // The last axis is walked in rows; before it, the kept axes outermost, so that each of their places is one piece of work.
        bool keepsRows = shape.Length > 0 && !isReduced[^1];
        int[] strides = StridedLoop.Contiguous(shape);
        var (kept, keptStrides, gone, goneStrides) = (new List<int>(), new List<int>(), new List<int>(), new List<int>());
        for (int axis = 0; axis < shape.Length - 1; axis++)
        {
            (isReduced[axis] ? gone : kept).Add(shape[axis]);
            (isReduced[axis] ? goneStrides : keptStrides).Add(strides[axis]);
        }

        // A second axis of one number keeps the loop from taking the outer axes for a row.
        int rowLength = shape.Length == 0 ? 1 : shape[^1];
        var outer = new StridedLoop([.. kept, 2], [.. keptStrides, 0]);
        var inner = new StridedLoop([.. gone, rowLength], [.. goneStrides, 1], [.. new int[gone.Count], keepsRows ? 1 : 0]);
        int places = Product(kept);
        ShapeException.ThrowUnlessEqual(y.Length, (long)places * (keepsRows ? rowLength : 1));
        fixed (float* px = x, py = y)
        {
            var blocks = new RowBlocks(places, x.Length / places);
            ParallelWork.For(blocks.Count, new Block<TReduction>(outer, inner, blocks, px, py, keepsRows));
        }
    }

    private static int Product(List<int> sizes)
    {
        int product = 1;
        foreach (int size in sizes)
        {
            product *= size;
        }

        return product;
    }

    private readonly struct Block<TReduction>(StridedLoop outer, StridedLoop inner, RowBlocks blocks, float* x, float* y, bool keepsRows) : IWorkItem
        where TReduction : struct, IReduction
    {
        public void Run(int index)
        {
            Span<int> innerMemory = stackalloc int[inner.CursorSize];
            var place = new StridedLoop.Cursor(outer, blocks.Start(index), stackalloc int[outer.CursorSize]);
            for (int i = blocks.Start(index); i < blocks.End(index); i++, place.Next())
            {
                var row = new StridedLoop.Cursor(inner, 0, innerMemory);
                for (int r = 0; r < inner.RowCount; r++, row.Next())
                {
                    float* from = x + place[0] + row[0];
                    if (keepsRows)
                    {
                        Combine(from, y + ((nint)i * inner.RowLength), inner.RowLength);
                    }
                    else
                    {
                        y[i] = TReduction.Of(y[i], Row(from, inner.RowLength));
                    }
                }
            }
        }

        private static void Combine(float* x, float* y, int count)
        {
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                {
                    TReduction.Of(Vector.Load(y + i), Vector.Load(x + i)).Store(y + i);
                }
            }

            for (; i < count; i++)
            {
                y[i] = TReduction.Of(y[i], x[i]);
            }
        }

        private static float Row(float* x, int count)
        {
            int i = 0;
            float result = TReduction.Start;
            if (Vector.IsHardwareAccelerated && count >= Vector<float>.Count)
            {
                Vector<float> lanes = new(TReduction.Start);
                for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                {
                    lanes = TReduction.Of(lanes, Vector.Load(x + i));
                }

                for (int lane = 0; lane < Vector<float>.Count; lane++)
                {
                    result = TReduction.Of(result, lanes[lane]);
                }
            }

            for (; i < count; i++)
            {
                result = TReduction.Of(result, x[i]);
            }

            return result;
        }
    }

    internal readonly struct Sum : IReduction
    {
        public static float Start => 0;

        public static Vector<float> Of(Vector<float> x, Vector<float> y) => x + y;

        public static float Of(float x, float y) => x + y;
    }

    internal readonly struct Max : IReduction
    {
        public static float Start => float.NegativeInfinity;

        public static Vector<float> Of(Vector<float> x, Vector<float> y) => Vector.Max(x, y);

        public static float Of(float x, float y) => MathF.Max(x, y);
    }

    internal readonly struct Min : IReduction
    {
        public static float Start => float.PositiveInfinity;

        public static Vector<float> Of(Vector<float> x, Vector<float> y) => Vector.Min(x, y);

        public static float Of(float x, float y) => MathF.Min(x, y);
    }
}
