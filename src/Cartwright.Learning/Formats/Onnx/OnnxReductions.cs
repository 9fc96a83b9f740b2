using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Formats.Onnx;

/// <summary>Operators that bring axes down to one number, and softmax along an axis.</summary>
internal static class OnnxReductions
{
    public static void AddTo(Dictionary<string, Func<OnnxCall, OnnxValue[]>> operators)
    {
        Reduction("ReduceSum", (x, axes, keeps) => x.Sum(axes, keeps), (x, axes, keeps) => OnnxIntegers.Reduce(x, axes, keeps, (a, b) => a + b));
        Reduction("ReduceProd", (x, axes, keeps) => x.Prod(axes, keeps), (x, axes, keeps) => OnnxIntegers.Reduce(x, axes, keeps, (a, b) => a * b));
        Reduction("ReduceMax", (x, axes, keeps) => x.Max(axes, keeps), (x, axes, keeps) => OnnxIntegers.Reduce(x, axes, keeps, Math.Max));
        Reduction("ReduceMin", (x, axes, keeps) => x.Min(axes, keeps), (x, axes, keeps) => OnnxIntegers.Reduce(x, axes, keeps, Math.Min));
        Reduction("ReduceMean", (x, axes, keeps) => x.Mean(axes, keeps), MeanOfWhole);
        Reduction("ReduceL1", (x, axes, keeps) => x.Abs().Sum(axes, keeps),
            (x, axes, keeps) => OnnxIntegers.Reduce(OnnxIntegers.Map(x, Math.Abs), axes, keeps, (a, b) => a + b));
        Reduction("ReduceL2", (x, axes, keeps) => x.L2Norm(axes, keeps));
        Reduction("ReduceSumSquare", (x, axes, keeps) => (x * x).Sum(axes, keeps),
            (x, axes, keeps) => OnnxIntegers.Reduce(OnnxIntegers.Map(x, number => number * number), axes, keeps, (a, b) => a + b));
        Reduction("ReduceLogSum", (x, axes, keeps) => x.Sum(axes, keeps).Log());
        Reduction("ReduceLogSumExp", LogSumExp);
        operators["Softmax"] = call => [AlongAxis(call, x => x.Softmax())];
        operators["LogSoftmax"] = call => [AlongAxis(call, x => x.LogSoftmax())];

        void Reduction(string name, Func<Tensor, int[], bool, Tensor> ofFloats, Func<OnnxValue, int[], bool, OnnxValue>? ofIntegers = null) => operators[name] = call =>
        {
            int[] axes = call.Ints("axes", 1) ?? [];
            _ = OnnxCall.MarkedAxes(axes, call[0].Sizes.Length);
            bool keeps = call.Int("keepdims", 1) == 1;
            if (axes.Length == 0 && call.Int("noop_with_empty_axes", 0) == 1)
            {
                return [call[0]];
            }

            return [call[0].IsFloat || ofIntegers is null ? ofFloats(call.Tensor(0), axes, keeps) : ofIntegers(call[0], axes, keeps)];
        };
    }

    /// <summary>The mean of whole numbers is one itself: what is behind the point goes.</summary>
    private static OnnxValue MeanOfWhole(OnnxValue x, int[] axes, bool keepsAxes)
    {
        OnnxValue sum = OnnxIntegers.Reduce(x, axes, keepsAxes, (a, b) => a + b);
        return OnnxIntegers.Map(sum, total => total / (x.Length / sum.Length));
    }

    private static Tensor LogSumExp(Tensor x, int[] axes, bool keepsAxes)
    {
        // Less the largest, which takes no gradient: it cancels.
        Tensor largest = x.Max(axes, keepsAxes: true);
        largest = Tensor.From(largest.Values, largest.Dimensions);
        Tensor sum = (x - largest).Exp().Sum(axes, keepsAxes).Log();
        return sum + largest.Reshape(sum.Dimensions);
    }

    private static Tensor AlongAxis(OnnxCall call, Func<Tensor, Tensor> ofRows)
    {
        Tensor x = call.Tensor(0);
        if (call.Opset < 13)
        {
            // Up to version 12 all axes from the one named count as one row.
            int first = call.Axis(1, x.Rank);
            return ofRows(x.Reshape(Tensor.Product(x.Dimensions[..first]), Tensor.Product(x.Dimensions[first..]))).Reshape(x.Dimensions);
        }

        int axis = call.Axis(-1, x.Rank);
        if (axis == x.Rank - 1)
        {
            return ofRows(x);
        }

        (int[] order, int[] back) = Axes.ToTheEnd(axis, x.Rank);
        return ofRows(x.Transpose(order)).Transpose(back);
    }
}
