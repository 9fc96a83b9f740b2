using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Axes as callers name them: from 0, or from −1 for the last one.</summary>
internal static class Axes
{
    /// <summary>The axis counted from 0.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static int Resolve(int axis, int rank) => axis >= -rank && axis < rank
        ? axis < 0 ? axis + rank : axis
        : throw new ShapeException($"Axis {axis} was asked of a tensor with {rank} axes; they are counted from 0, or from -1 for the last.");

    /// <summary>For every axis of the tensor, whether it is one of those; all are where none is named.</summary>
    public static bool[] Mark(ReadOnlySpan<int> axes, int rank)
    {
        bool[] isMarked = new bool[rank];
        Array.Fill(isMarked, axes.IsEmpty);
        foreach (int axis in axes)
        {
            isMarked[Resolve(axis, rank)] = true;
        }

        return isMarked;
    }

    /// <summary>Sizes of the axes before an axis and of those after it, each multiplied.</summary>
    public static (int Outer, int Size, int Inner) Around(Tensor x, int axis) =>
        (Tensor.Product(x.Dimensions[..axis]), x.Dimensions[axis], Tensor.Product(x.Dimensions[(axis + 1)..]));

    /// <summary>The order of axes that puts one last and leaves the others, and the order that undoes it.</summary>
    public static (int[] Order, int[] Back) ToTheEnd(int axis, int rank)
    {
        int[] order = [.. Enumerable.Range(0, rank).Where(a => a != axis), axis];
        int[] back = [.. Enumerable.Range(0, axis), rank - 1, .. Enumerable.Range(axis, rank - 1 - axis)];
        return (order, back);
    }
}
