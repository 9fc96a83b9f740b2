using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>Copies of A and B in the order in which <see cref="GemmTile"/> reads them.</summary>
internal static unsafe class GemmPanels
{
    private const int ColumnsAtOnce = 16;

    /// <summary>Rows of A in panels as high as the tiles: a panel's columns one after the other, then the next panel.</summary>
    public static void PackA(MatrixView a, GemmRows rows, int k, float* to)
    {
        // Where a column of A lies contiguously, a few of them at a time for all panels: every column may be on a page
        // of its own.
        int columnsAtOnce = a.RowStride == 1 ? ColumnsAtOnce : k;
        for (int p = 0; p < k; p += columnsAtOnce)
        {
            int columns = Math.Min(columnsAtOnce, k - p);
            for (int tile = 0; tile < rows.TileCount; tile++)
            {
                int row = rows.Start(tile);
                int height = rows.Height(tile);
                Pack(a.From(row, p).Transposed, height, height, columns, to + ((nint)row * k) + (p * height));
            }
        }
    }

    /// <summary>The first columns of B as one panel: row after row, filled up with zeros to the panel's width.</summary>
    public static void PackB(MatrixView b, int columns, int k, float* to)
    {
        int width = PanelWidth(columns);
        if (columns < width)
        {
            new Span<float>(to, width * k).Clear();
        }

        Pack(b, columns, width, k, to);
    }

    /// <summary>Columns of a panel of B that holds this many: those of one vector or of two.</summary>
    public static int PanelWidth(int columns) => columns <= GemmTile.Lanes ? GemmTile.Lanes : GemmTile.Columns;

    // Row p of the matrix goes to to[p * width].
    private static void Pack(MatrixView matrix, int columns, int width, int k, float* to)
    {
        if (matrix.ColumnStride == 1 && columns == Vector256<float>.Count && Vector256.IsHardwareAccelerated)
        {
            // The usual height of a tile where vectors are long.
            float* from = matrix.Data;
            for (int p = 0; p < k; p++)
            {
                Vector256.Load(from).Store(to);
                from += matrix.RowStride;
                to += width;
            }
        }
        else if (matrix.ColumnStride == 1)
        {
            for (int p = 0; p < k; p++)
            {
                Copy(matrix.At(p, 0), columns, to + (p * width));
            }
        }
        else if (matrix.RowStride == 1 && CanZip && columns >= 4 && k >= 4)
        {
            PackTransposed(matrix.Data, matrix.ColumnStride, columns, width, k, to);
        }
        else
        {
            for (int j = 0; j < columns; j++)
            {
                for (int p = 0; p < k; p++)
                {
                    to[(p * width) + j] = *matrix.At(p, j);
                }
            }
        }
    }

    // Every column lies contiguously. They are taken by 16, 8 or 4, and 4 numbers of each at a time; what does not fill
    // the last 4 is done with some that were done before.
    private static void PackTransposed(float* from, nint columnStride, int columns, int width, int k, float* to)
    {
        int j = 0;
        if (Avx512F.IsSupported)
        {
            for (; j <= columns - 16; j += 16)
            {
                for (int p = 0; p < k; p += 4)
                {
                    int row = Math.Min(p, k - 4);
                    Zip512(from + (j * columnStride) + row, columnStride, to + (row * width) + j, width);
                }
            }
        }

        if (Avx.IsSupported)
        {
            for (; j <= columns - 8; j += 8)
            {
                for (int p = 0; p < k; p += 4)
                {
                    int row = Math.Min(p, k - 4);
                    Zip256(from + (j * columnStride) + row, columnStride, to + (row * width) + j, width);
                }
            }
        }

        for (; j < columns; j += 4)
        {
            int column = Math.Min(j, columns - 4);
            for (int p = 0; p < k; p += 4)
            {
                int row = Math.Min(p, k - 4);
                Zip128(from + (column * columnStride) + row, columnStride, to + (row * width) + column, width);
            }
        }
    }

