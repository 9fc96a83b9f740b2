using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cartwright.Learning.Kernels;

/// <summary>The innermost product of a convolution: 8 rows by 48 columns, held in registers while k runs.</summary>
/// <remarks>
/// Not the tile of <see cref="Gemm"/>: channel counts are multiples of 8 and of no 6 or 12, and both operands are
/// always packed. With 32 registers of 16 floats it is done at once (24 sums), with fewer or shorter ones in parts of
/// 4 rows by 3 vectors (12 sums).
/// </remarks>
internal static unsafe class ConvTile
{
    public const int Rows = 8;
    public const int Columns = 48;

    /// <summary>From one row of B to the next: what is packed may run over its 48 columns by up to 15.</summary>
    public const int Pitch = 64;

    private const int PartRows = 4;
    private const int VectorsPerPart = 3;

    /// <summary>C = A·B, or C + A·B, the bias added and what is negative cut off where asked.</summary>
    /// <param name="a">Element (i, p) is <c>a[p * 8 + i]</c>.</param>
    /// <param name="b">Element (p, j) is <c>b[p * 64 + j]</c>.</param>
    /// <param name="c">Element (i, j) is <c>c[i * cRow + j]</c>.</param>
    /// <param name="columns">Columns that are asked for, 1 to 48; the rest may hold anything afterwards.</param>
    /// <param name="end">What is done with the sums.</param>
    public static void Multiply(int k, float* a, float* b, float* c, nint cRow, int columns, in TileEnd end)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            if (columns > 2 * Vector512<float>.Count)
            {
                Multiply512(k, a, b, c, cRow, end);
                return;
            }

