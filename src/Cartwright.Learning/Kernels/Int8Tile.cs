using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>The innermost product of whole numbers: up to 6 rows with the 16 rows of a panel of weights.</summary>
/// <remarks>Sums are exact, so every way below gives the same bits.</remarks>
internal static unsafe class Int8Tile
{
    public const int Rows = 6;
    public const int Columns = Int8Matrix.RowsInPanel;
    private const int StepSize = Columns * Int8Matrix.ColumnsInStep;

    /// <summary>What this processor multiplies fastest.</summary>
    public static Int8Layout Layout =>
        AvxVnni.IsSupported ? Int8Layout.OffsetBytes
        : Avx2.IsSupported || (Sse2.IsSupported && Vector128.IsHardwareAccelerated) ? Int8Layout.Shorts
        : Int8Layout.Bytes;

    /// <summary>sums[i * 16 + j] = row i of A times row j of the panel.</summary>
    /// <param name="steps">Columns divided by 4.</param>
    /// <param name="a">Rows of A as <paramref name="layout"/> says, <paramref name="aRow"/> bytes apart.</param>
    /// <param name="rows">1 to 6.</param>
    /// <param name="sums">Room for 6 times 16 numbers; those of missing rows are of no meaning.</param>
    public static void Multiply(Int8Layout layout, int steps, byte* a, nint aRow, int rows, sbyte* panel, int* sums)
    {
        switch (layout)
        {
            case Int8Layout.OffsetBytes when rows == 1:
                MultiplyRowVnni(steps, a, panel, sums);
                break;
            case Int8Layout.OffsetBytes:
                MultiplyVnni(steps, a, aRow, rows, panel, sums);
                break;
            case Int8Layout.Shorts when Avx2.IsSupported && rows == 1:
                MultiplyRowPairs256(steps, (short*)a, panel, sums);
                break;
            case Int8Layout.Shorts when Avx2.IsSupported:
                MultiplyPairs256(steps, a, aRow, rows, panel, sums);
                MultiplyPairs256(steps, a, aRow, rows, panel + (StepSize / 2), sums + (Columns / 2));
                break;
            default:
                for (int i = 0; i < rows; i++)
                {
                    MultiplyRow(layout, steps, a + (i * aRow), panel, sums + (i * Columns));
                }

                break;
        }
    }

    private static void MultiplyRow(Int8Layout layout, int steps, byte* a, sbyte* panel, int* sums)
    {
        if (layout == Int8Layout.Shorts)
        {
            MultiplyRowPairs128(steps, (short*)a, panel, sums);
        }
        else if (Dp.IsSupported)
        {
            MultiplyRowDp(steps, a, panel, sums);
        }
        else
        {
            MultiplyRowScalar(steps, (sbyte*)a, panel, sums);
        }
    }

    // The definition.
    private static void MultiplyRowScalar(int steps, sbyte* a, sbyte* panel, int* sums)
    {
        new Span<int>(sums, Columns).Clear();
        for (int p = 0; p < steps; p++, a += 4, panel += StepSize)
        {
            for (int j = 0; j < Columns; j++)
            {
                sbyte* b = panel + (4 * j);
                sums[j] += (a[0] * b[0]) + (a[1] * b[1]) + (a[2] * b[2]) + (a[3] * b[3]);
            }
        }
    }

    // Four unsigned times four signed bytes, added to a sum of 32 bits, for 8 columns an instruction.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyVnni(int steps, byte* a, nint aRow, int rows, sbyte* panel, int* sums)
    {
        Vector256<int> c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
        c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = Vector256<int>.Zero;

        // Rows that are missing are read from the last one there is.
        byte* a1 = a + (Math.Min(1, rows - 1) * aRow);
        byte* a2 = a + (Math.Min(2, rows - 1) * aRow);
        byte* a3 = a + (Math.Min(3, rows - 1) * aRow);
        byte* a4 = a + (Math.Min(4, rows - 1) * aRow);
        byte* a5 = a + (Math.Min(5, rows - 1) * aRow);
        for (nint p = 0; p < (nint)steps * 4; p += 4)
        {
            Vector256<sbyte> b0 = Vector256.Load(panel);
            Vector256<sbyte> b1 = Vector256.Load(panel + 32);
            panel += StepSize;
            Vector256<byte> x = Vector256.Create(*(uint*)(a + p)).AsByte();
            c00 = AvxVnni.MultiplyWideningAndAdd(c00, x, b0);
            c01 = AvxVnni.MultiplyWideningAndAdd(c01, x, b1);
            x = Vector256.Create(*(uint*)(a1 + p)).AsByte();
            c10 = AvxVnni.MultiplyWideningAndAdd(c10, x, b0);
            c11 = AvxVnni.MultiplyWideningAndAdd(c11, x, b1);
            x = Vector256.Create(*(uint*)(a2 + p)).AsByte();
            c20 = AvxVnni.MultiplyWideningAndAdd(c20, x, b0);
            c21 = AvxVnni.MultiplyWideningAndAdd(c21, x, b1);
            x = Vector256.Create(*(uint*)(a3 + p)).AsByte();
            c30 = AvxVnni.MultiplyWideningAndAdd(c30, x, b0);
            c31 = AvxVnni.MultiplyWideningAndAdd(c31, x, b1);
            x = Vector256.Create(*(uint*)(a4 + p)).AsByte();
            c40 = AvxVnni.MultiplyWideningAndAdd(c40, x, b0);
            c41 = AvxVnni.MultiplyWideningAndAdd(c41, x, b1);
            x = Vector256.Create(*(uint*)(a5 + p)).AsByte();
            c50 = AvxVnni.MultiplyWideningAndAdd(c50, x, b0);
            c51 = AvxVnni.MultiplyWideningAndAdd(c51, x, b1);
        }

        Store(sums, c00, c01);
        Store(sums + Columns, c10, c11);
        Store(sums + (2 * Columns), c20, c21);
        Store(sums + (3 * Columns), c30, c31);
        Store(sums + (4 * Columns), c40, c41);
        Store(sums + (5 * Columns), c50, c51);
    }

