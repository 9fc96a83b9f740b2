using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Numbers picked by place, by condition or by size.</summary>
public static class Selection
{
    /// <summary>x where the condition is not 0, y where it is; the three shapes broadcast together.</summary>
    /// <param name="condition">Takes no gradient.</param>
    /// <exception cref="ShapeException">Two sizes differ and neither is 1.</exception>
    public static Tensor Where(Tensor condition, Tensor x, Tensor y)
    {
        int[] shape = StridedLoop.BroadcastShape(condition.Dimensions, StridedLoop.BroadcastShape(x.Dimensions, y.Dimensions));
        Tensor chosen = Choose(condition.Expand(shape), x.Expand(shape), y.Expand(shape));
        if (OperationTrace.Current is { } trace)
        {
            trace.Record(chosen, "Where", [trace.Node("Cast", [condition], ("to", 9L)), x, y]);
        }

        return chosen;
    }

    /// <summary>Places of one axis, in the order given: the axis of x becomes the axes of <paramref name="shape"/>.</summary>
    /// <param name="axis">From 0, or from −1 for the last.</param>
    /// <param name="places">From 0 to the size of the axis − 1; any may come more than once. Not copied: leave it alone until the step ends.</param>
    /// <param name="shape">Shape of <paramref name="places"/>; one axis where none is given.</param>
    /// <exception cref="ShapeException">There is no such axis or place.</exception>
    public static Tensor Gather(this Tensor x, int axis, int[] places, params ReadOnlySpan<int> shape)
    {
        axis = Axes.Resolve(axis, x.Rank);
        ReadOnlySpan<int> placesShape = shape.IsEmpty ? [places.Length] : shape;
        return Gathered(x, axis, places, placesShape);
    }

    /// <summary>One place of an axis, which goes: place 2 of axis 1 of [a, b, c] gives [a, c].</summary>
    /// <param name="axis">From 0, or from −1 for the last.</param>
    /// <param name="place">From 0 to the size of the axis − 1.</param>
    /// <exception cref="ShapeException">There is no such axis or place.</exception>
    public static Tensor Select(this Tensor x, int axis, int place) => Gathered(x, Axes.Resolve(axis, x.Rank), [place], []);

    /// <summary>The largest numbers along an axis, the largest first, and their places; of equals the first comes first. NaN counts as larger than any number.</summary>
    /// <param name="count">How many, from 0 to the size of the axis.</param>
    /// <param name="axis">From 0, or from −1 for the last.</param>
    /// <param name="isSmallest">Finds the smallest in place of the largest.</param>
    /// <returns>The numbers, and for each its place along the axis; both with <paramref name="count"/> places along it.</returns>
    /// <exception cref="ShapeException">There is no such axis, or it has fewer places.</exception>
    public static (Tensor Values, int[] Places) TopK(this Tensor x, int count, int axis = -1, bool isSmallest = false)
    {
        axis = Axes.Resolve(axis, x.Rank);
        if (count < 0 || count > x.Dimensions[axis])
        {
            throw new ShapeException($"The {count} largest were asked of an axis with {x.Dimensions[axis]} places.");
        }

        if (axis != x.Rank - 1)
        {
            (int[] order, int[] back) = Axes.ToTheEnd(axis, x.Rank);
            (Tensor values, int[] places) = x.Transpose(order).TopK(count, -1, isSmallest);
            return (values.Transpose(back), Transposed(places, values.Dimensions, back));
        }

        (int rows, int columns) = (x.Rows, x.Columns);
        int[] largest = new int[rows * count];
        LargestKernel.Find(x.Values, largest, rows, columns, count, isSmallest);
        Tensor found = Tensor.Result([.. x.Dimensions[..^1], count], [x], found =>
        {
            ReadOnlySpan<float> gradient = found.Gradient;
            Span<float> sum = x.GradientSum;
            for (int i = 0; i < largest.Length; i++)
            {
                sum[(i / count * columns) + largest[i]] += gradient[i];
            }
        });
        ReadOnlySpan<float> numbers = x.Values;
        Span<float> output = found.Output;
        for (int i = 0; i < largest.Length; i++)
        {
            output[i] = numbers[(i / count * columns) + largest[i]];
        }

        if (OperationTrace.Current is { } trace)
        {
            TracedValue[] both = trace.Node("TopK", 2, [x, (int[])[count]], ("axis", -1L), ("largest", isSmallest ? 0L : 1L));
            trace.Bind(found, both[0]);
            trace.Bind(largest, trace.Node("Reshape", [both[1], (int[])[-1]]));
        }

        return (found, largest);
    }

