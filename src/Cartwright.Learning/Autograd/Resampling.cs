using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Pictures, and any other grids, at another size.</summary>
public static class Resampling
{
    /// <summary>Every place gets the number of the nearest: along each axis, place i of the result reads ⌊i · size / newSize⌋, as PyTorch's "nearest".</summary>
    /// <param name="x">Any shape; a picture is [batch, channels, height, width].</param>
    /// <param name="sizes">Sizes of the last axes, as many as change; more than 0.</param>
    /// <exception cref="ShapeException">More sizes than axes, or a size below 1.</exception>
    public static Tensor ResizeNearest(this Tensor x, params ReadOnlySpan<int> sizes)
    {
        int first = FirstAxis(x, sizes);
        for (int i = 0; i < sizes.Length; i++)
        {
            int size = x.Dimensions[first + i], newSize = sizes[i];
            if (size != newSize)
            {
                x = x.Resample(first + i, [.. Enumerable.Range(0, newSize).Select(place => (int)((long)place * size / newSize))], [], []);
            }
        }

        return x;
    }

    /// <summary>Linear between the nearest places along each axis, places taken at their centers, as PyTorch's "bilinear" without aligned corners.</summary>
    /// <param name="x">Any shape; a picture is [batch, channels, height, width].</param>
    /// <param name="sizes">Sizes of the last axes, as many as change; more than 0.</param>
    /// <exception cref="ShapeException">More sizes than axes, or a size below 1.</exception>
    public static Tensor ResizeLinear(this Tensor x, params ReadOnlySpan<int> sizes)
    {
        int first = FirstAxis(x, sizes);
        for (int i = 0; i < sizes.Length; i++)
        {
            int size = x.Dimensions[first + i], newSize = sizes[i];
            if (size != newSize)
            {
                x = x.ResampleLinear(first + i, [.. Enumerable.Range(0, newSize).Select(place => ((place + 0.5) * size / newSize) - 0.5)]);
            }
        }

        return x;
    }

    /// <summary>Along one axis, the numbers at places that need not be whole: linear between two, the edge's number beyond it.</summary>
    internal static Tensor ResampleLinear(this Tensor x, int axis, double[] places)
    {
        int last = x.Dimensions[axis] - 1;
        double[] kept = Array.ConvertAll(places, place => Math.Clamp(place, 0, last));
        int[] low = Array.ConvertAll(kept, place => (int)place);
        return x.Resample(axis, low, Array.ConvertAll(low, place => Math.Min(place + 1, last)), [.. kept.Select((place, i) => (float)(place - low[i]))]);
    }

    /// <summary>Along one axis, place i of the result is x[low[i]] · (1 − share[i]) + x[high[i]] · share[i].</summary>
    internal static Tensor Resample(this Tensor x, int axis, int[] low, int[] high, float[] share)
    {
        (int outer, int size, int inner) = Axes.Around(x, axis);
        Tensor y = Tensor.Result([.. x.Dimensions[..axis], low.Length, .. x.Dimensions[(axis + 1)..]], [x], y =>
            AxisBlendKernel.Backward(y.Gradient, x.GradientSum, outer, size, inner, low, high, share));
        AxisBlendKernel.Forward(x.Values, y.Output, outer, size, inner, low, high, share);
        Record(y, x, axis, low, high, share);
        return y;
    }

    private static void Record(Tensor y, Tensor x, int axis, int[] low, int[] high, float[] share)
    {
        if (OperationTrace.Current is not { } trace)
        {
            return;
        }

        TracedValue first = trace.Node("Gather", [x, low], ("axis", (long)axis));
        if (high.Length == 0)
        {
            trace.Bind(y, first);
            return;
        }

        TracedValue difference = trace.Node("Sub", [trace.Node("Gather", [x, high], ("axis", (long)axis)), first]);
        Tensor weights = Tensor.From(share, [share.Length, .. Enumerable.Repeat(1, x.Rank - 1 - axis)]);
        trace.Record(y, "Add", [first, trace.Node("Mul", [difference, weights])]);
    }

    private static int FirstAxis(Tensor x, ReadOnlySpan<int> sizes)
    {
        foreach (int size in sizes)
        {
            if (size < 1)
            {
                throw new ShapeException($"An axis can't be resized to {size} places; 1 is the fewest.");
            }
        }

        return sizes.Length <= x.Rank
            ? x.Rank - sizes.Length
            : throw new ShapeException($"{sizes.Length} sizes were given to resize a tensor with {x.Rank} axes.");
    }
}
