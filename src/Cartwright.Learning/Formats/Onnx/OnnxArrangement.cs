using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>Operators that move numbers about, and those that make and read shapes.</summary>
internal static class OnnxArrangement
{
    public static void AddTo(Dictionary<string, Func<OnnxCall, OnnxValue[]>> operators)
    {
        operators["Identity"] = operators["Dropout"] = call => [call[0]];
        operators["Constant"] = Constant;
        operators["ConstantOfShape"] = ConstantOfShape;
        operators["Shape"] = Shape;
        operators["Size"] = call => [OnnxValue.From([call[0].Length])];
        operators["Range"] = Range;
        operators["Reshape"] = Reshape;
        operators["Flatten"] = Flatten;
        operators["Squeeze"] = Squeeze;
        operators["Unsqueeze"] = Unsqueeze;
        operators["Transpose"] = call =>
            [call[0].Move(x => x.Transpose(Order(call, x.Rank)))];
        operators["Concat"] = call => [OnnxValue.Move([.. Enumerable.Range(0, call.InputCount).Select(i => call[i])], parts => Arrangement.Concat(call.Axis(0, parts[0].Rank), parts))];
        operators["Split"] = Split;
        operators["Slice"] = Slice;
        operators["Expand"] = Expand;
        operators["Tile"] = Tile;
        operators["Gather"] = Gather;
        operators["Pad"] = Pad;
        operators["TopK"] = TopK;
        operators["ArgMax"] = call => Arg(call, isSmallest: false);
        operators["ArgMin"] = call => Arg(call, isSmallest: true);
        operators["CumSum"] = CumSum;
        operators["NonZero"] = NonZero;
        operators["Trilu"] = Trilu;
        operators["If"] = call => call.RunBranch((OnnxGraph)call.Required(call[0].Whole[0] != 0 ? "then_branch" : "else_branch"));
    }

