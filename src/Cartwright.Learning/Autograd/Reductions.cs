using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Autograd;

/// <summary>Some axes of a tensor brought down to one number each. No axis named means all of them.</summary>
public static class Reductions
{
    /// <summary>The sum over some axes.</summary>
    /// <param name="axes">From 0, or from −1 for the last; none means all.</param>
    /// <param name="keepsAxes">Leaves the axes with size 1, so that the result broadcasts to x.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor Sum(this Tensor x, ReadOnlySpan<int> axes, bool keepsAxes = false)
    {
        bool[] isReduced = Axes.Mark(axes, x.Rank);
        int[] kept = KeptShape(x, isReduced);
        Tensor sum = Tensor.Result(Shape(kept, isReduced, keepsAxes), [x], sum => AddRepeated<BinaryFunctions.One>(x, kept, sum.Gradient, sum.Gradient));
        AxisReduceKernel.Reduce<AxisReduceKernel.Sum>(x.Dimensions, isReduced, x.Values, sum.Output);
        Record(sum, "ReduceSum", x, isReduced, keepsAxes);
        return sum;
    }

    /// <summary>The mean over some axes; NaN of no numbers.</summary>
    /// <param name="axes">From 0, or from −1 for the last; none means all.</param>
    /// <param name="keepsAxes">Leaves the axes with size 1.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor Mean(this Tensor x, ReadOnlySpan<int> axes, bool keepsAxes = false)
    {
        Tensor sum = x.Sum(axes, keepsAxes);
        return sum.Scale(sum.Length / (float)x.Length);
    }

    /// <summary>The largest over some axes; −∞ of no numbers. Equals share the gradient.</summary>
    /// <param name="axes">From 0, or from −1 for the last; none means all.</param>
    /// <param name="keepsAxes">Leaves the axes with size 1.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor Max(this Tensor x, ReadOnlySpan<int> axes, bool keepsAxes = false) =>
        Extreme<AxisReduceKernel.Max>(x, axes, keepsAxes, "ReduceMax");

    /// <summary>The smallest over some axes; ∞ of no numbers. Equals share the gradient.</summary>
    /// <param name="axes">From 0, or from −1 for the last; none means all.</param>
    /// <param name="keepsAxes">Leaves the axes with size 1.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor Min(this Tensor x, ReadOnlySpan<int> axes, bool keepsAxes = false) =>
        Extreme<AxisReduceKernel.Min>(x, axes, keepsAxes, "ReduceMin");

    /// <summary>√ Σ x² over some axes. The gradient is 0 where the length is.</summary>
    /// <param name="axes">From 0, or from −1 for the last; none means all.</param>
    /// <param name="keepsAxes">Leaves the axes with size 1.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor L2Norm(this Tensor x, ReadOnlySpan<int> axes, bool keepsAxes = false)
    {
        bool[] isReduced = Axes.Mark(axes, x.Rank);
        int[] kept = KeptShape(x, isReduced);
        Tensor norm = Tensor.Result(Shape(kept, isReduced, keepsAxes), [x], norm => AddRepeated<BinaryFunctions.LengthByNumber>(x, kept, norm.Values, norm.Gradient));
        Tensor squares = Tensor.Uninitialized(x.Dimensions);
        TensorPrimitives.Multiply(x.Values, x.Values, squares.Output);
        AxisReduceKernel.Reduce<AxisReduceKernel.Sum>(x.Dimensions, isReduced, squares.Values, norm.Output);
        TensorPrimitives.Sqrt(norm.Values, norm.Output);
        Record(norm, "ReduceL2", x, isReduced, keepsAxes);
        return norm;
    }

