using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>Copies of A and B in the order in which <see cref="GemmTile"/> reads them, filled up with zeros.</summary>
internal static unsafe class GemmPanels
{
    /// <summary>Panels of 6 rows of A, one after the other: column after column, 6 numbers each.</summary>
    public static void PackA(MatrixView a, int rows, int k, float* to)
    {
        int full = rows / GemmTile.Rows;
        if (a.RowStride == 1 && Vector128.IsHardwareAccelerated)
        {
            PackFullPanelsOfTransposed(a, full, k, to);
        }
        else
        {
            for (int panel = 0; panel < full; panel++)
            {
                PackFullPanel(a.From(panel * GemmTile.Rows, 0), k, to + ((nint)panel * GemmTile.Rows * k));
            }
        }

        int rest = rows - (full * GemmTile.Rows);
        if (rest > 0)
        {
            PackLastPanel(a.From(full * GemmTile.Rows, 0), rest, k, to + ((nint)full * GemmTile.Rows * k));
        }
    }

    /// <summary>The last panel of A, which has fewer than 6 rows.</summary>
    public static void PackLastPanel(MatrixView a, int rows, int k, float* to)
    {
        new Span<float>(to, GemmTile.Rows * k).Clear();
        for (int i = 0; i < rows; i++)
        {
            float* from = a.At(i, 0);
            for (int p = 0; p < k; p++)
            {
                to[(p * GemmTile.Rows) + i] = from[p * a.ColumnStride];
            }
        }
    }

    /// <summary>Up to 16 columns and <paramref name="k"/> rows of B: row after row, 16 numbers each.</summary>
    public static void PackB(MatrixView b, int columns, int k, float* to)
    {
        if (columns < GemmTile.Columns)
        {
            new Span<float>(to, GemmTile.Columns * k).Clear();
        }

        if (b.ColumnStride == 1)
        {
            for (int p = 0; p < k; p++)
            {
                new ReadOnlySpan<float>(b.At(p, 0), columns).CopyTo(new Span<float>(to + (p * GemmTile.Columns), columns));
            }

            return;
        }

        int j = 0;
        if (b.RowStride == 1 && CanZip)
        {
            for (; j <= columns - 4; j += 4)
            {
                PackFourColumns(b.At(0, j), b.ColumnStride, k, to + j);
            }
        }

        for (; j < columns; j++)
        {
            float* column = b.At(0, j);
            for (int p = 0; p < k; p++)
            {
                to[(p * GemmTile.Columns) + j] = column[p * b.RowStride];
            }
        }
    }

    private static void PackFullPanel(MatrixView a, int k, float* to)
    {
        nint rowStride = a.RowStride;
        float* from = a.Data;
        float* from3 = from + (3 * rowStride);
        for (int p = 0; p < k; p++)
        {
            to[0] = from[0];
            to[1] = from[rowStride];
            to[2] = from[2 * rowStride];
            to[3] = from3[0];
            to[4] = from3[rowStride];
            to[5] = from3[2 * rowStride];
            from += a.ColumnStride;
            from3 += a.ColumnStride;
            to += GemmTile.Rows;
        }
    }

    // A column of A lies contiguously here: read it through for all panels, in place of 6 numbers at a time.
    private static void PackFullPanelsOfTransposed(MatrixView a, int panels, int k, float* to)
    {
        nint panelSize = (nint)GemmTile.Rows * k;
        for (int p = 0; p < k; p++)
        {
            float* from = a.At(0, p);
            float* panel = to + (p * GemmTile.Rows);
            for (int i = 0; i < panels; i++)
            {
                Vector128.Load(from).Store(panel);
                Vector64.Load(from + 4).Store(panel + 4);
                from += GemmTile.Rows;
                panel += panelSize;
            }
        }
    }

    // Four columns of B, each of which lies contiguously, by 4 by 4 numbers.
    private static void PackFourColumns(float* from, nint columnStride, int k, float* to)
    {
        int p = 0;
        for (; p <= k - 4; p += 4)
        {
            Vector128<float> c0 = Vector128.Load(from + p);
            Vector128<float> c1 = Vector128.Load(from + columnStride + p);
            Vector128<float> c2 = Vector128.Load(from + (2 * columnStride) + p);
            Vector128<float> c3 = Vector128.Load(from + (3 * columnStride) + p);
            Vector128<float> low02 = ZipLow(c0, c2);
            Vector128<float> high02 = ZipHigh(c0, c2);
            Vector128<float> low13 = ZipLow(c1, c3);
            Vector128<float> high13 = ZipHigh(c1, c3);
            float* row = to + (p * GemmTile.Columns);
            ZipLow(low02, low13).Store(row);
            ZipHigh(low02, low13).Store(row + GemmTile.Columns);
            ZipLow(high02, high13).Store(row + (2 * GemmTile.Columns));
            ZipHigh(high02, high13).Store(row + (3 * GemmTile.Columns));
        }

        for (; p < k; p++)
        {
            for (int j = 0; j < 4; j++)
            {
                to[(p * GemmTile.Columns) + j] = from[(j * columnStride) + p];
            }
        }
    }

    // The lower halves of two vectors, number by number in turn; then the upper ones. There is no portable form.
    private static bool CanZip => Sse.IsSupported || AdvSimd.Arm64.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackLow(x, y) : AdvSimd.Arm64.ZipLow(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackHigh(x, y) : AdvSimd.Arm64.ZipHigh(x, y);
}