            for (int j = 0; j < columns; j += Vector512<float>.Count)
            {
                MultiplyOneVector512(k, a, b + j, c + j, cRow, end);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (int j = 0; j < columns; j += VectorsPerPart * Vector256<float>.Count)
            {
                Multiply256(k, a, b + j, c + j, cRow, end);
                Multiply256(k, a + PartRows, b + j, c + (PartRows * cRow) + j, cRow, end.From(PartRows));
            }
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (int j = 0; j < columns; j += VectorsPerPart * Vector128<float>.Count)
            {
                Multiply128(k, a, b + j, c + j, cRow, end);
                Multiply128(k, a + PartRows, b + j, c + (PartRows * cRow) + j, cRow, end.From(PartRows));
            }
        }
        else
        {
            MultiplyScalar(k, a, b, c, cRow, columns, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply512(int k, float* a, float* b, float* c, nint cRow, in TileEnd end)
    {
        Vector512<float> c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32;
        Vector512<float> c40, c41, c42, c50, c51, c52, c60, c61, c62, c70, c71, c72;
        c00 = c01 = c02 = c10 = c11 = c12 = c20 = c21 = c22 = c30 = c31 = c32 = Vector512<float>.Zero;
        c40 = c41 = c42 = c50 = c51 = c52 = c60 = c61 = c62 = c70 = c71 = c72 = Vector512<float>.Zero;
        for (; k > 0; k--)
        {
            Vector512<float> b0 = Vector512.Load(b);
            Vector512<float> b1 = Vector512.Load(b + 16);
            Vector512<float> b2 = Vector512.Load(b + 32);
            Vector512<float> x = Vector512.Create(a[0]);
            c00 = Vector512.MultiplyAddEstimate(x, b0, c00);
            c01 = Vector512.MultiplyAddEstimate(x, b1, c01);
            c02 = Vector512.MultiplyAddEstimate(x, b2, c02);
            x = Vector512.Create(a[1]);
            c10 = Vector512.MultiplyAddEstimate(x, b0, c10);
            c11 = Vector512.MultiplyAddEstimate(x, b1, c11);
            c12 = Vector512.MultiplyAddEstimate(x, b2, c12);
            x = Vector512.Create(a[2]);
            c20 = Vector512.MultiplyAddEstimate(x, b0, c20);
            c21 = Vector512.MultiplyAddEstimate(x, b1, c21);
            c22 = Vector512.MultiplyAddEstimate(x, b2, c22);
            x = Vector512.Create(a[3]);
            c30 = Vector512.MultiplyAddEstimate(x, b0, c30);
            c31 = Vector512.MultiplyAddEstimate(x, b1, c31);
            c32 = Vector512.MultiplyAddEstimate(x, b2, c32);
            x = Vector512.Create(a[4]);
            c40 = Vector512.MultiplyAddEstimate(x, b0, c40);
            c41 = Vector512.MultiplyAddEstimate(x, b1, c41);
            c42 = Vector512.MultiplyAddEstimate(x, b2, c42);
            x = Vector512.Create(a[5]);
            c50 = Vector512.MultiplyAddEstimate(x, b0, c50);
            c51 = Vector512.MultiplyAddEstimate(x, b1, c51);
            c52 = Vector512.MultiplyAddEstimate(x, b2, c52);
            x = Vector512.Create(a[6]);
            c60 = Vector512.MultiplyAddEstimate(x, b0, c60);
            c61 = Vector512.MultiplyAddEstimate(x, b1, c61);
            c62 = Vector512.MultiplyAddEstimate(x, b2, c62);
            x = Vector512.Create(a[7]);
            c70 = Vector512.MultiplyAddEstimate(x, b0, c70);
            c71 = Vector512.MultiplyAddEstimate(x, b1, c71);
            c72 = Vector512.MultiplyAddEstimate(x, b2, c72);
            a += Rows;
            b += Pitch;
        }

        Store(c, c00, c01, c02, 0, end);
        Store(c + cRow, c10, c11, c12, 1, end);
        Store(c + (2 * cRow), c20, c21, c22, 2, end);
        Store(c + (3 * cRow), c30, c31, c32, 3, end);
        Store(c + (4 * cRow), c40, c41, c42, 4, end);
        Store(c + (5 * cRow), c50, c51, c52, 5, end);
        Store(c + (6 * cRow), c60, c61, c62, 6, end);
        Store(c + (7 * cRow), c70, c71, c72, 7, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector512<float> x, Vector512<float> y, Vector512<float> z, int row, in TileEnd end)
    {
        Store(c, x, row, end);
        Store(c + 16, y, row, end);
        Store(c + 32, z, row, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector512<float> x, int row, in TileEnd end)
    {
        x += Vector512.Create(end.BiasOf(row));
        x = end.Accumulates ? x + Vector512.Load(c) : x;
        (end.Rectifies ? Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), Vector512<float>.Zero, x) : x).Store(c);
    }

    // The last columns: 8 rows by one vector.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyOneVector512(int k, float* a, float* b, float* c, nint cRow, in TileEnd end)
    {
        Vector512<float> c0, c1, c2, c3, c4, c5, c6, c7;
        c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = Vector512<float>.Zero;
        for (; k > 0; k--)
        {
            Vector512<float> y = Vector512.Load(b);
            c0 = Vector512.MultiplyAddEstimate(Vector512.Create(a[0]), y, c0);
            c1 = Vector512.MultiplyAddEstimate(Vector512.Create(a[1]), y, c1);
            c2 = Vector512.MultiplyAddEstimate(Vector512.Create(a[2]), y, c2);
            c3 = Vector512.MultiplyAddEstimate(Vector512.Create(a[3]), y, c3);
            c4 = Vector512.MultiplyAddEstimate(Vector512.Create(a[4]), y, c4);
            c5 = Vector512.MultiplyAddEstimate(Vector512.Create(a[5]), y, c5);
            c6 = Vector512.MultiplyAddEstimate(Vector512.Create(a[6]), y, c6);
            c7 = Vector512.MultiplyAddEstimate(Vector512.Create(a[7]), y, c7);
            a += Rows;
            b += Pitch;
        }

        Store(c, c0, 0, end);
        Store(c + cRow, c1, 1, end);
        Store(c + (2 * cRow), c2, 2, end);
        Store(c + (3 * cRow), c3, 3, end);
        Store(c + (4 * cRow), c4, 4, end);
        Store(c + (5 * cRow), c5, 5, end);
        Store(c + (6 * cRow), c6, 6, end);
        Store(c + (7 * cRow), c7, 7, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply256(int k, float* a, float* b, float* c, nint cRow, in TileEnd end)
    {
        Vector256<float> c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32;
        c00 = c01 = c02 = c10 = c11 = c12 = c20 = c21 = c22 = c30 = c31 = c32 = Vector256<float>.Zero;
        for (; k > 0; k--)
        {
            Vector256<float> b0 = Vector256.Load(b);
            Vector256<float> b1 = Vector256.Load(b + 8);
            Vector256<float> b2 = Vector256.Load(b + 16);
            Vector256<float> x = Vector256.Create(a[0]);
            c00 = Vector256.MultiplyAddEstimate(x, b0, c00);
            c01 = Vector256.MultiplyAddEstimate(x, b1, c01);
            c02 = Vector256.MultiplyAddEstimate(x, b2, c02);
            x = Vector256.Create(a[1]);
            c10 = Vector256.MultiplyAddEstimate(x, b0, c10);
            c11 = Vector256.MultiplyAddEstimate(x, b1, c11);
            c12 = Vector256.MultiplyAddEstimate(x, b2, c12);
            x = Vector256.Create(a[2]);
            c20 = Vector256.MultiplyAddEstimate(x, b0, c20);
            c21 = Vector256.MultiplyAddEstimate(x, b1, c21);
            c22 = Vector256.MultiplyAddEstimate(x, b2, c22);
            x = Vector256.Create(a[3]);
            c30 = Vector256.MultiplyAddEstimate(x, b0, c30);
            c31 = Vector256.MultiplyAddEstimate(x, b1, c31);
            c32 = Vector256.MultiplyAddEstimate(x, b2, c32);
            a += Rows;
            b += Pitch;
        }

        Store(c, c00, c01, c02, 0, end);
        Store(c + cRow, c10, c11, c12, 1, end);
        Store(c + (2 * cRow), c20, c21, c22, 2, end);
        Store(c + (3 * cRow), c30, c31, c32, 3, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector256<float> x, Vector256<float> y, Vector256<float> z, int row, in TileEnd end)
    {
        Store(c, x, row, end);
        Store(c + 8, y, row, end);
        Store(c + 16, z, row, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector256<float> x, int row, in TileEnd end)
    {
        x += Vector256.Create(end.BiasOf(row));
        x = end.Accumulates ? x + Vector256.Load(c) : x;
        (end.Rectifies ? Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), Vector256<float>.Zero, x) : x).Store(c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply128(int k, float* a, float* b, float* c, nint cRow, in TileEnd end)
    {
        Vector128<float> c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32;
        c00 = c01 = c02 = c10 = c11 = c12 = c20 = c21 = c22 = c30 = c31 = c32 = Vector128<float>.Zero;
        for (; k > 0; k--)
        {
            Vector128<float> b0 = Vector128.Load(b);
            Vector128<float> b1 = Vector128.Load(b + 4);
            Vector128<float> b2 = Vector128.Load(b + 8);
            Vector128<float> x = Vector128.Create(a[0]);
            c00 = Vector128.MultiplyAddEstimate(x, b0, c00);
            c01 = Vector128.MultiplyAddEstimate(x, b1, c01);
            c02 = Vector128.MultiplyAddEstimate(x, b2, c02);
            x = Vector128.Create(a[1]);
            c10 = Vector128.MultiplyAddEstimate(x, b0, c10);
            c11 = Vector128.MultiplyAddEstimate(x, b1, c11);
            c12 = Vector128.MultiplyAddEstimate(x, b2, c12);
            x = Vector128.Create(a[2]);
            c20 = Vector128.MultiplyAddEstimate(x, b0, c20);
            c21 = Vector128.MultiplyAddEstimate(x, b1, c21);
            c22 = Vector128.MultiplyAddEstimate(x, b2, c22);
            x = Vector128.Create(a[3]);
            c30 = Vector128.MultiplyAddEstimate(x, b0, c30);
            c31 = Vector128.MultiplyAddEstimate(x, b1, c31);
            c32 = Vector128.MultiplyAddEstimate(x, b2, c32);
            a += Rows;
            b += Pitch;
        }

        Store(c, c00, c01, c02, 0, end);
        Store(c + cRow, c10, c11, c12, 1, end);
        Store(c + (2 * cRow), c20, c21, c22, 2, end);
        Store(c + (3 * cRow), c30, c31, c32, 3, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector128<float> x, Vector128<float> y, Vector128<float> z, int row, in TileEnd end)
    {
        Store(c, x, row, end);
        Store(c + 4, y, row, end);
        Store(c + 8, z, row, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector128<float> x, int row, in TileEnd end)
    {
        x += Vector128.Create(end.BiasOf(row));
        x = end.Accumulates ? x + Vector128.Load(c) : x;
        (end.Rectifies ? Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<float>.Zero), Vector128<float>.Zero, x) : x).Store(c);
    }

    // The definition, and the way without vectors.
    private static void MultiplyScalar(int k, float* a, float* b, float* c, nint cRow, int columns, in TileEnd end)
    {
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                float sum = 0;
                for (int p = 0; p < k; p++)
                {
                    sum += a[(p * Rows) + i] * b[(p * Pitch) + j];
                }

                float* to = c + (i * cRow) + j;
                sum += end.BiasOf(i);
                sum = end.Accumulates ? *to + sum : sum;
                *to = end.Rectifies && sum < 0 ? 0 : sum;
            }
        }
    }
}
