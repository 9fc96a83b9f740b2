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

    /// <summary>Numbers to a sum from which on it is kept in double.</summary>
    private const int LongCount = 1024;

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
        ShapeException.ThrowUnlessLength(y.Length, (long)places * (keepsRows ? rowLength : 1));
        fixed (float* px = x, py = y)
        {
            if (typeof(TReduction) == typeof(Sum) && x.Length / y.Length > LongCount)
            {
                int tiles = keepsRows ? (rowLength + LongSums.TileSize - 1) / LongSums.TileSize : 1;
                ParallelWork.For(places * tiles, new LongSums(outer, inner, tiles, px, py, keepsRows));
                return;
            }

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

    /// <summary>Sums of many numbers each: a few in float, then on in double, which keeps about six digits.</summary>
    private readonly struct LongSums(StridedLoop outer, StridedLoop inner, int tiles, float* x, float* y, bool keepsRows) : IWorkItem
    {
        /// <summary>Columns that are summed at a time, small enough for the nearest cache.</summary>
        public const int TileSize = 512;

        private const int RowsInFloat = 64;

        public void Run(int index)
        {
            int place = index / tiles;
            var at = new StridedLoop.Cursor(outer, place, stackalloc int[outer.CursorSize]);
            var row = new StridedLoop.Cursor(inner, 0, stackalloc int[inner.CursorSize]);
            if (keepsRows)
            {
                int start = index % tiles * TileSize;
                Columns(row, x + at[0] + start, y + ((nint)place * inner.RowLength) + start, Math.Min(TileSize, inner.RowLength - start));
                return;
            }

            double total = y[place];
            for (int r = 0; r < inner.RowCount; r++, row.Next())
            {
                total += Kernels.Reduce.SumInDouble(x + at[0] + row[0], inner.RowLength);
            }

            y[place] = (float)total;
        }

        private void Columns(StridedLoop.Cursor row, float* from, float* to, int count)
        {
            float* few = stackalloc float[TileSize];
            double* totals = stackalloc double[TileSize];
            new Span<float>(few, count).Clear();
            for (int i = 0; i < count; i++)
            {
                totals[i] = to[i];
            }

            for (int r = 1; r <= inner.RowCount; r++, row.Next())
            {
                Kernels.Reduce.Add(from + row[0], few, count);
                if (r % RowsInFloat == 0 || r == inner.RowCount)
                {
                    MoveTo(totals, few, count);
                }
            }

            for (int i = 0; i < count; i++)
            {
                to[i] = (float)totals[i];
            }
        }

        /// <summary>Adds the sums of a few rows to those of all, and begins them anew.</summary>
        private static void MoveTo(double* totals, float* few, int count)
        {
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector.Widen(Vector.Load(few + i), out Vector<double> low, out Vector<double> high);
                    (Vector.Load(totals + i) + low).Store(totals + i);
                    (Vector.Load(totals + i + Vector<double>.Count) + high).Store(totals + i + Vector<double>.Count);
                }
            }

            for (; i < count; i++)
            {
                totals[i] += few[i];
            }

            new Span<float>(few, count).Clear();
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
