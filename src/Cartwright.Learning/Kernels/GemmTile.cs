using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cartwright.Learning.Kernels;

/// <summary>The innermost product: a tile of C, 6 rows by 16 columns, held in registers while k runs.</summary>
/// <remarks>
/// 12 accumulators, two halves of a row of B and one element of A repeated: 15 or 16 vector registers of 8 floats.
/// </remarks>
internal static unsafe class GemmTile
{
    public const int Rows = 6;
    public const int Columns = 16;

    /// <summary>C = A·B, or C + A·B where <paramref name="accumulate"/>.</summary>
    /// <param name="a">Element (i, p) is <c>a[i * aRow + p * aColumn]</c>; 6 rows.</param>
    /// <param name="b">Element (p, j) is <c>b[p * bRow + j]</c>; 16 columns.</param>
    /// <param name="c">Element (i, j) is <c>c[i * cRow + j]</c>.</param>
    public static void Multiply(
        int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, bool accumulate)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            Multiply256(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (int j = 0; j < Columns; j += 8)
            {
                Multiply128(k, a, aRow, aColumn, b + j, bRow, c + j, cRow, accumulate);
            }
        }
        else
        {
            MultiplyScalar(k, a, aRow, aColumn, b, bRow, c, cRow, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply256(
        int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, bool accumulate)
    {
        Vector256<float> c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
        c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = Vector256<float>.Zero;

        float* a3 = a + (3 * aRow);
        for (; k > 0; k--)
        {
            Vector256<float> b0 = Vector256.Load(b);
            Vector256<float> b1 = Vector256.Load(b + 8);
            Vector256<float> x = Vector256.Create(*a);
            c00 = Vector256.MultiplyAddEstimate(x, b0, c00);
            c01 = Vector256.MultiplyAddEstimate(x, b1, c01);
            x = Vector256.Create(a[aRow]);
            c10 = Vector256.MultiplyAddEstimate(x, b0, c10);
            c11 = Vector256.MultiplyAddEstimate(x, b1, c11);
            x = Vector256.Create(a[2 * aRow]);
            c20 = Vector256.MultiplyAddEstimate(x, b0, c20);
            c21 = Vector256.MultiplyAddEstimate(x, b1, c21);
            x = Vector256.Create(*a3);
            c30 = Vector256.MultiplyAddEstimate(x, b0, c30);
            c31 = Vector256.MultiplyAddEstimate(x, b1, c31);
            x = Vector256.Create(a3[aRow]);
            c40 = Vector256.MultiplyAddEstimate(x, b0, c40);
            c41 = Vector256.MultiplyAddEstimate(x, b1, c41);
            x = Vector256.Create(a3[2 * aRow]);
            c50 = Vector256.MultiplyAddEstimate(x, b0, c50);
            c51 = Vector256.MultiplyAddEstimate(x, b1, c51);
            a += aColumn;
            a3 += aColumn;
            b += bRow;
        }

        Store(c, c00, c01, accumulate);
        Store(c + cRow, c10, c11, accumulate);
        Store(c + (2 * cRow), c20, c21, accumulate);
        Store(c + (3 * cRow), c30, c31, accumulate);
        Store(c + (4 * cRow), c40, c41, accumulate);
        Store(c + (5 * cRow), c50, c51, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector256<float> left, Vector256<float> right, bool accumulate)
    {
        if (accumulate)
        {
            left += Vector256.Load(c);
            right += Vector256.Load(c + 8);
        }

        left.Store(c);
        right.Store(c + 8);
    }

    // Half a tile: 6 rows by 8 columns, for processors whose vectors hold 4 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply128(
        int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, bool accumulate)
    {
        Vector128<float> c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
        c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = Vector128<float>.Zero;

        float* a3 = a + (3 * aRow);
        for (; k > 0; k--)
        {
            Vector128<float> b0 = Vector128.Load(b);
            Vector128<float> b1 = Vector128.Load(b + 4);
            Vector128<float> x = Vector128.Create(*a);
            c00 = Vector128.MultiplyAddEstimate(x, b0, c00);
            c01 = Vector128.MultiplyAddEstimate(x, b1, c01);
            x = Vector128.Create(a[aRow]);
            c10 = Vector128.MultiplyAddEstimate(x, b0, c10);
            c11 = Vector128.MultiplyAddEstimate(x, b1, c11);
            x = Vector128.Create(a[2 * aRow]);
            c20 = Vector128.MultiplyAddEstimate(x, b0, c20);
            c21 = Vector128.MultiplyAddEstimate(x, b1, c21);
            x = Vector128.Create(*a3);
            c30 = Vector128.MultiplyAddEstimate(x, b0, c30);
            c31 = Vector128.MultiplyAddEstimate(x, b1, c31);
            x = Vector128.Create(a3[aRow]);
            c40 = Vector128.MultiplyAddEstimate(x, b0, c40);
            c41 = Vector128.MultiplyAddEstimate(x, b1, c41);
            x = Vector128.Create(a3[2 * aRow]);
            c50 = Vector128.MultiplyAddEstimate(x, b0, c50);
            c51 = Vector128.MultiplyAddEstimate(x, b1, c51);
            a += aColumn;
            a3 += aColumn;
            b += bRow;
        }

        Store(c, c00, c01, accumulate);
        Store(c + cRow, c10, c11, accumulate);
        Store(c + (2 * cRow), c20, c21, accumulate);
        Store(c + (3 * cRow), c30, c31, accumulate);
        Store(c + (4 * cRow), c40, c41, accumulate);
        Store(c + (5 * cRow), c50, c51, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector128<float> left, Vector128<float> right, bool accumulate)
    {
        if (accumulate)
        {
            left += Vector128.Load(c);
            right += Vector128.Load(c + 4);
        }

        left.Store(c);
        right.Store(c + 4);
    }

    // The definition, and the way without vectors.
    private static void MultiplyScalar(
        int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, bool accumulate)
    {
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                float sum = 0;
                for (int p = 0; p < k; p++)
                {
                    sum += a[(i * aRow) + (p * aColumn)] * b[(p * bRow) + j];
                }

                float* to = c + (i * cRow) + j;
                *to = accumulate ? *to + sum : sum;
            }
        }
    }
}
