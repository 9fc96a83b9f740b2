using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>Matrix products, normalization and resizing.</summary>
internal static class OnnxProducts
{
    public static void AddTo(Dictionary<string, Func<OnnxCall, OnnxValue[]>> operators)
    {
        operators["MatMul"] = call => [MatMul(call.Tensor(0), call.Tensor(1))];
        operators["Gemm"] = Gemm;
        operators["BatchNormalization"] = BatchNormalization;
        operators["LayerNormalization"] = LayerNormalization;
        operators["InstanceNormalization"] = InstanceNormalization;
        operators["Resize"] = operators["Upsample"] = Resize;
    }

    private static Tensor MatMul(Tensor x, Tensor y)
    {
        // A vector is a row on the left and a column on the right; its axis goes again.
        if (x.Rank == 1)
        {
            return MatMul(x.Unsqueeze(0), y).Squeeze(y.Rank == 1 ? 0 : -2);
        }

        return y.Rank == 1 ? x.MatMul(y.Unsqueeze(1)).Squeeze(-1) : x.MatMul(y);
    }

    private static OnnxValue[] Gemm(OnnxCall call)
    {
        Tensor a = call.Int("transA", 0) == 1 ? call.Tensor(0).Transpose() : call.Tensor(0);
        Tensor product = a.MatMul(call.Tensor(1), call.Int("transB", 0) == 1);
        product = call.Float("alpha", 1) is var alpha and not 1 ? product * alpha : product;
        if (call.OptionalTensor(2) is { } c)
        {
            product += call.Float("beta", 1) is var beta and not 1 ? c * beta : c;
        }

        return [product];
    }

    /// <summary>With the stored mean and variance, which stay as they are while gain and bias may be tuned.</summary>
    private static OnnxValue[] BatchNormalization(OnnxCall call)
    {
        OnnxCall.Expect(call.Int("training_mode", 0) == 0, "Batch normalization in training mode");
        return [call.Tensor(0).BatchNorm(call.Tensor(1), call.Tensor(2), call.Tensor(3), call.Tensor(4), call.Float("epsilon", 1e-5f))];
    }

    private static OnnxValue[] LayerNormalization(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        OnnxCall.Expect(call.Node.Outputs.Count == 1, "The mean and the deviation of a layer normalization");
        int size = Tensor.Product(x.Dimensions[call.Axis(-1, x.Rank)..]);
        Tensor gain = call.Tensor(1).Expand([.. x.Dimensions[call.Axis(-1, x.Rank)..]]).Reshape(size);
        Tensor bias = call.OptionalTensor(2)?.Expand([.. x.Dimensions[call.Axis(-1, x.Rank)..]]).Reshape(size) ?? Tensor.Zeros(size);
        return [x.Reshape(size == 0 ? 0 : x.Length / size, size).LayerNorm(gain, bias, call.Float("epsilon", 1e-5f)).Reshape(x.Dimensions)];
    }

    private static OnnxValue[] InstanceNormalization(OnnxCall call)
    {
        Tensor x = call.Tensor(0);
        int size = Tensor.Product(x.Dimensions[2..]);
        Tensor ones = Tensor.Zeros(size);
        ones.Output.Fill(1);
        Tensor normal = x.Reshape(x.Dimensions[0] * x.Dimensions[1], size).LayerNorm(ones, Tensor.Zeros(size), call.Float("epsilon", 1e-5f)).Reshape(x.Dimensions);
        return [(normal * OfChannels(call.Tensor(1), x.Rank)) + OfChannels(call.Tensor(2), x.Rank)];
    }

    /// <summary>[channels] as [channels, 1, …], which stands beside [batch, channels, …].</summary>
    private static Tensor OfChannels(Tensor x, int rank) => x.Reshape([x.Length, .. Enumerable.Repeat(1, rank - 2)]);

    private static OnnxValue[] Resize(OnnxCall call)
    {
        bool isOld = call.Node.Operator == "Upsample" || call.Opset < 11;
        Tensor x = call.Tensor(0);
        OnnxCall.Expect(call.Text("keep_aspect_ratio_policy", "stretch") == "stretch", "Resizing that keeps the aspect ratio");
        OnnxCall.Expect(call.Int("antialias", 0) == 0, "Resizing with antialiasing");
        int[] axes = call.Ints("axes") ?? [.. Enumerable.Range(0, x.Rank)];
        float[]? scales = call.OptionalTensor(isOld ? 1 : 2) is { Length: > 0 } given ? given.ToArray() : null;
        int[]? sizes = isOld ? null : call.Optional(3)?.AsInts();
        OnnxCall.Expect((scales?.Length ?? sizes?.Length) == axes.Length, "Resizing without a scale or a size for every axis");
        if (Array.Exists(scales ?? [], scale => !(scale > 0 && float.IsFinite(scale))))
        {
            throw new ShapeException($"'scales' is {string.Join(", ", scales!)}; each number has to be more than 0.");
        }

        _ = OnnxCall.Within("sizes", 0, int.MaxValue, sizes ?? []);
        string mode = call.Text("mode", "nearest");
        string transformation = call.Text("coordinate_transformation_mode", isOld ? "asymmetric" : "half_pixel");
        string rounding = call.Text("nearest_mode", isOld ? "floor" : "round_prefer_floor");
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = OnnxCall.Axis("axes", axes[i], x.Rank);
            int size = x.Dimensions[axis], newSize = sizes?[i] ?? (int)Math.Floor((double)size * scales![i]);
            OnnxCall.Limited([.. x.Shape.Select((old, a) => a == axis ? newSize : (long)old)]);
            if (size == newSize && (scales?[i] ?? 1) == 1)
            {
                continue;
            }

            OnnxCall.Expect(size > 0, "Resizing of an axis without places");

            float scale = scales?[i] ?? newSize / (float)size;
            double[] places = [.. Enumerable.Range(0, newSize).Select(place => (double)Place(transformation, place, scale, size, newSize))];
            x = mode switch
            {
                "nearest" => x.Resample(axis, [.. places.Select(place => Math.Clamp(Round(rounding, place), 0, size - 1))], [], []),
                "linear" => x.ResampleLinear(axis, places),
                _ => throw new ShapeException($"Resizing of the kind '{mode}' is not computed here."),
            };
        }

        return [x];
    }

    /// <summary>Where a place of the result lies in the input. In floats, as ONNX Runtime: what lies between two places is rounded alike.</summary>
    private static float Place(string transformation, int place, float scale, int size, int newSize) => transformation switch
    {
        "half_pixel" => ((place + 0.5f) / scale) - 0.5f,
        "pytorch_half_pixel" => newSize > 1 ? ((place + 0.5f) / scale) - 0.5f : 0,
        "align_corners" => newSize > 1 ? place * (size - 1f) / (newSize - 1) : 0,
        "asymmetric" => place / scale,
        _ => throw new ShapeException($"Resizing with places that are '{transformation}' is not computed here."),
    };

    private static int Round(string rounding, double place) => rounding switch
    {
        "round_prefer_floor" => (int)Math.Ceiling(place - 0.5),
        "round_prefer_ceil" => (int)Math.Floor(place + 0.5),
        "floor" => (int)Math.Floor(place),
        "ceil" => (int)Math.Ceiling(place),
        _ => throw new ShapeException($"Rounding of the kind '{rounding}' is not computed here."),
    };
}
