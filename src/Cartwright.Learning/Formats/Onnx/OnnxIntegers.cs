using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>Arithmetic on whole numbers and conditions: shapes, places, masks. They are few, so these loops are plain.</summary>
internal static class OnnxIntegers
{
    /// <summary>f(x, y) for every pair; shapes broadcast.</summary>
    public static OnnxValue Map(OnnxValue x, OnnxValue y, Func<long, long, long> f, bool isBoolean = false)
    {
        int[] shape = StridedLoop.BroadcastShape(x.Sizes, y.Sizes);
        (long[] a, long[] b) = (x.Whole, y.Whole);
        long[] result = OnnxValue.RoomForWhole(shape);
        Walk(shape, x.Sizes, y.Sizes, (i, first, second) => result[i] = f(a[first], b[second]));
        return OnnxValue.Whole64(result, shape, isBoolean);
    }

    /// <summary>Whether the pairs are so; floats and whole numbers may be mixed.</summary>
    public static OnnxValue Compare(OnnxValue x, OnnxValue y, Func<double, double, bool> isSo)
    {
        if (!x.IsFloat && !y.IsFloat)
        {
            // By their order, since not every whole number is a double.
            return Map(x, y, (a, b) => isSo(a.CompareTo(b), 0) ? 1 : 0, isBoolean: true);
        }

        int[] shape = StridedLoop.BroadcastShape(x.Sizes, y.Sizes);
        (float[] a, float[] b) = (x.AsTensor().ToArray(), y.AsTensor().ToArray());
        long[] result = OnnxValue.RoomForWhole(shape);
        Walk(shape, x.Sizes, y.Sizes, (i, first, second) => result[i] = isSo(a[first], b[second]) ? 1 : 0);
        return OnnxValue.Whole64(result, shape, isBoolean: true);
    }

    public static OnnxValue Map(OnnxValue x, Func<long, long> f) => OnnxValue.Whole64(Array.ConvertAll(x.Whole, number => f(number)), x.Sizes, x.IsBoolean);

    /// <summary>Some axes brought down to one number each.</summary>
    public static OnnxValue Reduce(OnnxValue x, int[] axes, bool keepsAxes, Func<long, long, long> f)
    {
        bool[] isReduced = Axes.Mark(axes, x.Sizes.Length);
        int[] order = [.. Enumerable.Range(0, x.Sizes.Length).OrderBy(axis => isReduced[axis])];
        int[] kept = [.. x.Sizes.Where((_, axis) => keepsAxes || !isReduced[axis]).Select((size, i) => keepsAxes && isReduced[i] ? 1 : size)];
        long[] sorted = x.Move(tensor => tensor.Transpose(order)).Whole;
        int places = Tensor.Product(kept);
        int size = places == 0 ? 0 : sorted.Length / places;
        return OnnxValue.Whole64([.. Enumerable.Range(0, places).Select(i => sorted.AsSpan(i * size, size).ToArray().Aggregate(f))], kept);
    }

    /// <summary>Floats in the same order as the whole numbers, equals alike: the place of each among the distinct ones, sorted.</summary>
    /// <exception cref="ShapeException">There are more distinct numbers than floats hold exactly.</exception>
    public static (Tensor Ranks, long[] Sorted) Ranks(OnnxValue x)
    {
        long[] sorted = [.. x.Whole.Distinct().Order()];
        OnnxCall.Expect(sorted.Length <= 1 << 24, $"The order of {sorted.Length} distinct whole numbers, more than 16777216,");
        return (Tensor.From(Array.ConvertAll(x.Whole, number => (float)Array.BinarySearch(sorted, number)), x.Sizes), sorted);
    }

    /// <summary>The sum along an axis up to each of its places, or from the end.</summary>
    public static OnnxValue RunningSum(OnnxValue x, int axis, bool isReverse)
    {
        (int size, int inner) = (x.Sizes[axis], StridedLoop.Contiguous(x.Sizes)[axis]);
        long[] sums = [.. x.Whole];
        for (int i = 0; i < sums.Length; i++)
        {
            int place = isReverse ? sums.Length - 1 - i : i;
            bool isFirst = place / inner % size == (isReverse ? size - 1 : 0);
            sums[place] += isFirst ? 0 : sums[isReverse ? place + inner : place - inner];
        }

        return OnnxValue.Whole64(sums, x.Sizes);
    }

    /// <summary>x to the power of y, exactly where it is a whole number of 64 bits.</summary>
    /// <exception cref="OverflowException">The power has more than 64 bits.</exception>
    public static long Power(long x, long y)
    {
        if (y < 0 || x is 0 or 1)
        {
            return (long)Math.Pow(x, y);
        }

        if (x == -1)
        {
            return y % 2 == 0 ? 1 : -1;
        }

        long power = 1;
        for (; y > 0; y--)
        {
            power = checked(power * x);
        }

        return power;
    }

    /// <summary>Division that drops what is behind the point, as the standard has it.</summary>
    public static long Divide(long x, long y) => y == 0 ? throw new ShapeException("A whole number is divided by 0.") : x / y;

    /// <summary>The remainder with the sign of the divisor.</summary>
    public static long Modulo(long x, long y) => y == 0 ? throw new ShapeException("A whole number is divided by 0.") : ((x % y) + y) % y;

    /// <summary>The remainder with the sign of the dividend, as that of floats has it.</summary>
    public static long Remainder(long x, long y) => y == 0 ? throw new ShapeException("A whole number is divided by 0.") : x % y;

    private static void Walk(int[] shape, int[] x, int[] y, Action<int, int, int> visit)
    {
        var loop = new StridedLoop(shape, StridedLoop.Broadcast(x, shape), StridedLoop.Broadcast(y, shape), StridedLoop.Contiguous(shape));
        var cursor = new StridedLoop.Cursor(loop, 0, new int[loop.CursorSize]);
        for (int row = 0; row < loop.RowCount; row++, cursor.Next())
        {
            for (int i = 0; i < loop.RowLength; i++)
            {
                visit(cursor[2] + i, cursor[0] + (i * loop.RowStride(0)), cursor[1] + (i * loop.RowStride(1)));
            }
        }
    }
}
