using Cartwright.Learning.Formats.Onnx;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Tests.Kernels;

namespace Cartwright.Learning.Tests.Formats.Onnx;

public sealed partial class OnnxOperatorTests
{
    private static readonly OnnxValue X = Floats(1, 2, 3, 4), Picture = Floats(2, 1, 4, 6, 7), Row = Floats(3, 4), Column = Floats(4, 3, 1);

    /// <summary>Beyond it floats, and doubles, skip whole numbers.</summary>
    private const long Large = 1L << 24, Huge = 1L << 53;

    private static readonly Dictionary<string, Case> Cases = Make().ToDictionary(one => one.Name, one => one.Case);

    private static IEnumerable<(string Name, Case Case)> Make()
    {
        foreach (string name in (string[])["Relu", "Sigmoid", "Tanh", "Softplus", "Exp", "Erf", "Reciprocal", "Gelu", "LeakyRelu", "Elu", "Selu",
            "HardSigmoid", "HardSwish", "Softsign", "Mish", "Sin", "Cos", "Trilu", "Floor", "Ceil", "Round", "Sign", "Neg", "Abs", "IsNaN", "Identity", "Shape", "Size", "NonZero"])
        {
            yield return (name, Of(name, [X]));
        }

        foreach (string name in (string[])["Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"])
        {
            yield return (name + " same", Of(name, [X, Floats(9, 2, 3, 4)]));
            yield return (name + " broadcast", Of(name, [Row, Column]));
        }

        foreach (string name in (string[])["Add", "Sub", "Mul", "Div", "Mod", "Max", "Min", "Equal", "Less", "Greater"])
        {
            yield return (name + " whole", Of(name, [Whole([3, 1], 7, -8, 9), Whole([2], 2, 3)]));
        }

        foreach (string name in (string[])["And", "Or", "Xor"])
        {
            yield return (name, Of(name, [Conditions(1, 0, 1, 0), Conditions(1, 1, 0, 0)]));
        }

        yield return ("Not", Of("Not", [Conditions(1, 0, 1)]));
        foreach (string name in (string[])["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp"])
        {
            yield return (name + " all", Of(name, [X]));
            yield return (name + " axes", Of(name, [X, Whole([2], 0, -1)], ("keepdims", 0L)));
            yield return (name + " one axis", Of(name, [X, Whole([1], 1)]));
        }

        yield return ("ReduceMean of version 13", Of("ReduceMean", [X], ("axes", new long[] { 1 })) with { Opset = 13 });
        yield return ("ReduceLogSum", Of("ReduceLogSum", [Positive(2, 3, 4), Whole([1], 1)]));
        yield return ("ReduceSum whole", Of("ReduceSum", [Whole([2, 3], 1, 2, 3, 4, 5, 6), Whole([1], 0)]));
        yield return ("ReduceSum of no axes", Of("ReduceSum", [X], ("noop_with_empty_axes", 1L)));

        yield return ("Log", Of("Log", [Positive(5, 3)]));
        yield return ("Sqrt", Of("Sqrt", [Positive(5, 3)]));
        yield return ("Pow row", Of("Pow", [Positive(2, 3, 4), Row]));
        yield return ("Pow 2", Of("Pow", [X, Tensor.From([2f])]));
        yield return ("Pow half", Of("Pow", [Positive(2, 3), Tensor.From([0.5f])]));
        yield return ("Pow 3", Of("Pow", [X, Tensor.From([3f])]));
        yield return ("PRelu", Of("PRelu", [X, Row]));
        yield return ("Gelu tanh", Of("Gelu", [X], ("approximate", "tanh")));
        yield return ("LeakyRelu slope", Of("LeakyRelu", [X], ("alpha", 0.3f)));
        yield return ("Elu slope", Of("Elu", [X], ("alpha", 0.7f)));
        yield return ("HardSigmoid settings", Of("HardSigmoid", [X], ("alpha", 0.3f), ("beta", 0.4f)));
        yield return ("Clip", Of("Clip", [X, Tensor.From([-0.3f]), Tensor.From([0.5f])]));
        yield return ("Clip above", Of("Clip", [X, null, Tensor.From([0.5f])]));
        yield return ("Clip of version 6", Of("Clip", [X], ("min", 0f), ("max", 0.5f)) with { Opset = 6 });
        yield return ("Where", Of("Where", [Conditions(1, 0, 0, 1), X, Column]));
        yield return ("Where whole", Of("Where", [Conditions(1, 0, 0), Whole([3], 1, 2, 3), Whole([1], 9)]));
        yield return ("Cast to whole", Of("Cast", [X], ("to", 7L)));
        yield return ("Cast to condition", Of("Cast", [X], ("to", 9L)));
        yield return ("Cast to float", Of("Cast", [Whole([3], 1, -2, 3)], ("to", 1L)));
        yield return ("CastLike", Of("CastLike", [X, Whole([1], 1)]));

        yield return ("Softmax last", Of("Softmax", [X]));
        yield return ("Softmax middle", Of("Softmax", [X], ("axis", 1L)));
        yield return ("Softmax of version 11", Of("Softmax", [X]) with { Opset = 11 });
        yield return ("LogSoftmax", Of("LogSoftmax", [X], ("axis", 0L)));

        yield return ("Shape of some", Of("Shape", [X], ("start", 1L), ("end", -1L)));
        yield return ("Constant", Of("Constant", [], ("value", Row)));
        yield return ("Constant floats", Of("Constant", [], ("value_floats", new[] { 1f, 2f })));
        yield return ("Constant whole", Of("Constant", [], ("value_int", 7L)));
        yield return ("ConstantOfShape", Of("ConstantOfShape", [Whole([2], 2, 3)]));
        yield return ("ConstantOfShape whole", Of("ConstantOfShape", [Whole([2], 2, 3)], ("value", Whole([1], 7))));
        yield return ("Range", Of("Range", [Tensor.From([1f]), Tensor.From([8f]), Tensor.From([2.5f])]));
        yield return ("Range whole", Of("Range", [Whole([], 9), Whole([], 2), Whole([], -3)]));
        yield return ("Dropout", Of("Dropout", [X]));
        yield return ("Reshape", Of("Reshape", [X, Whole([3], 0, -1, 2)]));
        yield return ("Flatten", Of("Flatten", [X], ("axis", 2L)));
        yield return ("Flatten all", Of("Flatten", [X], ("axis", 0L)));
        OnnxValue kernel = Floats(3, 6, 2, 3, 2), sequence3 = Floats(4, 2, 3, 8);
        yield return ("Conv", Of("Conv", [Picture, kernel, Floats(5, 6)], ("group", 2L), ("pads", new long[] { 1, 0, 2, 1 }), ("strides", new long[] { 2, 1 })));
        yield return ("Conv same", Of("Conv", [Picture, Floats(3, 2, 4, 3, 3)], ("auto_pad", "SAME_UPPER"), ("strides", new long[] { 2, 2 })));
        yield return ("Conv dilated sequence", Of("Conv", [sequence3, Floats(3, 4, 3, 3)], ("dilations", new long[] { 2 }), ("pads", new long[] { 1, 0 })));
        yield return ("ConvTranspose", Of("ConvTranspose", [Picture, Floats(3, 4, 2, 3, 3), Floats(5, 2)],
            ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }), ("output_padding", new long[] { 1, 0 })));
        yield return ("ConvTranspose sequence", Of("ConvTranspose", [sequence3, Floats(3, 3, 2, 4)], ("strides", new long[] { 2 })));
        yield return ("MaxPool", Of("MaxPool", [Picture], ("kernel_shape", new long[] { 3, 2 }), ("strides", new long[] { 2, 1 }), ("pads", new long[] { 1, 0, 1, 1 })));
        yield return ("MaxPool sequence", Of("MaxPool", [sequence3], ("kernel_shape", new long[] { 3 })));
        yield return ("AveragePool", Of("AveragePool", [Picture], ("kernel_shape", new long[] { 3, 3 }), ("auto_pad", "SAME_LOWER"), ("strides", new long[] { 2, 2 })));
        yield return ("AveragePool with padding", Of("AveragePool", [Picture], ("kernel_shape", new long[] { 2, 2 }), ("pads", new long[] { 1, 0, 0, 1 }), ("count_include_pad", 1L)));
        foreach (string name in (string[])["MaxPool", "AveragePool"])
        {
            yield return (name + " rounded up", Of(name, [Picture], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("ceil_mode", 1L), ("pads", new long[] { 0, 1, 0, 1 })));
            yield return (name + " without padding", Of(name, [Picture], ("kernel_shape", new long[] { 2, 3 }), ("strides", new long[] { 2, 2 })));
            yield return (name + " same", Of(name, [Picture], ("kernel_shape", new long[] { 3, 2 }), ("auto_pad", "SAME_UPPER")));
        }

        yield return ("Conv depthwise", Of("Conv", [Picture, Floats(2, 4, 1, 3, 3)], ("group", 4L), ("auto_pad", "SAME_LOWER"), ("strides", new long[] { 2, 2 })));
        yield return ("Conv valid", Of("Conv", [Picture, Floats(2, 6, 4, 2, 3)], ("auto_pad", "VALID"), ("dilations", new long[] { 1, 2 })));
        yield return ("ConvTranspose groups", Of("ConvTranspose", [Picture, Floats(2, 4, 3, 2, 3)], ("group", 2L)));
        yield return ("GlobalMaxPool", Of("GlobalMaxPool", [Picture]));
        yield return ("GlobalAveragePool", Of("GlobalAveragePool", [Picture]));
        yield return ("Squeeze", Of("Squeeze", [Floats(1, 1, 3, 1), Whole([1], 0)]));
        yield return ("Squeeze all", Of("Squeeze", [Floats(1, 1, 3, 1)]));
        yield return ("Squeeze of version 11", Of("Squeeze", [Floats(1, 1, 3, 1)], ("axes", new long[] { 2 })) with { Opset = 11 });
        yield return ("Unsqueeze", Of("Unsqueeze", [Row, Whole([2], 0, -1)]));
        yield return ("Transpose", Of("Transpose", [X], ("perm", new long[] { 2, 0, 1 })));
        yield return ("Transpose all", Of("Transpose", [X]));
        yield return ("Transpose whole", Of("Transpose", [Whole([2, 3], 1, 2, 3, 4, 5, 6)]));
        yield return ("Concat", Of("Concat", [X, Floats(5, 2, 2, 4)], ("axis", 1L)));
        yield return ("Concat whole", Of("Concat", [Whole([1], 5), Whole([2], 6, 7)], ("axis", 0L)));
        yield return ("Split", Of("Split", [X, Whole([2], 1, 3)], ("axis", 2L)) with { Outputs = 2 });
        yield return ("Split evenly", Of("Split", [X], ("axis", 1L), ("num_outputs", 2L)) with { Outputs = 2 });
        yield return ("Slice", Of("Slice", [X, Whole([2], 1, -3), Whole([2], 3, -1), Whole([2], 1, 2)]));
        yield return ("Slice back", Of("Slice", [X, Whole([1], -1), Whole([1], long.MinValue), Whole([1], 2), Whole([1], -2)]));
        yield return ("Slice of version 9", Of("Slice", [X], ("starts", new long[] { 1 }), ("ends", new long[] { 9 }), ("axes", new long[] { 1 })) with { Opset = 9 });
        yield return ("Expand", Of("Expand", [Column, Whole([3], 2, 1, 4)]));
        yield return ("Tile", Of("Tile", [Floats(6, 2, 3), Whole([2], 2, 3)]));
        yield return ("Gather", Of("Gather", [X, Whole([2, 2], 0, 2, -1, 1)], ("axis", 1L)));
        yield return ("Gather one", Of("Gather", [X, Whole([], 1)], ("axis", 2L)));
        yield return ("Gather whole", Of("Gather", [Whole([3], 5, 6, 7), Whole([2], 2, 0)]));
        yield return ("Pad", Of("Pad", [Floats(7, 2, 3), Whole([4], 0, 1, 2, 0), Tensor.From([0.5f])]));
        yield return ("Pad reflect", Of("Pad", [Floats(7, 2, 4), Whole([4], 1, 2, 0, 3)], ("mode", "reflect")));
        yield return ("Pad edge", Of("Pad", [Floats(7, 2, 4), Whole([4], 1, 2, 0, 3)], ("mode", "edge")));
        yield return ("Pad cuts", Of("Pad", [Floats(7, 2, 4), Whole([4], 0, -1, 0, 2)]));
        yield return ("TopK", Of("TopK", [X, Whole([1], 2)]) with { Outputs = 2 });
        yield return ("TopK smallest", Of("TopK", [X, Whole([1], 2)], ("axis", 1L), ("largest", 0L)) with { Outputs = 2 });
        yield return ("TopK whole", Of("TopK", [Whole([5], Large + 1, Large, -Large - 3, Large + 3, Large + 2), Whole([1], 3)]) with { Outputs = 2 });
        yield return ("ArgMax whole", Of("ArgMax", [Whole([2, 2], Large, Large + 1, Large + 3, Large + 2)], ("axis", 1L)));
        yield return ("ArgMin whole", Of("ArgMin", [Whole([2, 2], Large + 1, Large, Large + 2, Large + 3)], ("axis", 1L)));
        yield return ("CumSum whole", Of("CumSum", [Whole([2, 3], Large + 1, 1, 1, 3, 4, 5), Whole([], 1)]));
        yield return ("CumSum whole reverse", Of("CumSum", [Whole([3, 2], Large + 1, 1, 1, 3, 4, 5), Whole([], 0)], ("reverse", 1L)));
        yield return ("Pad whole", Of("Pad", [Whole([2, 2], Large + 1, Large + 3, 5, 7), Whole([4], 1, 0, 0, 2), Whole([], Large + 5)]));
        yield return ("Clip whole", Of("Clip", [Whole([3], 5, Large + 1, Large + 7), Whole([], 6), Whole([], Large + 3)]));
        yield return ("Clip with bounds the wrong way around", Of("Clip", [X, Tensor.From([0.5f]), Tensor.From([-0.3f])]) with { Opset = 13 });
        yield return ("Mod whole with the sign of the first", Of("Mod", [Whole([4], 7, -8, 9, -9), Whole([4], 5, 5, -5, -5)], ("fmod", 1L)));
        yield return ("Pow whole", Of("Pow", [Whole([4], 3, -3, 2, -1), Whole([4], 33, 31, 62, 7)]));
        yield return ("Less of neighbors", Of("Less", [Whole([2], Huge, Huge + 1), Whole([2], Huge + 1, Huge)]));
        yield return ("Range of large numbers", Of("Range", [Whole([], Large + 1), Whole([], Large + 6), Whole([], 3)]));
        yield return ("Sign whole", Of("Sign", [Whole([3], -Large, 0, 7)]));
        yield return ("ReduceMean whole", Of("ReduceMean", [Whole([2, 2], Large + 1, Large + 3, -3, -4), Whole([1], 1)]));
        yield return ("ReduceL1 whole", Of("ReduceL1", [Whole([2, 2], Large + 1, -3, -3, -4), Whole([1], 1)]));
        yield return ("ReduceSumSquare whole", Of("ReduceSumSquare", [Whole([2, 2], Large + 1, -3, -3, -4), Whole([1], 1)]));
        yield return ("ArgMax", Of("ArgMax", [X], ("axis", 1L)));
        yield return ("ArgMax without axis", Of("ArgMax", [X], ("axis", -1L), ("keepdims", 0L)));
        yield return ("ArgMin", Of("ArgMin", [X]));
        yield return ("CumSum", Of("CumSum", [X, Whole([], 1)]));
        yield return ("CumSum reverse", Of("CumSum", [X, Whole([], 2)], ("reverse", 1L)));

        yield return ("Trilu lower", Of("Trilu", [X, Whole([], -1)], ("upper", 0L)));
        yield return ("Trilu whole", Of("Trilu", [Whole([2, 3], 1, 2, 3, 4, 5, 6), Whole([], 1)]));

        yield return ("MatMul", Of("MatMul", [Floats(1, 3, 4), Floats(2, 4, 5)]));
        yield return ("MatMul batches", Of("MatMul", [Floats(1, 2, 1, 3, 4), Floats(2, 5, 4, 2)]));
        yield return ("MatMul vector", Of("MatMul", [Floats(1, 4), Floats(2, 5, 4, 2)]));
        yield return ("MatMul by vector", Of("MatMul", [Floats(1, 5, 3, 4), Floats(2, 4)]));
        yield return ("MatMul vectors", Of("MatMul", [Floats(1, 4), Floats(2, 4)]));
        yield return ("Gemm", Of("Gemm", [Floats(1, 3, 4), Floats(2, 4, 5), Floats(3, 5)]));
        yield return ("Gemm settings", Of("Gemm", [Floats(1, 4, 3), Floats(2, 5, 4), Floats(3, 3, 1)], ("transA", 1L), ("transB", 1L), ("alpha", 0.5f), ("beta", 2f)));
        yield return ("Gemm without c", Of("Gemm", [Floats(1, 3, 4), Floats(2, 4, 5)]));
        yield return ("BatchNormalization", Of("BatchNormalization", [Picture, Floats(1, 4), Floats(2, 4), Floats(3, 4), Positive(4)], ("epsilon", 1e-3f)));
        yield return ("LayerNormalization", Of("LayerNormalization", [X, Floats(1, 4), Floats(2, 4)]));
        yield return ("LayerNormalization of two axes", Of("LayerNormalization", [X, Floats(1, 3, 4)], ("axis", 1L), ("epsilon", 1e-2f)));
        yield return ("InstanceNormalization", Of("InstanceNormalization", [Picture, Floats(1, 4), Floats(2, 4)]));

        foreach ((string name, int gates) in ((string, int)[])[("LSTM", 4), ("GRU", 3), ("RNN", 1)])
        {
            OnnxValue sequence = Floats(1, 5, 2, 3), input = Floats(2, 1, gates * 4, 3), hidden = Floats(3, 1, gates * 4, 4), bias = Floats(4, 1, 2 * gates * 4);
            OnnxValue bothInput = Floats(5, 2, gates * 4, 3), bothHidden = Floats(6, 2, gates * 4, 4), bothBias = Floats(7, 2, 2 * gates * 4), state = Floats(8, 1, 2, 4), bothState = Floats(9, 2, 2, 4);
            OnnxValue?[] initial = gates == 4 ? [state, state] : [state], bothInitial = gates == 4 ? [bothState, bothState] : [bothState];
            (string, object)[] settings = gates == 3 ? [("hidden_size", 4L), ("linear_before_reset", 1L)] : [("hidden_size", 4L)];
            int outputs = gates == 4 ? 3 : 2;
            yield return (name, Of(name, [sequence, input, hidden], settings) with { Outputs = outputs });
            yield return (name + " reverse", Of(name, [sequence, input, hidden, bias, null, .. initial], [.. settings, ("direction", "reverse")]) with { Outputs = outputs });
            yield return (name + " both ways", Of(name, [sequence, bothInput, bothHidden, bothBias, null, .. bothInitial], [.. settings, ("direction", "bidirectional")]) with { Outputs = outputs });
            if (gates == 3)
            {
                yield return ("GRU of the paper", Of("GRU", [sequence, bothInput, bothHidden, bothBias, null, bothState], ("hidden_size", 4L), ("direction", "bidirectional")) with { Outputs = 2 });
                yield return ("GRU of the paper, reverse", Of("GRU", [sequence, input, hidden], ("hidden_size", 4L), ("direction", "reverse")) with { Outputs = 2 });
            }
        }

        OnnxValue scales = Tensor.From([1, 1, 1.5f, 2.3f], 4), sizes = Whole([4], 1, 4, 9, 5);
        foreach (string mode in (string[])["nearest", "linear"])
        {
            foreach (string transformation in (string[])["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"])
            {
                yield return ($"Resize {mode} {transformation}", Of("Resize", [Picture, null, scales], ("mode", mode), ("coordinate_transformation_mode", transformation)));
                yield return ($"Resize {mode} {transformation} sizes", Of("Resize", [Picture, null, null, sizes], ("mode", mode), ("coordinate_transformation_mode", transformation)));
            }
        }

        yield return ("Upsample", Of("Upsample", [Picture, scales], ("mode", "linear")) with { Opset = 9 });
        foreach (string rounding in (string[])["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"])
        {
            yield return ($"Resize {rounding}", Of("Resize", [Picture, null, scales], ("nearest_mode", rounding), ("coordinate_transformation_mode", "asymmetric")));
        }
    }

    private static Case Of(string name, OnnxValue?[] inputs, params (string, object)[] attributes) => new(name, inputs, attributes);

    private static OnnxValue Floats(int seed, params int[] shape) => Tensor.From(Samples.Normal(seed, Tensor.Product(shape)), shape);

    private static OnnxValue Positive(params int[] shape) =>
        Tensor.From(Array.ConvertAll(Samples.Normal(7, Tensor.Product(shape)), x => MathF.Abs(x) + 0.2f), shape);

    private static OnnxValue Whole(int[] shape, params long[] numbers) => OnnxValue.From(numbers, shape);

    private static OnnxValue Conditions(params long[] numbers) => OnnxValue.Whole64(numbers, [numbers.Length], isBoolean: true);
}
