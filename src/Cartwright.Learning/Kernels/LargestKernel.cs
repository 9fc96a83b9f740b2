namespace Cartwright.Learning.Kernels;

/// <summary>The largest few numbers of each row. NaN counts as larger than any number, as in PyTorch.</summary>
internal static class LargestKernel
{
    /// <summary>Numbers to find up to which a list kept in order is quicker than sorting the row.</summary>
    private const int FewEnough = 128;

    /// <summary>Writes the places of the <paramref name="count"/> largest of every row, the largest first, of equals the first.</summary>
    /// <param name="places">[rows, count], from 0 in each row.</param>
    public static void Find(ReadOnlySpan<float> x, Span<int> places, int rows, int columns, int count, bool isSmallest)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(places.Length, (long)rows * count);
        for (int row = 0; row < rows && count > 0; row++)
        {
            ReadOnlySpan<float> values = x.Slice(row * columns, columns);
            Span<int> best = places.Slice(row * count, count);
            if (count > FewEnough)
            {
                Sort(values, best, isSmallest);
                continue;
            }

            int found = 0;
            for (int j = 0; j < columns; j++)
            {
                if (found == count && !IsBefore(values[j], values[best[^1]], isSmallest))
                {
                    continue;
                }

                int at = found < count ? found++ : count - 1;
                for (; at > 0 && IsBefore(values[j], values[best[at - 1]], isSmallest); at--)
                {
                    best[at] = best[at - 1];
                }

                best[at] = j;
            }
        }
    }

    private static void Sort(ReadOnlySpan<float> values, Span<int> best, bool isSmallest)
    {
        float[] numbers = values.ToArray();
        int[] places = [.. Enumerable.Range(0, numbers.Length)];

        // CompareTo puts NaN below all numbers, so two comparisons are asked in its place.
        Array.Sort(places, (i, j) =>
            IsBefore(numbers[i], numbers[j], isSmallest) ? -1 : IsBefore(numbers[j], numbers[i], isSmallest) ? 1 : i.CompareTo(j));
        places.AsSpan(0, best.Length).CopyTo(best);
    }

    private static bool IsBefore(float x, float y, bool isSmallest) =>
        isSmallest ? x < y || (float.IsNaN(y) && !float.IsNaN(x)) : x > y || (float.IsNaN(x) && !float.IsNaN(y));
}
