namespace Cartwright.Learning.Kernels;

/// <summary>A matrix brought into panels once, for many products with few rows: the weights of a recurrence.</summary>
/// <remarks>Reads only what was packed, so any number of threads may multiply by it at a time.</remarks>
internal readonly unsafe struct TiledMatrix
{
    private const int DepthChunk = 256;

    private readonly float* _panels;
    private readonly int _k;
    private readonly int _n;

    /// <param name="b">[k, n]; not read any more afterwards.</param>
    /// <param name="memory">Room for <see cref="Size"/> numbers.</param>
    public TiledMatrix(MatrixView b, int k, int n, float* memory)
    {
        _panels = memory;
        _k = k;
        _n = n;
        for (int j = 0; j < n; j += GemmTile.Columns)
        {
            GemmPanels.PackB(b.From(0, j), Math.Min(GemmTile.Columns, n - j), k, memory + ((nint)j * k));
        }
    }

    /// <summary>Numbers that the panels of a matrix [k, n] take.</summary>
    public static nint Size(int k, int n) => (nint)WholeTiles(n) * k;

    /// <summary>C = A·B, or C + A·B where <paramref name="accumulate"/>.</summary>
    /// <param name="a">[rows, k], contiguous.</param>
    /// <param name="c">[rows, n], contiguous.</param>
    public void Multiply(float* a, int rows, float* c, bool accumulate)
    {
        if (rows == 0)
        {
            return;
        }

        for (int start = 0; start < _k; start += DepthChunk)
        {
            GemmBlock.Multiply(
                new MatrixView(a + start, _k, 1),
                default,
                _panels,
                _k,
                start,
                c,
                _n,
                rows,
                _n,
                Math.Min(DepthChunk, _k - start),
                accumulate || start > 0);
        }
    }

    private static int WholeTiles(int columns) => (columns + GemmTile.Columns - 1) / GemmTile.Columns * GemmTile.Columns;
}
