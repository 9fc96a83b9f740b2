using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>Writes to[j, i] = from[i, j], 8 by 4 or 4 by 4 numbers at a time. The last block overlaps the one before.</summary>
internal static unsafe class Transposition
{
    /// <param name="from">[rows, columns], its rows <paramref name="fromStride"/> apart.</param>
    /// <param name="to">[columns, rows], its rows <paramref name="toStride"/> apart.</param>
    public static void Copy(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        if (columns < 4 || rows < 4 || !Lanes.CanZip)
        {
            CopyOneByOne(from, fromStride, rows, columns, to, toStride);
            return;
        }

        int height = Avx.IsSupported && rows >= 8 ? 8 : 4;
        for (int next = 0; next < rows; next += height)
        {
            int i = Math.Min(next, rows - height);
            if (height == 8)
            {
                CopyEightRows(from + (i * fromStride), fromStride, columns, to + i, toStride);
            }
            else
            {
                CopyFourRows(from + (i * fromStride), fromStride, columns, to + i, toStride);
            }
        }
    }

    // The definition.
    private static void CopyOneByOne(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                to[(j * toStride) + i] = from[(i * fromStride) + j];
            }
        }
    }

    private static void CopyFourRows(float* from, nint fromStride, int columns, float* to, nint toStride)
    {
        for (int next = 0; next < columns; next += 4)
        {
            int j = Math.Min(next, columns - 4);
            float* row = from + j;
            Vector128<float> r0 = Vector128.Load(row);
            Vector128<float> r1 = Vector128.Load(row + fromStride);
            Vector128<float> r2 = Vector128.Load(row + (2 * fromStride));
            Vector128<float> r3 = Vector128.Load(row + (3 * fromStride));
            Vector128<float> low02 = Lanes.ZipLow(r0, r2);
            Vector128<float> high02 = Lanes.ZipHigh(r0, r2);
            Vector128<float> low13 = Lanes.ZipLow(r1, r3);
            Vector128<float> high13 = Lanes.ZipHigh(r1, r3);
            float* column = to + (j * toStride);
            Lanes.ZipLow(low02, low13).Store(column);
            Lanes.ZipHigh(low02, low13).Store(column + toStride);
            Lanes.ZipLow(high02, high13).Store(column + (2 * toStride));
            Lanes.ZipHigh(high02, high13).Store(column + (3 * toStride));
        }
    }

    // The same in both halves of longer vectors, rows 4 to 7 in the upper ones.
    private static void CopyEightRows(float* from, nint fromStride, int columns, float* to, nint toStride)
    {
        nint half = 4 * fromStride;
        for (int next = 0; next < columns; next += 4)
        {
            int j = Math.Min(next, columns - 4);
            float* row = from + j;
            var r0 = Vector256.Create(Vector128.Load(row), Vector128.Load(row + half));
            row += fromStride;
            var r1 = Vector256.Create(Vector128.Load(row), Vector128.Load(row + half));
            row += fromStride;
            var r2 = Vector256.Create(Vector128.Load(row), Vector128.Load(row + half));
            row += fromStride;
            var r3 = Vector256.Create(Vector128.Load(row), Vector128.Load(row + half));
            Vector256<float> low02 = Avx.UnpackLow(r0, r2);
            Vector256<float> high02 = Avx.UnpackHigh(r0, r2);
            Vector256<float> low13 = Avx.UnpackLow(r1, r3);
            Vector256<float> high13 = Avx.UnpackHigh(r1, r3);
            float* column = to + (j * toStride);
            Avx.UnpackLow(low02, low13).Store(column);
            Avx.UnpackHigh(low02, low13).Store(column + toStride);
            Avx.UnpackLow(high02, high13).Store(column + (2 * toStride));
            Avx.UnpackHigh(high02, high13).Store(column + (3 * toStride));
        }
    }
}
