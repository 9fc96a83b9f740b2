namespace Cartwright.Learning.Kernels;

/// <summary>The sum of a row up to each of its places.</summary>
internal static class RunningSumKernel
{
    /// <summary>Adds x[0] + … + x[j] to y[j] in every row, or from the end where <paramref name="isReverse"/>.</summary>
    public static void Add(ReadOnlySpan<float> x, Span<float> y, int rows, int columns, bool isReverse)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(y.Length, x.Length);
        for (int row = 0; row < rows; row++)
        {
            double sum = 0;
            for (int j = 0; j < columns; j++)
            {
                int place = (row * columns) + (isReverse ? columns - 1 - j : j);
                sum += x[place];
                y[place] += (float)sum;
            }
        }
    }
}