    // One row alone waits for memory; four steps at a time keep enough sums going.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyRowVnni(int steps, byte* a, sbyte* panel, int* sums)
    {
        Vector256<int> c00, c01, c10, c11, c20, c21, c30, c31;
        c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = Vector256<int>.Zero;
        int p = 0;
        for (; p <= steps - 4; p += 4, a += 16, panel += 4 * StepSize)
        {
            Vector256<byte> x = Vector256.Create(*(uint*)a).AsByte();
            c00 = AvxVnni.MultiplyWideningAndAdd(c00, x, Vector256.Load(panel));
            c01 = AvxVnni.MultiplyWideningAndAdd(c01, x, Vector256.Load(panel + 32));
            x = Vector256.Create(*(uint*)(a + 4)).AsByte();
            c10 = AvxVnni.MultiplyWideningAndAdd(c10, x, Vector256.Load(panel + 64));
            c11 = AvxVnni.MultiplyWideningAndAdd(c11, x, Vector256.Load(panel + 96));
            x = Vector256.Create(*(uint*)(a + 8)).AsByte();
            c20 = AvxVnni.MultiplyWideningAndAdd(c20, x, Vector256.Load(panel + 128));
            c21 = AvxVnni.MultiplyWideningAndAdd(c21, x, Vector256.Load(panel + 160));
            x = Vector256.Create(*(uint*)(a + 12)).AsByte();
            c30 = AvxVnni.MultiplyWideningAndAdd(c30, x, Vector256.Load(panel + 192));
            c31 = AvxVnni.MultiplyWideningAndAdd(c31, x, Vector256.Load(panel + 224));
        }

        for (; p < steps; p++, a += 4, panel += StepSize)
        {
            Vector256<byte> x = Vector256.Create(*(uint*)a).AsByte();
            c00 = AvxVnni.MultiplyWideningAndAdd(c00, x, Vector256.Load(panel));
            c01 = AvxVnni.MultiplyWideningAndAdd(c01, x, Vector256.Load(panel + 32));
        }

        Store(sums, c00 + c10 + (c20 + c30), c01 + c11 + (c21 + c31));
    }

