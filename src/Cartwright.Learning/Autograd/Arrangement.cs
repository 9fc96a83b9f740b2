using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>The same numbers in another order or another frame.</summary>
public static class Arrangement
{
    /// <summary>Axes in another order: axis i of the result is axis order[i] of x.</summary>
    /// <exception cref="ShapeException">The order does not name every axis once.</exception>
    public static Tensor Transpose(this Tensor x, params ReadOnlySpan<int> order)
    {
        int rank = x.Rank;
        int[] axes = [.. order];
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = Axes.Resolve(axes[i], rank);
        }

        ShapeException.Require(axes.Length == rank, $"A permutation of {x} names each of its {rank} axes once; found {axes.Length} axes.");
        ShapeException.Require(axes.Distinct().Count() == rank, $"A permutation of {x} names each of its {rank} axes once; found [{string.Join(", ", axes)}].");
        int[] contiguous = StridedLoop.Contiguous(x.Dimensions);
        int[] sizes = x.Dimensions.ToArray();
        Tensor transposed = View(x, Array.ConvertAll(axes, axis => sizes[axis]), Array.ConvertAll(axes, axis => contiguous[axis]), 0);
        OperationTrace.Current?.Record(transposed, "Transpose", [x], ("perm", Array.ConvertAll(axes, axis => (long)axis)));
        return transposed;
    }

    /// <summary>Places start, start + step, … before end along one axis.</summary>
    /// <param name="axis">From 0, or from −1 for the last.</param>
    /// <param name="start">The first place; negative counts from the end. Beyond the axis it is moved to its edge.</param>
    /// <param name="end">The place to stop before; negative counts from the end, beyond the axis is all of it.</param>
    /// <param name="step">Not 0; below 0 it walks back, down to the first place where <paramref name="end"/> is <see cref="int.MinValue"/>.</param>
    /// <exception cref="ShapeException">There is no such axis, or the step is 0.</exception>
    public static Tensor Slice(this Tensor x, int axis, int start, int end = int.MaxValue, int step = 1)
    {
        if (step == 0)
        {
            throw new ShapeException("A slice has a step of 0; it may be any other number.");
        }

        axis = Axes.Resolve(axis, x.Rank);
        int size = x.Dimensions[axis];
        (int first, int last) = step > 0 ? (0, size) : (-1, size - 1);
        long from = Math.Clamp(start < 0 ? (long)start + size : start, 0, Math.Max(0, last));
        long to = Math.Clamp(end < 0 ? (long)end + size : end, first, last);
        int count = (int)Math.Max(0, step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -(long)step);
        count = size == 0 ? 0 : count;
        int[] shape = x.Dimensions.ToArray();
        int[] strides = StridedLoop.Contiguous(shape);
        int offset = count == 0 ? 0 : (int)from * strides[axis];
        shape[axis] = count;
        strides[axis] = (int)Math.Clamp((long)strides[axis] * step, int.MinValue, int.MaxValue);
        Tensor slice = View(x, shape, strides, offset);
        OperationTrace.Current?.Record(slice, "Slice", [x, (int[])[start], (int[])[end], (int[])[axis], (int[])[step]]);
        return slice;
    }

    /// <summary>Tensors one after the other along an axis; their other axes are equal.</summary>
    /// <param name="axis">From 0, or from −1 for the last.</param>
    /// <exception cref="ShapeException">There is no tensor, no such axis, or another axis differs.</exception>
    public static Tensor Concat(int axis, params ReadOnlySpan<Tensor> tensors)
    {
        ShapeException.Require(!tensors.IsEmpty, $"There is no tensor to concatenate; give 1 or more.");
        axis = Axes.Resolve(axis, tensors[0].Rank);
        int[] shape = tensors[0].Dimensions.ToArray();
        shape[axis] = 0;
        Tensor[] parts = tensors.ToArray();
        foreach (Tensor part in parts)
        {
            int[] others = part.Dimensions.ToArray();
            ShapeException.Require(part.Rank == shape.Length, $"Tensors that are concatenated have equally many axes; found {tensors[0]} and {part}.");
            shape[axis] += others[axis];
            others[axis] = shape[axis];
            if (!others.SequenceEqual(shape))
            {
                throw new ShapeException($"{part} can't be put beside {parts[0]} along axis {axis}: the other axes have to be equal.");
            }
        }

        int[] strides = StridedLoop.Contiguous(shape);
        Tensor whole = Tensor.Result(shape, parts, whole =>
        {
            int start = 0;
            foreach (Tensor part in parts)
            {
                if (part.RequiresGradient && part.Length > 0)
                {
                    var loop = new StridedLoop(part.Dimensions, strides, StridedLoop.Contiguous(part.Dimensions));
                    StridedCopyKernel.Add(loop, whole.Gradient[start..], part.GradientSum);
                }

                start += part.Dimensions[axis] * strides[axis];
            }
        });
        int start = 0;
        foreach (Tensor part in parts)
        {
            if (part.Length > 0)
            {
                var loop = new StridedLoop(part.Dimensions, StridedLoop.Contiguous(part.Dimensions), strides);
                StridedCopyKernel.Copy(loop, part.Values, whole.Output[start..]);
            }

            start += part.Dimensions[axis] * strides[axis];
        }

        OperationTrace.Current?.Record(whole, "Concat", Array.ConvertAll(parts, part => (TracedInput)part), ("axis", (long)axis));
        return whole;
    }

    /// <summary>The parts of a tensor along an axis.</summary>
    /// <param name="axis">From 0, or from −1 for the last.</param>
    /// <param name="sizes">Sizes of the parts; together the size of the axis.</param>
    /// <exception cref="ShapeException">There is no such axis, or the sizes do not make it up.</exception>
    public static Tensor[] Split(this Tensor x, int axis, params ReadOnlySpan<int> sizes)
    {
        axis = Axes.Resolve(axis, x.Rank);
        var parts = new Tensor[sizes.Length];
        int start = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            parts[i] = x.Slice(axis, start, start + sizes[i]);
            start += sizes[i];
        }

        ShapeException.Require(
            start == x.Dimensions[axis],
            $"The parts have {start} places together, and axis {axis} of {x} has {x.Dimensions[axis]}.");
        return parts;
    }

    /// <summary>Drops an axis of size 1.</summary>
    /// <exception cref="ShapeException">There is no such axis, or it is larger.</exception>
    public static Tensor Squeeze(this Tensor x, int axis)
    {
        axis = Axes.Resolve(axis, x.Rank);
        ShapeException.Require(x.Dimensions[axis] == 1, $"An axis that is dropped has 1 place; axis {axis} of {x} has {x.Dimensions[axis]}.");
        return x.Reshape([.. x.Dimensions[..axis], .. x.Dimensions[(axis + 1)..]]);
    }

    /// <summary>Puts in an axis of size 1.</summary>
    /// <param name="axis">Where it stands in the result: from 0, or from −1 for the last.</param>
    /// <exception cref="ShapeException">The result has no such axis.</exception>
    public static Tensor Unsqueeze(this Tensor x, int axis)
    {
        axis = Axes.Resolve(axis, x.Rank + 1);
        return x.Reshape([.. x.Dimensions[..axis], 1, .. x.Dimensions[axis..]]);
    }

    /// <summary>A walk over x as a tensor of its own. It meets no place twice, so the gradient is added along the same walk.</summary>
    private static Tensor View(Tensor x, int[] shape, int[] strides, int offset)
    {
        int[] contiguous = StridedLoop.Contiguous(shape);
        Tensor view = Tensor.Result(shape, [x], view =>
            StridedCopyKernel.Add(new StridedLoop(shape, contiguous, strides), view.Gradient, x.GradientSum[offset..]));
        StridedCopyKernel.Copy(new StridedLoop(shape, strides, contiguous), x.Values[offset..], view.Output);
        return view;
    }
}
