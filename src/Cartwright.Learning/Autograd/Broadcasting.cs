using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Functions of two tensors whose shapes broadcast, and reading a tensor as a larger one.</summary>
public static class Broadcasting
{
    /// <summary>Repeats axes of size 1, and puts further axes in front, until the tensor has the shape given.</summary>
    /// <exception cref="ShapeException">An axis is neither of the size asked for nor 1.</exception>
    public static Tensor Expand(this Tensor x, params ReadOnlySpan<int> shape)
    {
        if (x.Dimensions.SequenceEqual(shape))
        {
            return x;
        }

        var loop = new StridedLoop(shape, StridedLoop.Broadcast(x.Dimensions, shape), StridedLoop.Contiguous(shape));
        Tensor expanded = Tensor.Result(shape, [x], expanded => AddReduced(x, expanded.Dimensions, expanded.Gradient));
        StridedCopyKernel.Copy(loop, x.Values, expanded.Output);
        if (OperationTrace.Current is { } trace)
        {
            // An axis that isn't repeated is a 1 there, so that it may have any size.
            int[] repeats = shape.ToArray();
            for (int i = 1; i <= x.Rank; i++)
            {
                repeats[^i] = x.Dimensions[^i] == repeats[^i] ? 1 : repeats[^i];
            }

            trace.Record(expanded, "Expand", [x, repeats]);
        }

        return expanded;
    }

    /// <summary>f(x, y), with the slopes of f by the first and by the second.</summary>
    /// <param name="onnxType">What f is called in ONNX.</param>
    internal static Tensor Apply<TFunction, TByFirst, TBySecond>(Tensor x, Tensor y, string onnxType)
        where TFunction : struct, IBinaryFunction
        where TByFirst : struct, IBinaryFunction
        where TBySecond : struct, IBinaryFunction
    {
        int[] shape = StridedLoop.BroadcastShape(x.Dimensions, y.Dimensions);
        int[] strides = StridedLoop.Contiguous(shape);
        var loop = new StridedLoop(shape, StridedLoop.Broadcast(x.Dimensions, shape), StridedLoop.Broadcast(y.Dimensions, shape), strides);
        Tensor result = Tensor.Result(shape, [x, y], result =>
        {
            AddGradient<TByFirst>(loop, x, x, y, result);
            AddGradient<TBySecond>(loop, y, x, y, result);
        });
        BroadcastKernel.Apply<TFunction>(loop, x.Values, y.Values, result.Output);
        OperationTrace.Current?.Record(result, onnxType, [x, y]);
        return result;
    }

    private static void AddGradient<TSlope>(StridedLoop loop, Tensor target, Tensor x, Tensor y, Tensor result)
        where TSlope : struct, IBinaryFunction
    {
        if (target.RequiresGradient)
        {
            Tensor gradient = Tensor.Uninitialized(result.Dimensions);
            BroadcastKernel.ApplyTimes<TSlope>(loop, x.Values, y.Values, result.Gradient, gradient.Output);
            AddReduced(target, result.Dimensions, gradient.Values);
        }
    }

    /// <summary>Adds a gradient of a shape that the tensor broadcasts to: what was repeated gets the sum.</summary>
    internal static void AddReduced(Tensor x, ReadOnlySpan<int> shape, ReadOnlySpan<float> gradient)
    {
        if (x.Length == gradient.Length)
        {
            Arithmetic.AddGradient(x, gradient);
            return;
        }

        int missing = shape.Length - x.Rank;
        Span<bool> isReduced = stackalloc bool[shape.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            isReduced[axis] = axis < missing || x.Dimensions[axis - missing] != shape[axis];
        }

        AxisReduceKernel.Add<AxisReduceKernel.Sum>(shape, isReduced, gradient, x.GradientSum);
    }
}
