using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Matrix product row by row, for one to three rows: packing or tiling would cost more than it saves.</summary>
internal static unsafe class RowProduct
{
    /// <summary>Columns of B, each contiguous, that are asked for ahead: by itself the processor stops at the end of each page.</summary>
    private const int ColumnsAhead = 32;

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
                int j = b.RowStride == 1 && Vector.IsHardwareAccelerated ? AddDots(left, b, row, n, k) : 0;
                for (; j < n; j++)
                {
                    row[j] += Dot(left, b.From(0, j), k);
                }
            }
        }
    }

    /// <summary>Adds the products with as many columns of B as fours hold, four at once, each with the bits of <see cref="Reduce.Dot"/>.</summary>
    /// <returns>How many columns.</returns>
    private static int AddDots(float* x, MatrixView b, float* sums, int n, int k)
    {
        int width = Vector<float>.Count;
        int j = 0;
        for (; j <= n - 4; j += 4)
        {
            float* y0 = b.At(0, j), y1 = b.At(0, j + 1), y2 = b.At(0, j + 2), y3 = b.At(0, j + 3);
            if (j + ColumnsAhead < n)
            {
                Prefetch.Row(b.At(0, j + ColumnsAhead), k);
                Prefetch.Row(b.At(0, j + ColumnsAhead + 1), k);
                Prefetch.Row(b.At(0, j + ColumnsAhead + 2), k);
                Prefetch.Row(b.At(0, j + ColumnsAhead + 3), k);
            }

            Vector<float> even0 = default, even1 = default, even2 = default, even3 = default;
            Vector<float> odd0 = default, odd1 = default, odd2 = default, odd3 = default;
            int i = 0;
            for (; i <= k - (2 * width); i += 2 * width)
            {
                Vector<float> even = Vector.Load(x + i), odd = Vector.Load(x + i + width);
                even0 = Vector.MultiplyAddEstimate(even, Vector.Load(y0 + i), even0);
                odd0 = Vector.MultiplyAddEstimate(odd, Vector.Load(y0 + i + width), odd0);
                even1 = Vector.MultiplyAddEstimate(even, Vector.Load(y1 + i), even1);
                odd1 = Vector.MultiplyAddEstimate(odd, Vector.Load(y1 + i + width), odd1);
                even2 = Vector.MultiplyAddEstimate(even, Vector.Load(y2 + i), even2);
                odd2 = Vector.MultiplyAddEstimate(odd, Vector.Load(y2 + i + width), odd2);
                even3 = Vector.MultiplyAddEstimate(even, Vector.Load(y3 + i), even3);
                odd3 = Vector.MultiplyAddEstimate(odd, Vector.Load(y3 + i + width), odd3);
            }

            if (i <= k - width)
            {
                Vector<float> even = Vector.Load(x + i);
                even0 = Vector.MultiplyAddEstimate(even, Vector.Load(y0 + i), even0);
                even1 = Vector.MultiplyAddEstimate(even, Vector.Load(y1 + i), even1);
                even2 = Vector.MultiplyAddEstimate(even, Vector.Load(y2 + i), even2);
                even3 = Vector.MultiplyAddEstimate(even, Vector.Load(y3 + i), even3);
                i += width;
            }

            float sum0 = Vector.Sum(even0 + odd0), sum1 = Vector.Sum(even1 + odd1), sum2 = Vector.Sum(even2 + odd2), sum3 = Vector.Sum(even3 + odd3);
            for (; i < k; i++)
            {
                sum0 += x[i] * y0[i];
                sum1 += x[i] * y1[i];
                sum2 += x[i] * y2[i];
                sum3 += x[i] * y3[i];
            }

            sums[j] += sum0;
            sums[j + 1] += sum1;
            sums[j + 2] += sum2;
            sums[j + 3] += sum3;
        }

        return j;
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
