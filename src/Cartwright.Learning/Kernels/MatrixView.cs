namespace Cartwright.Learning.Kernels;

/// <summary>A matrix somewhere in memory: element (i, j) is <c>Data[i * RowStride + j * ColumnStride]</c>.</summary>
internal readonly unsafe struct MatrixView(float* data, nint rowStride, nint columnStride)
{
    public float* Data => data;

    public nint RowStride => rowStride;

    public nint ColumnStride => columnStride;

    public MatrixView Transposed => new(data, columnStride, rowStride);

    public float* At(nint row, nint column) => data + (row * rowStride) + (column * columnStride);

    /// <summary>The same matrix without its first rows and columns.</summary>
    public MatrixView From(nint row, nint column) => new(At(row, column), rowStride, columnStride);

    /// <summary>Row-major and contiguous [rows, columns], or its transpose where it is stored as [columns, rows].</summary>
    public static MatrixView Contiguous(float* data, int rows, int columns, bool isTransposed) =>
        isTransposed ? new(data, 1, rows) : new(data, columns, 1);
}
