namespace Cartwright.Learning.Kernels;

/// <summary>Solves the equations of one small symmetric positive definite matrix on the calling thread: A = L L', then L y = b and L' x = y.</summary>
internal static unsafe class CholeskyKernel
{
    /// <param name="a">[size, size]; the half below the diagonal is read, and overwritten by L.</param>
    /// <param name="b">[size]; overwritten by the solution.</param>
    /// <returns>False where the matrix is not positive definite.</returns>
    public static bool Solve(Span<float> a, Span<float> b, int size)
    {
        ShapeException.ThrowUnlessLength(a.Length, (long)size * size);
        ShapeException.ThrowUnlessLength(b.Length, size);
        fixed (float* l = a, x = b)
        {
            for (int i = 0; i < size; i++)
            {
                float* row = l + ((nint)i * size);
                for (int j = 0; j < i; j++)
                {
                    float* other = l + ((nint)j * size);
                    row[j] = (row[j] - Reduce.Dot(row, other, j)) / other[j];
                }

                float pivot = row[i] - Reduce.Dot(row, row, i);
                if (!(pivot > 0))
                {
                    return false;
                }

                row[i] = MathF.Sqrt(pivot);
                x[i] = (x[i] - Reduce.Dot(row, x, i)) / row[i];
            }

            for (int i = size - 1; i >= 0; i--)
            {
                float* row = l + ((nint)i * size);
                x[i] /= row[i];
                Reduce.AddScaled(row, -x[i], x, i);
            }
        }

        return true;
    }
}
