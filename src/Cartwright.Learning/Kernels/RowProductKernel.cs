namespace Cartwright.Learning.Kernels;

/// <summary>The product of the numbers of each row.</summary>
internal static unsafe class RowProductKernel
{
    /// <summary>Writes the product of every row.</summary>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, int rows, int columns)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(y.Length, rows);
        for (int row = 0; row < rows; row++)
        {
            float product = 1;
            foreach (float value in x.Slice(row * columns, columns))
            {
                product *= value;
            }

            y[row] = product;
        }
    }

    /// <summary>Adds to gradX the product of the others of the row, times the gradient: right for zeros, too.</summary>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, Span<float> gradX, int rows, int columns)
    {
        ShapeException.ThrowUnlessLength(x.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(gradX.Length, x.Length);
        ShapeException.ThrowUnlessLength(gradY.Length, rows);
        float* before = Scratch.Take(Scratch.Use.Products, columns);
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> values = x.Slice(row * columns, columns);
            float product = 1;
            for (int j = 0; j < columns; j++)
            {
                before[j] = product;
                product *= values[j];
            }

            product = gradY[row];
            for (int j = columns - 1; j >= 0; j--)
            {
                gradX[(row * columns) + j] += before[j] * product;
                product *= values[j];
            }
        }
    }
}