    /// <summary>The place of the largest number along an axis, of equals the first: as many as x has numbers without that axis. NaN counts as the largest.</summary>
    /// <param name="axis">From 0, or from −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis, or it is empty.</exception>
    public static int[] ArgMax(this Tensor x, int axis = -1)
    {
        using var _ = NoGradient.Begin();
        return x.TopK(1, axis).Places;
    }

    /// <summary>The sum along an axis up to each of its places.</summary>
    /// <param name="axis">From 0, or from −1 for the last.</param>
    /// <param name="isReverse">Sums from the end.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor CumulativeSum(this Tensor x, int axis, bool isReverse = false)
    {
        axis = Axes.Resolve(axis, x.Rank);
        if (axis != x.Rank - 1)
        {
            (int[] order, int[] back) = Axes.ToTheEnd(axis, x.Rank);
            return x.Transpose(order).CumulativeSum(-1, isReverse).Transpose(back);
        }

        Tensor sums = Tensor.Result(x.Dimensions, [x], sums => RunningSumKernel.Add(sums.Gradient, x.GradientSum, x.Rows, x.Columns, !isReverse));
        sums.Output.Clear();
        RunningSumKernel.Add(x.Values, sums.Output, x.Rows, x.Columns, isReverse);
        OperationTrace.Current?.Record(sums, "CumSum", [x, (int[])[axis]], ("reverse", isReverse ? 1L : 0L));
        return sums;
    }

    private static Tensor Gathered(Tensor x, int axis, int[] places, ReadOnlySpan<int> placesShape)
    {
        ShapeException.Require(Tensor.Product(placesShape) == places.Length, $"Places of shape {placesShape} are {Tensor.Product(placesShape)}; found {places.Length}.");
        (int outer, int size, int inner) = Axes.Around(x, axis);
        Tensor gathered = Tensor.Result([.. x.Dimensions[..axis], .. placesShape, .. x.Dimensions[(axis + 1)..]], [x], gathered =>
        {
            if (axis == 0 && x.Rank == 2)
            {
                Span<float> rows = x.Storage.GradientOfRows(places, inner, out ReadOnlySpan<int> placesOfRows);
                GatherKernel.ScatterAdd(gathered.Gradient, placesOfRows, rows, inner);
                return;
            }

            AxisBlendKernel.Backward(gathered.Gradient, x.GradientSum, outer, size, inner, places, [], []);
        });
        AxisBlendKernel.Forward(x.Values, gathered.Output, outer, size, inner, places, [], []);
        if (OperationTrace.Current is { } trace)
        {
            TracedValue rows = trace.Node("Gather", [x, places], ("axis", (long)axis));
            trace.Record(gathered, "Reshape", [rows, gathered.Dimensions.ToArray()]);
        }

        return gathered;
    }

    /// <summary>The same for three tensors of one shape.</summary>
    private static Tensor Choose(Tensor condition, Tensor x, Tensor y)
    {
        Tensor chosen = Tensor.Result(x.Dimensions, [x, y], chosen =>
        {
            AddWhere(x, condition.Values, chosen.Gradient, isWanted: true);
            AddWhere(y, condition.Values, chosen.Gradient, isWanted: false);
        });
        ReadOnlySpan<float> chooses = condition.Values, first = x.Values, second = y.Values;
        Span<float> output = chosen.Output;
        for (int i = 0; i < output.Length; i++)
        {
            output[i] = chooses[i] != 0 ? first[i] : second[i];
        }

        return chosen;
    }

    private static void AddWhere(Tensor x, ReadOnlySpan<float> condition, ReadOnlySpan<float> gradient, bool isWanted)
    {
        if (!x.RequiresGradient)
        {
            return;
        }

        Span<float> sum = x.GradientSum;
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += condition[i] != 0 == isWanted ? gradient[i] : 0;
        }
    }

    private static int[] Transposed(int[] places, ReadOnlySpan<int> shape, int[] order)
    {
        int[] sizes = shape.ToArray(), strides = StridedLoop.Contiguous(shape);
        var loop = new StridedLoop(Array.ConvertAll(order, axis => sizes[axis]), Array.ConvertAll(order, axis => strides[axis]));
        var cursor = new StridedLoop.Cursor(loop, 0, stackalloc int[loop.CursorSize]);
        int[] moved = new int[places.Length];
        for (int row = 0; row < loop.RowCount; row++, cursor.Next())
        {
            for (int i = 0; i < loop.RowLength; i++)
            {
                moved[(row * loop.RowLength) + i] = places[cursor[0] + (i * loop.RowStride(0))];
            }
        }

        return moved;
    }
}
