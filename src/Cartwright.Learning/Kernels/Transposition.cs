using System.Runtime.Intrinsics;

namespace Cartwright.Learning.Kernels;

/// <summary>Writes to[j, i] = from[i, j], 4 by 4 numbers at a time.</summary>
internal static unsafe class Transposition
{
    /// <param name="from">[rows, columns], its rows <paramref name="fromStride"/> apart.</param>
    /// <param name="to">[columns, rows], its rows <paramref name="toStride"/> apart.</param>
    public static void Copy(float* from, nint fromStride, int rows, int columns, float* to, nint toStride)
    {
        int i = 0;
        for (; Lanes.CanZip && i <= rows - 4; i += 4)
        {
            CopyFourRows(from + (i * fromStride), fromStride, columns, to + i, toStride);
        }

        for (; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                to[(j * toStride) + i] = from[(i * fromStride) + j];
            }
        }
    }

    private static void CopyFourRows(float* from, nint fromStride, int columns, float* to, nint toStride)
    {
        float* last = from + (3 * fromStride);
        int j = 0;
        for (; j <= columns - 4; j += 4)
        {
            Vector128<float> r0 = Vector128.Load(from + j);
            Vector128<float> r1 = Vector128.Load(from + fromStride + j);
            Vector128<float> r2 = Vector128.Load(from + (2 * fromStride) + j);
            Vector128<float> r3 = Vector128.Load(last + j);
            Vector128<float> low02 = Lanes.ZipLow(r0, r2);
            Vector128<float> high02 = Lanes.ZipHigh(r0, r2);
            Vector128<float> low13 = Lanes.ZipLow(r1, r3);
            Vector128<float> high13 = Lanes.ZipHigh(r1, r3);
            Lanes.ZipLow(low02, low13).Store(to);
            Lanes.ZipHigh(low02, low13).Store(to + toStride);
            Lanes.ZipLow(high02, high13).Store(to + (2 * toStride));
            Lanes.ZipHigh(high02, high13).Store(to + (3 * toStride));
            to += 4 * toStride;
        }

        for (; j < columns; j++)
        {
            to[0] = from[j];
            to[1] = from[fromStride + j];
            to[2] = from[(2 * fromStride) + j];
            to[3] = last[j];
            to += toStride;
        }
    }
}