    private static int[] Order(OnnxCall call, int rank)
    {
        int[] order = call.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse()];
        return order.Order().SequenceEqual(Enumerable.Range(0, rank)) ? order : throw new ShapeException(
            $"'perm' is {string.Join(", ", order)}; it has to name each of the {rank} axes once, from 0.");
    }

    private static OnnxValue[] Constant(OnnxCall call)
    {
        (string name, object value) = call.Node.Attributes.FirstOrDefault();
        return (name, value) switch
        {
            ("value", OnnxValue tensor) => [tensor],
            ("value_float", float number) => [Tensor.From([number])],
            ("value_floats", float[] numbers) => [Tensor.From(numbers, numbers.Length)],
            ("value_int", long number) => [OnnxValue.From([number])],
            ("value_ints", long[] numbers) => [OnnxValue.From(numbers, numbers.Length)],
            _ => throw new ShapeException("A constant holds a tensor, floats or whole numbers."),
        };
    }

    private static OnnxValue[] ConstantOfShape(OnnxCall call)
    {
        int[] shape = OnnxCall.Limited(call[0].Whole);
        if (call.Node.Attributes.TryGetValue("value", out object? value) && value is OnnxValue { IsFloat: false } whole)
        {
            long[] numbers = OnnxValue.RoomForWhole(shape);
            Array.Fill(numbers, whole.Whole[0]);
            return [OnnxValue.Whole64(numbers, shape, whole.IsBoolean)];
        }

        Tensor filled = Tensor.Uninitialized(shape);
        filled.Output.Fill(value is OnnxValue number ? number.Tensor.Values[0] : 0);
        return [filled];
    }

    private static OnnxValue[] Shape(OnnxCall call)
    {
        int[] sizes = call[0].Sizes;
        int start = Edge(call.Int("start", 0)), end = Edge(call.Int("end", sizes.Length));
        long[] shape = [.. sizes.Take(end).Skip(start).Select(size => (long)size)];
        return [OnnxValue.From(shape, shape.Length)];

        int Edge(int axis) => Math.Clamp(axis < 0 ? axis + sizes.Length : axis, 0, sizes.Length);
    }

    private static OnnxValue[] Range(OnnxCall call)
    {
        if (!call[0].IsFloat)
        {
            return RangeOfWhole(call[0].Whole[0], call[1].Whole[0], call[2].Whole[0]);
        }

        (double start, double limit, double step) = (call.Tensor(0).Item(), call.Tensor(1).Item(), call.Tensor(2).Item());
        double count = Math.Ceiling((limit - start) / step);
        OnnxCall.Expect(step != 0 && double.IsFinite(count), $"A range from {start} to {limit} with a step of {step}");
        int[] shape = OnnxCall.Limited((long)Math.Max(0, count));
        return [Tensor.From([.. Enumerable.Range(0, shape[0]).Select(i => (float)(start + (i * step)))], shape)];
    }

    private static OnnxValue[] RangeOfWhole(long start, long limit, long step)
    {
        OnnxCall.Expect(step != 0, "A range with a step of 0");
        Int128 way = (Int128)limit - start;
        int[] shape = OnnxCall.Limited((long)Int128.Clamp((way + step - Math.Sign(step)) / step, 0, long.MaxValue));
        long[] numbers = OnnxValue.RoomForWhole(shape);
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = start + (i * step);
        }

        return [OnnxValue.Whole64(numbers, shape)];
    }

    private static OnnxValue[] Reshape(OnnxCall call)
    {
        int[] shape = call.Ints("shape", 1) ?? throw new ShapeException("Reshape has no shape.");
        int[] sizes = [.. shape.Select((size, axis) => size == 0 && call.Int("allowzero", 0) == 0 && axis < call[0].Sizes.Length ? call[0].Sizes[axis] : size)];
        return [call[0].Move(x => x.Reshape(sizes))];
    }

    private static OnnxValue[] Flatten(OnnxCall call)
    {
        int[] sizes = call[0].Sizes;
        int axis = call.Int("axis", 1);
        axis = axis == sizes.Length ? axis : OnnxCall.Axis("axis", axis, sizes.Length);
        return [call[0].Move(x => x.Reshape(Tensor.Product(sizes.AsSpan(0, axis)), Tensor.Product(sizes.AsSpan(axis))))];
    }

    private static OnnxValue[] Squeeze(OnnxCall call)
    {
        int[] sizes = call[0].Sizes;
        bool[] goes = call.Ints("axes", 1) is { } axes ? OnnxCall.MarkedAxes(axes, sizes.Length) : Array.ConvertAll(sizes, size => size == 1);
        return [call[0].Move(x => x.Reshape([.. sizes.Where((_, axis) => !goes[axis])]))];
    }

    private static OnnxValue[] Unsqueeze(OnnxCall call)
    {
        int[] axes = call.Ints("axes", 1) ?? throw new ShapeException("Unsqueeze has no axes.");
        bool[] isNew = OnnxCall.MarkedAxes(axes, call[0].Sizes.Length + axes.Length);
        OnnxCall.Expect(axes.Length > 0 && isNew.Count(isOne => isOne) == axes.Length, "Putting in no axis, or one axis twice");
        var sizes = new Queue<int>(call[0].Sizes);
        return [call[0].Move(x => x.Reshape([.. isNew.Select(isOne => isOne ? 1 : sizes.Dequeue())]))];
    }

    private static OnnxValue[] Split(OnnxCall call)
    {
        int axis = call.Axis(0, call[0].Sizes.Length);
        int size = call[0].Sizes[axis], count = call.Node.Outputs.Count;
        int part = (size + count - 1) / count;
        int[] sizes = call.Ints("split", 1) ?? [.. Enumerable.Range(0, count).Select(i => Math.Min(part, size - (i * part)))];
        _ = OnnxCall.Within("split", 0, size, sizes);
        long sum = sizes.Sum(part => (long)part);
        ShapeException.Require(sum == size, $"The parts have {sum} places together, and the axis that is split has {size}.");
        return [.. sizes.Select((length, i) => call[0].Move(x => x.Slice(axis, sizes.Take(i).Sum(), sizes.Take(i + 1).Sum())))];
    }

    private static OnnxValue[] Slice(OnnxCall call)
    {
        int[] starts = call.Ints("starts", 1) ?? [], ends = call.Ints("ends", 2) ?? [];
        int[] axes = call.Ints("axes", 3) ?? [.. Enumerable.Range(0, starts.Length)];
        int[] steps = call.Ints("steps", 4) ?? [.. Enumerable.Repeat(1, starts.Length)];
        ShapeException.Require(ends.Length == starts.Length, $"A slice has an end for each start; found {ends.Length} for {starts.Length}.");
        ShapeException.Require(axes.Length == starts.Length, $"A slice has an axis for each start; found {axes.Length} for {starts.Length}.");
        ShapeException.Require(steps.Length == starts.Length, $"A slice has a step for each start; found {steps.Length} for {starts.Length}.");
        return [call[0].Move(x =>
        {
            for (int i = 0; i < starts.Length; i++)
            {
                x = x.Slice(OnnxCall.Axis("axes", axes[i], x.Rank), starts[i], ends[i], steps[i]);
            }

            return x;
        })];
    }

    private static OnnxValue[] Expand(OnnxCall call)
    {
        int[] shape = OnnxCall.Limited(Array.ConvertAll(Kernels.StridedLoop.BroadcastShape(call[0].Sizes, call.Ints(1)), size => (long)size));
        return [call[0].Move(x => x.Expand(shape))];
    }

    private static OnnxValue[] Tile(OnnxCall call)
    {
        int[] repeats = call.Ints(1);
        int[] sizes = call[0].Sizes;
        ShapeException.Require(repeats.Length == sizes.Length, $"Tiling takes a number of repeats for each axis; found {repeats.Length} for {sizes.Length} axes.");
        _ = OnnxCall.Within("repeats", 0, int.MaxValue, repeats);
        int[] shape = OnnxCall.Limited([.. sizes.Select((size, axis) => (long)size * repeats[axis])]);

        // [a, b] → [1, a, 1, b] → [m, a, n, b] → [m a, n b]
        int[] apart = [.. sizes.SelectMany(size => (int[])[1, size])], repeated = [.. sizes.SelectMany((size, axis) => (int[])[repeats[axis], size])];
        return [call[0].Move(x => x.Reshape(apart).Expand(repeated).Reshape(shape))];
    }

    private static OnnxValue[] Gather(OnnxCall call)
    {
        int axis = call.Axis(0, call[0].Sizes.Length);
        int size = call[0].Sizes[axis];
        int[] places = Array.ConvertAll(call.Ints(1), place => place < 0 ? place + size : place);
        int[] shape = call[1].Sizes;
        return [call[0].Move(x => shape.Length == 0 ? x.Select(axis, places[0]) : x.Gather(axis, places, shape))];
    }

    private static OnnxValue[] Pad(OnnxCall call)
    {
        int[] pads = call.Ints("pads", 1) ?? throw new ShapeException("Pad has no pads.");
        int[] axes = call.Optional(3)?.AsInts() ?? [.. Enumerable.Range(0, call[0].Sizes.Length)];
        ShapeException.Require(pads.Length == 2 * axes.Length, $"Padding has two numbers for each axis; found {pads.Length} for {axes.Length} axes.");
        PaddingKind kind = call.Text("mode", "constant") switch
        {
            "constant" => PaddingKind.Constant,
            "reflect" => PaddingKind.Reflect,
            "edge" => PaddingKind.Edge,
            var other => throw new ShapeException($"Padding of the kind '{other}' is not computed here."),
        };

        // Where whole numbers are moved, place -1 stands for the number around them.
        bool isFloat = call[0].IsFloat;
        float value = isFloat ? call.Float("value", 2, 0) : -1;
        return [call[0].Move(
            x =>
            {
                for (int i = 0; i < axes.Length; i++)
                {
                    int axis = OnnxCall.Axis("axes", axes[i], x.Rank), before = pads[i], after = pads[i + axes.Length];
                    OnnxCall.Limited([.. x.Shape.Select((size, a) => a == axis ? Math.Max(0, (long)size + before + after) : size)]);
                    x = x.Pad(axis, before, after, kind, value);
                }

                return x;
            },
            around: isFloat ? 0 : call.Optional(2)?.Whole[0] ?? 0)];
    }

    private static OnnxValue[] TopK(OnnxCall call)
    {
        int axis = call.Axis(-1, call[0].Sizes.Length);
        int count = OnnxCall.Within("k", 0, call[0].Sizes[axis], call.Has(1) ? call.Ints(1)[0] : call.Int("k", 1))[0];
        bool isSmallest = call.Int("largest", 1) == 0;
        if (call[0].IsFloat)
        {
            (Tensor values, int[] places) = call.Tensor(0).TopK(count, axis, isSmallest);
            return [values, OnnxValue.Places(places, values.Dimensions.ToArray())];
        }

        (Tensor ranks, long[] sorted) = OnnxIntegers.Ranks(call[0]);
        (Tensor found, int[] at) = ranks.TopK(count, axis, isSmallest);
        int[] shape = found.Dimensions.ToArray();
        return [OnnxValue.Whole64(Array.ConvertAll(found.ToArray(), rank => sorted[(int)rank]), shape), OnnxValue.Places(at, shape)];
    }

    private static OnnxValue[] Arg(OnnxCall call, bool isSmallest)
    {
        OnnxCall.Expect(call.Int("select_last_index", 0) == 0, "The last of equal numbers");
        using var _ = NoGradient.Begin();
        int axis = call.Axis(0, call[0].Sizes.Length);
        int[] sizes = [.. call[0].Sizes];
        Tensor x = call[0].IsFloat ? call.Tensor(0) : OnnxIntegers.Ranks(call[0]).Ranks;
        int[] places = x.TopK(1, axis, isSmallest).Places;
        sizes[axis] = 1;
        return [OnnxValue.Places(places, call.Int("keepdims", 1) == 1 ? sizes : [.. sizes.Where((_, a) => a != axis)])];
    }

    private static OnnxValue[] CumSum(OnnxCall call)
    {
        OnnxCall.Expect(call.Int("exclusive", 0) == 0, "A running sum without the number itself");
        int axis = OnnxCall.Axis("axis", call.Ints(1)[0], call[0].Sizes.Length);
        bool isReverse = call.Int("reverse", 0) == 1;
        return [call[0].IsFloat ? call.Tensor(0).CumulativeSum(axis, isReverse) : OnnxIntegers.RunningSum(call[0], axis, isReverse)];
    }

    /// <summary>A triangle of every matrix, zeros elsewhere.</summary>
    private static OnnxValue[] Trilu(OnnxCall call)
    {
        (int rows, int columns) = (call[0].Sizes[^2], call[0].Sizes[^1]);
        int diagonal = call.Optional(1)?.AsInts()[0] ?? 0;
        bool isUpper = call.Int("upper", 1) == 1;
        long[] isKept = OnnxValue.RoomForWhole([rows, columns]);
        for (int i = 0; i < isKept.Length; i++)
        {
            long above = (i % columns) - (i / columns) - (long)diagonal;
            isKept[i] = (isUpper ? above >= 0 : above <= 0) ? 1 : 0;
        }

        var triangle = OnnxValue.Whole64(isKept, [rows, columns]);
        return [call[0].IsFloat ? Selection.Where(triangle.AsTensor(), call.Tensor(0), Tensor.From([0f])) : OnnxIntegers.Map(call[0], triangle, (x, mask) => x * mask, call[0].IsBoolean)];
    }

    /// <summary>The places that hold something else than 0: [axes, count].</summary>
    private static OnnxValue[] NonZero(OnnxCall call)
    {
        int[] sizes = call[0].Sizes, strides = Kernels.StridedLoop.Contiguous(sizes);
        float[] numbers = call.Tensor(0).ToArray();
        int[] found = [.. Enumerable.Range(0, numbers.Length).Where(i => numbers[i] != 0)];
        return [OnnxValue.Whole64([.. sizes.SelectMany((size, axis) => found.Select(i => (long)(i / strides[axis] % size)))], [sizes.Length, found.Length])];
    }
}
