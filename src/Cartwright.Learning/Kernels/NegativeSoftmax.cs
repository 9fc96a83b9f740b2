namespace Cartwright.Learning.Kernels;

/// <summary>The softmax over a row's negatives: all columns but the target's, whose share is 0.</summary>
internal static unsafe class NegativeSoftmax
{
    /// <summary>Writes e^(x[j] - max), the maximum over the negatives, and 0 at the target.</summary>
    /// <param name="copy">Room for a row; its content is lost.</param>
    /// <returns>The maximum, and the sum of what was written.</returns>
    public static (float Max, float Sum) Write(float* x, int target, float* copy, float* shares, int columns)
    {
        new ReadOnlySpan<float>(x, columns).CopyTo(new Span<float>(copy, columns));
        copy[target] = float.NegativeInfinity;
        float max = Reduce.Max(copy, columns);
        return (max, Exponentials.Write(copy, max, shares, columns));
    }

    public static void ThrowUnlessRows(int length, ReadOnlySpan<int> targets, int columns)
    {
        ShapeException.Require(
            length == (long)targets.Length * columns,
            $"There is one target for each row of scores; found {targets.Length} targets and {length} scores in rows of {columns}.");
        if (columns < 2 && targets.Length > 0)
        {
            throw new ShapeException($"Every row needs a target and at least one other column; there are {columns} columns.");
        }

        CrossEntropyKernel.ThrowUnlessColumns(targets, columns);
    }
}