    /// <summary>The product over some axes; 1 of no numbers.</summary>
    /// <param name="axes">From 0, or from −1 for the last; none means all.</param>
    /// <param name="keepsAxes">Leaves the axes with size 1.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Tensor Prod(this Tensor x, ReadOnlySpan<int> axes, bool keepsAxes = false)
    {
        bool[] isReduced = Axes.Mark(axes, x.Rank);
        int[] kept = KeptShape(x, isReduced);
        int rows = Tensor.Product(kept);
        Tensor sorted = x.Transpose([.. Enumerable.Range(0, x.Rank).OrderBy(axis => isReduced[axis])])
            .Reshape(rows, rows == 0 ? 0 : x.Length / rows);
        int columns = sorted.Shape[1];
        Tensor product = Tensor.Result(Shape(kept, isReduced, keepsAxes), [sorted],
            product => RowProductKernel.Backward(product.Gradient, sorted.Values, sorted.GradientSum, rows, columns));
        RowProductKernel.Forward(sorted.Values, product.Output, rows, columns);
        if (OperationTrace.Current is { } trace)
        {
            TracedValue products = trace.Node("ReduceProd", [sorted, (int[])[1]], ("keepdims", 0L));
            trace.Record(product, "Reshape", [products, product.Dimensions.ToArray()]);
        }

        return product;
    }

    private static Tensor Extreme<TReduction>(Tensor x, ReadOnlySpan<int> axes, bool keepsAxes, string onnxType)
        where TReduction : struct, IReduction
    {
        bool[] isReduced = Axes.Mark(axes, x.Rank);
        int[] kept = KeptShape(x, isReduced);
        Tensor extreme = Tensor.Result(Shape(kept, isReduced, keepsAxes), [x], extreme =>
        {
            Tensor isExtreme = Tensor.Uninitialized(x.Dimensions);
            Tensor share = Tensor.Uninitialized(kept);
            BroadcastKernel.Apply<BinaryFunctions.IsEqual>(Loop(x, kept), x.Values, extreme.Values, isExtreme.Output);
            AxisReduceKernel.Reduce<AxisReduceKernel.Sum>(x.Dimensions, isReduced, isExtreme.Values, share.Output);
            TensorPrimitives.Divide(extreme.Gradient, share.Values, share.Output);
            AddRepeated<BinaryFunctions.IsEqual>(x, kept, extreme.Values, share.Values);
        });
        AxisReduceKernel.Reduce<TReduction>(x.Dimensions, isReduced, x.Values, extreme.Output);
        Record(extreme, onnxType, x, isReduced, keepsAxes);
        return extreme;
    }

    private static void Record(Tensor result, string onnxType, Tensor x, bool[] isReduced, bool keepsAxes)
    {
        if (OperationTrace.Current is { } trace)
        {
            int[] axes = [.. Enumerable.Range(0, isReduced.Length).Where(axis => isReduced[axis])];
            trace.Record(result, onnxType, [x, axes], ("keepdims", keepsAxes ? 1L : 0L));
        }
    }

    /// <summary>Adds gradient · slope(x, y) to the gradient of x, y and the gradient repeated along the reduced axes.</summary>
    private static void AddRepeated<TSlope>(Tensor x, int[] kept, ReadOnlySpan<float> y, ReadOnlySpan<float> gradient)
        where TSlope : struct, IBinaryFunction
    {
        Tensor repeated = Tensor.Uninitialized(x.Dimensions);
        BroadcastKernel.ApplyTimes<TSlope>(Loop(x, kept), x.Values, y, gradient, repeated.Output);
        Arithmetic.AddGradient(x, repeated.Values);
    }

    private static StridedLoop Loop(Tensor x, int[] kept)
    {
        int[] strides = StridedLoop.Broadcast(kept, x.Dimensions);
        return new StridedLoop(x.Dimensions, StridedLoop.Contiguous(x.Dimensions), strides, strides);
    }

    /// <summary>The shape of x with size 1 where it is reduced.</summary>
    private static int[] KeptShape(Tensor x, bool[] isReduced)
    {
        int[] shape = x.Dimensions.ToArray();
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = isReduced[axis] ? 1 : shape[axis];
        }

        return shape;
    }

    private static int[] Shape(int[] kept, bool[] isReduced, bool keepsAxes) =>
        keepsAxes ? kept : [.. kept.Where((_, axis) => !isReduced[axis])];
}