    // Lane by lane of 128 bits the same as Zip128: the lanes of x0 hold the columns 0, 4, 8 and 12.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Zip512(float* from, nint stride, float* to, int width)
    {
        Vector512<float> x0 = Load512(from, 4 * stride);
        Vector512<float> x1 = Load512(from + stride, 4 * stride);
        Vector512<float> x2 = Load512(from + (2 * stride), 4 * stride);
        Vector512<float> x3 = Load512(from + (3 * stride), 4 * stride);
        Vector512<float> low02 = Avx512F.UnpackLow(x0, x2);
        Vector512<float> high02 = Avx512F.UnpackHigh(x0, x2);
        Vector512<float> low13 = Avx512F.UnpackLow(x1, x3);
        Vector512<float> high13 = Avx512F.UnpackHigh(x1, x3);
        Avx512F.UnpackLow(low02, low13).Store(to);
        Avx512F.UnpackHigh(low02, low13).Store(to + width);
        Avx512F.UnpackLow(high02, high13).Store(to + (2 * width));
        Avx512F.UnpackHigh(high02, high13).Store(to + (3 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Zip256(float* from, nint stride, float* to, int width)
    {
        Vector256<float> x0 = Load256(from, 4 * stride);
        Vector256<float> x1 = Load256(from + stride, 4 * stride);
        Vector256<float> x2 = Load256(from + (2 * stride), 4 * stride);
        Vector256<float> x3 = Load256(from + (3 * stride), 4 * stride);
        Vector256<float> low02 = Avx.UnpackLow(x0, x2);
        Vector256<float> high02 = Avx.UnpackHigh(x0, x2);
        Vector256<float> low13 = Avx.UnpackLow(x1, x3);
        Vector256<float> high13 = Avx.UnpackHigh(x1, x3);
        Avx.UnpackLow(low02, low13).Store(to);
        Avx.UnpackHigh(low02, low13).Store(to + width);
        Avx.UnpackLow(high02, high13).Store(to + (2 * width));
        Avx.UnpackHigh(high02, high13).Store(to + (3 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Zip128(float* from, nint stride, float* to, int width)
    {
        Vector128<float> x0 = Vector128.Load(from);
        Vector128<float> x1 = Vector128.Load(from + stride);
        Vector128<float> x2 = Vector128.Load(from + (2 * stride));
        Vector128<float> x3 = Vector128.Load(from + (3 * stride));
        Vector128<float> low02 = ZipLow(x0, x2);
        Vector128<float> high02 = ZipHigh(x0, x2);
        Vector128<float> low13 = ZipLow(x1, x3);
        Vector128<float> high13 = ZipHigh(x1, x3);
        ZipLow(low02, low13).Store(to);
        ZipHigh(low02, low13).Store(to + width);
        ZipLow(high02, high13).Store(to + (2 * width));
        ZipHigh(high02, high13).Store(to + (3 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load512(float* from, nint stride) =>
        Vector512.Create(Load256(from, stride), Load256(from + (2 * stride), stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load256(float* from, nint stride) =>
        Vector256.Create(Vector128.Load(from), Vector128.Load(from + stride));

    // The lower halves of two vectors, number by number in turn; then the upper ones. There is no portable form.
    private static bool CanZip => Sse.IsSupported || AdvSimd.Arm64.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackLow(x, y) : AdvSimd.Arm64.ZipLow(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> x, Vector128<float> y) =>
        Sse.IsSupported ? Sse.UnpackHigh(x, y) : AdvSimd.Arm64.ZipHigh(x, y);

    // So few numbers that a call would cost more than the copy.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* from, int count, float* to)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= count - 16; i += 16)
            {
                Vector512.Load(from + i).Store(to + i);
            }
        }

        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= count - 8; i += 8)
            {
                Vector256.Load(from + i).Store(to + i);
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= count - 4; i += 4)
            {
                Vector128.Load(from + i).Store(to + i);
            }
        }

        for (; i < count; i++)
        {
            to[i] = from[i];
        }
    }
}
