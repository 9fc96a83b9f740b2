namespace Cartwright.Learning.Kernels;

/// <summary>The largest few numbers of each row.</summary>
internal static class LargestKernel
{
    /// <summary>Writes the places of the <paramref name="count"/> largest of every row, the largest first, of equals the first.</summary>
    /// <param name="places">[rows, count], from 0 in each row.</param>
    public static void Find(ReadOnlySpan<float> x, Span<int> places, int rows, int columns, int count, bool isSmallest)
    {
        ShapeException.ThrowUnlessEqual(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessEqual(places.Length, (long)rows * count);
        for (int row = 0; row < rows && count > 0; row++)
        {
            ReadOnlySpan<float> values = x.Slice(row * columns, columns);
            Span<int> best = places.Slice(row * count, count);
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

    private static bool IsBefore(float x, float y, bool isSmallest) => isSmallest ? x < y : x > y;
}
