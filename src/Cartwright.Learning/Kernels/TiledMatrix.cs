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
    public static nint Size(int k, int n) => (nint)WholeTiles(n, GemmTile.Columns) * k;

    /// <summary>Rows of memory that the left side of a product needs, those of the last tile that hold nothing among them.</summary>
    public static int RoomFor(int rows) => WholeTiles(rows, GemmTile.Rows);

    /// <summary>C = A·B, or C + A·B where <paramref name="accumulate"/>.</summary>
    /// <param name="a">[rows, k], contiguous, with memory for <see cref="RoomFor"/> rows; what the rest holds does not matter.</param>
    /// <param name="c">[rows, n], contiguous.</param>
    public void Multiply(float* a, int rows, float* c, bool accumulate)
    {
        float* edge = stackalloc float[GemmTile.Rows * GemmTile.Columns];
        for (int start = 0; start < _k; start += DepthChunk)
        {
            int depth = Math.Min(DepthChunk, _k - start);
            bool adds = accumulate || start > 0;
            for (int j = 0; j < _n; j += GemmTile.Columns)
            {
                float* b = _panels + ((nint)j * _k) + ((nint)start * GemmTile.Columns);
                int width = Math.Min(GemmTile.Columns, _n - j);
                for (int i = 0; i < rows; i += GemmTile.Rows)
                {
                    float* left = a + ((nint)i * _k) + start;
                    float* to = c + ((nint)i * _n) + j;
                    int height = Math.Min(GemmTile.Rows, rows - i);
                    if (height == GemmTile.Rows && width == GemmTile.Columns)
                    {
                        GemmTile.Multiply(depth, left, _k, 1, b, GemmTile.Columns, to, _n, adds);
                    }
                    else
                    {
                        GemmTile.Multiply(depth, left, _k, 1, b, GemmTile.Columns, edge, GemmTile.Columns, accumulate: false);
                        CopyEdge(edge, to, height, width, adds);
                    }
                }
            }
        }
    }

    private void CopyEdge(float* edge, float* c, int height, int width, bool adds)
    {
        for (int i = 0; i < height; i++)
        {
            float* from = edge + (i * GemmTile.Columns);
            float* to = c + ((nint)i * _n);
            if (adds)
            {
                Reduce.Add(from, to, width);
            }
            else
            {
                new ReadOnlySpan<float>(from, width).CopyTo(new Span<float>(to, width));
            }
        }
    }

    private static int WholeTiles(int count, int size) => (count + size - 1) / size * size;
}