    // Products of 16 bits in pairs, for 4 columns of 4 numbers an instruction. Bytes times bytes in 16 bits would overflow.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyPairs256(int steps, byte* a, nint aRow, int rows, sbyte* panel, int* sums)
    {
        Vector256<int> c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51;
        c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = Vector256<int>.Zero;
        byte* a1 = a + (Math.Min(1, rows - 1) * aRow);
        byte* a2 = a + (Math.Min(2, rows - 1) * aRow);
        byte* a3 = a + (Math.Min(3, rows - 1) * aRow);
        byte* a4 = a + (Math.Min(4, rows - 1) * aRow);
        byte* a5 = a + (Math.Min(5, rows - 1) * aRow);
        for (nint p = 0; p < (nint)steps * 8; p += 8)
        {
            Vector256<short> b0 = Avx2.ConvertToVector256Int16(panel);
            Vector256<short> b1 = Avx2.ConvertToVector256Int16(panel + 16);
            panel += StepSize;
            Vector256<short> x = Vector256.Create(*(ulong*)(a + p)).AsInt16();
            c00 += Avx2.MultiplyAddAdjacent(x, b0);
            c01 += Avx2.MultiplyAddAdjacent(x, b1);
            x = Vector256.Create(*(ulong*)(a1 + p)).AsInt16();
            c10 += Avx2.MultiplyAddAdjacent(x, b0);
            c11 += Avx2.MultiplyAddAdjacent(x, b1);
            x = Vector256.Create(*(ulong*)(a2 + p)).AsInt16();
            c20 += Avx2.MultiplyAddAdjacent(x, b0);
            c21 += Avx2.MultiplyAddAdjacent(x, b1);
            x = Vector256.Create(*(ulong*)(a3 + p)).AsInt16();
            c30 += Avx2.MultiplyAddAdjacent(x, b0);
            c31 += Avx2.MultiplyAddAdjacent(x, b1);
            x = Vector256.Create(*(ulong*)(a4 + p)).AsInt16();
            c40 += Avx2.MultiplyAddAdjacent(x, b0);
            c41 += Avx2.MultiplyAddAdjacent(x, b1);
            x = Vector256.Create(*(ulong*)(a5 + p)).AsInt16();
            c50 += Avx2.MultiplyAddAdjacent(x, b0);
            c51 += Avx2.MultiplyAddAdjacent(x, b1);
        }

        SumPairs(c00, c01).Store(sums);
        SumPairs(c10, c11).Store(sums + Columns);
        SumPairs(c20, c21).Store(sums + (2 * Columns));
        SumPairs(c30, c31).Store(sums + (3 * Columns));
        SumPairs(c40, c41).Store(sums + (4 * Columns));
        SumPairs(c50, c51).Store(sums + (5 * Columns));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyRowPairs256(int steps, short* a, sbyte* panel, int* sums)
    {
        Vector256<int> c0, c1, c2, c3;
        c0 = c1 = c2 = c3 = Vector256<int>.Zero;
        for (int p = 0; p < steps; p++, a += 4, panel += StepSize)
        {
            Vector256<short> x = Vector256.Create(*(ulong*)a).AsInt16();
            c0 += Avx2.MultiplyAddAdjacent(x, Avx2.ConvertToVector256Int16(panel));
            c1 += Avx2.MultiplyAddAdjacent(x, Avx2.ConvertToVector256Int16(panel + 16));
            c2 += Avx2.MultiplyAddAdjacent(x, Avx2.ConvertToVector256Int16(panel + 32));
            c3 += Avx2.MultiplyAddAdjacent(x, Avx2.ConvertToVector256Int16(panel + 48));
        }

        Store(sums, SumPairs(c0, c1), SumPairs(c2, c3));
    }

    private static void MultiplyRowPairs128(int steps, short* a, sbyte* panel, int* sums)
    {
        for (int quarter = 0; quarter < Columns; quarter += 4)
        {
            Vector128<int> low = Vector128<int>.Zero;
            Vector128<int> high = Vector128<int>.Zero;
            sbyte* b = panel + (4 * quarter);
            for (int p = 0; p < steps; p++, b += StepSize)
            {
                Vector128<short> x = Vector128.Create(*(ulong*)(a + (4 * p))).AsInt16();
                (Vector128<short> b0, Vector128<short> b1) = Vector128.Widen(Vector128.Load(b));
                low += Sse2.MultiplyAddAdjacent(x, b0);
                high += Sse2.MultiplyAddAdjacent(x, b1);
            }

            sums[quarter] = low[0] + low[1];
            sums[quarter + 1] = low[2] + low[3];
            sums[quarter + 2] = high[0] + high[1];
            sums[quarter + 3] = high[2] + high[3];
        }
    }

    private static void MultiplyRowDp(int steps, byte* a, sbyte* panel, int* sums)
    {
        Vector128<int> c0, c1, c2, c3;
        c0 = c1 = c2 = c3 = Vector128<int>.Zero;
        for (int p = 0; p < steps; p++, a += 4, panel += StepSize)
        {
            Vector128<sbyte> x = Vector128.Create(*(uint*)a).AsSByte();
            c0 = Dp.DotProduct(c0, x, Vector128.Load(panel));
            c1 = Dp.DotProduct(c1, x, Vector128.Load(panel + 16));
            c2 = Dp.DotProduct(c2, x, Vector128.Load(panel + 32));
            c3 = Dp.DotProduct(c3, x, Vector128.Load(panel + 48));
        }

        c0.Store(sums);
        c1.Store(sums + 4);
        c2.Store(sums + 8);
        c3.Store(sums + 12);
    }

    // Two sums for each of 4 columns in x and of 4 more in y: one sum for each of the 8, in their order.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> SumPairs(Vector256<int> x, Vector256<int> y) =>
        Avx2.Permute4x64(Avx2.HorizontalAdd(x, y).AsInt64(), 0b11_01_10_00).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(int* sums, Vector256<int> left, Vector256<int> right)
    {
        left.Store(sums);
        right.Store(sums + 8);
    }
}
