using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>The innermost product of transformed places and weights of 16 bits: 8 rows with 32 columns, summed in 32 bits.</summary>
/// <remarks>Sums are exact modulo 2³², so every way below gives the same bits.</remarks>
internal static unsafe class Int8WinogradTile
{
    public const int Rows = 8;
    public const int Columns = 32;

    /// <summary>c[i, j] = row i of A times column j of B.</summary>
    /// <param name="pairs">Columns of A divided by 2.</param>
    /// <param name="aRow">Numbers from one row of A to the next.</param>
    /// <param name="b">[pairs, 32, 2]: two numbers of each column side by side.</param>
    /// <param name="cRow">Numbers from one row of C to the next.</param>
    public static void Multiply(int pairs, short* a, nint aRow, short* b, int* c, nint cRow)
    {
        if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated)
        {
            Multiply512(pairs, a, aRow, b, c, cRow);
            return;
        }

        for (int row = 0; row < Rows; row += 4, a += 4 * aRow, c += 4 * cRow)
        {
            Multiply256(pairs, a, aRow, b, c, cRow);
            Multiply256(pairs, a, aRow, b + Columns, c + (Columns / 2), cRow);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply512(int pairs, short* a, nint aRow, short* b, int* c, nint cRow)
    {
        Vector512<int> c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51, c60, c61, c70, c71;
        c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = c60 = c61 = c70 = c71 = Vector512<int>.Zero;
        // One number runs along all rows, which leaves the processor more room for the products than 8 pointers would.
        short* a1 = a + aRow;
        short* a2 = a1 + aRow;
        short* a3 = a2 + aRow;
        short* a4 = a3 + aRow;
        short* a5 = a4 + aRow;
        short* a6 = a5 + aRow;
        short* a7 = a6 + aRow;
        for (nint p = 0; p < 2 * (nint)pairs; p += 2, b += 2 * Columns)
        {
            Vector512<short> b0 = Vector512.Load(b);
            Vector512<short> b1 = Vector512.Load(b + Columns);
            Vector512<short> x = Pair(a + p);
            c00 += Avx512BW.MultiplyAddAdjacent(x, b0);
            c01 += Avx512BW.MultiplyAddAdjacent(x, b1);
            x = Pair(a1 + p);
            c10 += Avx512BW.MultiplyAddAdjacent(x, b0);
            c11 += Avx512BW.MultiplyAddAdjacent(x, b1);
            x = Pair(a2 + p);
            c20 += Avx512BW.MultiplyAddAdjacent(x, b0);
            c21 += Avx512BW.MultiplyAddAdjacent(x, b1);
            x = Pair(a3 + p);
            c30 += Avx512BW.MultiplyAddAdjacent(x, b0);
            c31 += Avx512BW.MultiplyAddAdjacent(x, b1);
            x = Pair(a4 + p);
            c40 += Avx512BW.MultiplyAddAdjacent(x, b0);
            c41 += Avx512BW.MultiplyAddAdjacent(x, b1);
            x = Pair(a5 + p);
            c50 += Avx512BW.MultiplyAddAdjacent(x, b0);
            c51 += Avx512BW.MultiplyAddAdjacent(x, b1);
            x = Pair(a6 + p);
            c60 += Avx512BW.MultiplyAddAdjacent(x, b0);
            c61 += Avx512BW.MultiplyAddAdjacent(x, b1);
            x = Pair(a7 + p);
            c70 += Avx512BW.MultiplyAddAdjacent(x, b0);
            c71 += Avx512BW.MultiplyAddAdjacent(x, b1);
        }

        Store(c, c00, c01);
        Store(c + cRow, c10, c11);
        Store(c + (2 * cRow), c20, c21);
        Store(c + (3 * cRow), c30, c31);
        Store(c + (4 * cRow), c40, c41);
        Store(c + (5 * cRow), c50, c51);
        Store(c + (6 * cRow), c60, c61);
        Store(c + (7 * cRow), c70, c71);
    }

    // 4 rows with 16 columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply256(int pairs, short* a, nint aRow, short* b, int* c, nint cRow)
    {
        Vector256<int> c00, c01, c10, c11, c20, c21, c30, c31;
        c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = Vector256<int>.Zero;
        short* a3 = a + (3 * aRow);
        for (int p = 0; p < pairs; p++, a += 2, a3 += 2, b += 2 * Columns)
        {
            Vector256<short> b0 = Vector256.Load(b);
            Vector256<short> b1 = Vector256.Load(b + (Columns / 2));
            Vector256<short> x = Vector256.Create(*(int*)a).AsInt16();
            c00 += Avx2.MultiplyAddAdjacent(x, b0);
            c01 += Avx2.MultiplyAddAdjacent(x, b1);
            x = Vector256.Create(*(int*)(a + aRow)).AsInt16();
            c10 += Avx2.MultiplyAddAdjacent(x, b0);
            c11 += Avx2.MultiplyAddAdjacent(x, b1);
            x = Vector256.Create(*(int*)(a + (2 * aRow))).AsInt16();
            c20 += Avx2.MultiplyAddAdjacent(x, b0);
            c21 += Avx2.MultiplyAddAdjacent(x, b1);
            x = Vector256.Create(*(int*)a3).AsInt16();
            c30 += Avx2.MultiplyAddAdjacent(x, b0);
            c31 += Avx2.MultiplyAddAdjacent(x, b1);
        }

        Store(c, c00, c01);
        Store(c + cRow, c10, c11);
        Store(c + (2 * cRow), c20, c21);
        Store(c + (3 * cRow), c30, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Pair(short* a) => Vector512.Create(*(int*)a).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(int* to, Vector512<int> left, Vector512<int> right)
    {
        left.Store(to);
        right.Store(to + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(int* to, Vector256<int> left, Vector256<int> right)
    {
        left.Store(to);
        right.Store(to + 8);
    }
}
