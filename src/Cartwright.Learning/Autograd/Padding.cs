using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>What stands around a tensor that is padded.</summary>
public enum PaddingKind
{
    /// <summary>One number everywhere.</summary>
    Constant,

    /// <summary>The tensor mirrored at its edge, which is not repeated: b a | b c d.</summary>
    Reflect,

    /// <summary>The number at the edge.</summary>
    Edge,
}

/// <summary>Room around a tensor.</summary>
public static class Padding
{
    /// <summary>Places before and after an axis. Fewer than none cut places off.</summary>
    /// <param name="axis">From 0, or from −1 for the last.</param>
    /// <param name="before">Places in front.</param>
    /// <param name="after">Places behind.</param>
    /// <param name="kind">What they hold.</param>
    /// <param name="value">The number of <see cref="PaddingKind.Constant"/>.</param>
    /// <exception cref="ShapeException">There is no such axis, or it is too short to be mirrored or cut that far.</exception>
    public static Tensor Pad(this Tensor x, int axis, int before, int after, PaddingKind kind = PaddingKind.Constant, float value = 0)
    {
        axis = Axes.Resolve(axis, x.Rank);
        if (before < 0 || after < 0)
        {
            int size = x.Dimensions[axis];
            x = x.Slice(axis, (int)Math.Clamp(-(long)before, 0, size), Math.Max(0, size + Math.Min(0, after)));
            (before, after) = (Math.Max(0, before), Math.Max(0, after));
        }

        if (before == 0 && after == 0)
        {
            return x;
        }

        return kind == PaddingKind.Constant
            ? Framed(x, axis, before, after, value)
            : x.Gather(axis, Places(x.Dimensions[axis], before, after, kind));
    }

    private static Tensor Framed(Tensor x, int axis, int before, int after, float value)
    {
        int[] shape = x.Dimensions.ToArray();
        int[] inner = StridedLoop.Contiguous(shape);
        shape[axis] = PaddedSize(shape[axis], before, after);
        int[] outer = StridedLoop.Contiguous(shape);
        int start = before * outer[axis];
        Tensor padded = Tensor.Result(shape, [x], padded =>
            StridedCopyKernel.Add(new StridedLoop(x.Dimensions, outer, inner), padded.Gradient[start..], x.GradientSum));
        padded.Output.Fill(value);
        StridedCopyKernel.Copy(new StridedLoop(x.Dimensions, inner, outer), x.Values, padded.Output[start..]);
        OperationTrace.Current?.Record(padded, "Pad", [x, (int[])[before, after], Tensor.From([value]), (int[])[axis]]);
        return padded;
    }

    private static int PaddedSize(int size, int before, int after) => (long)size + before + after is var padded && padded <= Array.MaxLength
        ? (int)padded : throw new ShapeException($"An axis with {size} places can't be padded by {before} and {after} places; {Array.MaxLength} in all are the most.");

    private static int[] Places(int size, int before, int after, PaddingKind kind)
    {
        int most = kind == PaddingKind.Reflect ? size - 1 : size == 0 ? 0 : int.MaxValue;
        if (before > most || after > most)
        {
            throw new ShapeException($"An axis with {size} places can't be padded by {before} and {after} places of the kind {kind}; {Math.Max(0, most)} are the most.");
        }

        int[] places = new int[PaddedSize(size, before, after)];
        for (int i = 0; i < places.Length; i++)
        {
            int place = i - before;
            places[i] = kind == PaddingKind.Edge ? Math.Clamp(place, 0, size - 1)
                : place < 0 ? -place
                : place >= size ? (2 * (size - 1)) - place
                : place;
        }

        return places;
    }
}
