namespace Cartwright.Learning.Kernels;

/// <summary>Matrix product row by row, for one to three rows: packing or tiling would cost more than it saves.</summary>
internal static unsafe class RowProduct
{
    /// <summary>C = A·B, or C + A·B where <paramref name="accumulate"/>, on the calling thread.</summary>
    public static void Multiply(
        MatrixView a, MatrixView b, float* c, nint cStride, int m, int n, int k, bool accumulate)
    {
        for (int i = 0; i < m; i++)
        {
            float* row = c + (i * cStride);
            if (!accumulate)
            {
                new Span<float>(row, n).Clear();
            }

            if (b.ColumnStride == 1)
            {
                for (int p = 0; p < k; p++)
                {
                    Reduce.AddScaled(b.At(p, 0), *a.At(i, p), row, n);
                }
            }
            else
            {
                float* left = Contiguous(a.From(i, 0), k);
                for (int j = 0; j < n; j++)
                {
                    row[j] += Dot(left, b.From(0, j), k);
                }
            }
        }
    }

    private static float* Contiguous(MatrixView row, int k)
    {
        if (row.ColumnStride == 1)
        {
            return row.Data;
        }

        float* copy = Scratch.Take(Scratch.Use.PackedA, k);
        for (int p = 0; p < k; p++)
        {
            copy[p] = *row.At(0, p);
        }

        return copy;
    }

    private static float Dot(float* x, MatrixView column, int k)
    {
        if (column.RowStride == 1)
        {
            return Reduce.Dot(x, column.Data, k);
        }

        float sum = 0;
        for (int p = 0; p < k; p++)
        {
            sum += x[p] * *column.At(p, 0);
        }

        return sum;
    }
}
