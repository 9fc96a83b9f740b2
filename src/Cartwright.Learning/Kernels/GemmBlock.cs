using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>One block of C on the calling thread, tile by tile; k is short enough for a panel of B to stay in the first cache.</summary>
internal static unsafe class GemmBlock
{
    /// <summary>Numbers between the starts of two columns of A from which reading 8 numbers of each wears out the page table.</summary>
    private const int LongStride = 256;

    /// <summary>Up to here a tile of C takes as long to write as to compute.</summary>
    private const int ShortDepth = 64;

    /// <summary>A shorter chain is over before what it asked for has come.</summary>
    private const int DepthWorthPrefetching = 128;

    /// <summary>Numbers in a cache line.</summary>
    private const int CacheLine = 16;

    /// <summary>C = A·B, or C + A·B where <paramref name="accumulate"/>.</summary>
    /// <param name="panelsOfB">
    /// Where B is packed: its panels, each with all <paramref name="panelDepth"/> rows of which those from
    /// <paramref name="start"/> on count here. Null where it is not.
    /// </param>
    public static void Multiply(
        MatrixView a,
        MatrixView b,
        float* panelsOfB,
        int panelDepth,
        int start,
        float* c,
        nint cStride,
        int m,
        int n,
        int k,
        bool accumulate)
    {
        var rows = new GemmRows(m);
        bool packA = a.RowStride != 1 ? a.ColumnStride != 1 : a.ColumnStride >= LongStride && n > GemmTile.Columns;
        float* panelsOfA = packA ? Scratch.Take(Scratch.Use.PackedA, (nint)m * k) : null;
        if (packA)
        {
            GemmPanels.PackA(a, rows, k, panelsOfA);
        }

        if (panelsOfB != null && k <= ShortDepth)
        {
            // Writing C takes as long as computing it: go through its rows as they lie.
            for (int tile = 0; tile < rows.TileCount; tile++)
            {
                int row = rows.Start(tile);
                int height = rows.Height(tile);
                MatrixView left = packA ? new MatrixView(panelsOfA + ((nint)row * k), 1, height) : a.From(row, 0);
                for (int j = 0; j < n; j += GemmTile.Columns)
                {
                    int columns = Math.Min(GemmTile.Columns, n - j);
                    int width = GemmPanels.PanelWidth(columns);
                    float* panel = panelsOfB + ((nint)j * panelDepth) + ((nint)start * width);
                    Tile(height, columns, k, left, panel, width, c + (row * cStride) + j, cStride, accumulate, panel);
                }
            }

            return;
        }

        for (int j = 0; j < n; j += GemmTile.Columns)
        {
            int columns = Math.Min(GemmTile.Columns, n - j);
            int width = GemmPanels.PanelWidth(columns);
            float* panel;
            nint bRow = width;
            if (panelsOfB != null)
            {
                panel = panelsOfB + ((nint)j * panelDepth) + ((nint)start * width);
            }
            else if ((columns == width || GemmTile.HasMasks) && b.ColumnStride == 1)
            {
                panel = b.At(0, j);
                bRow = b.RowStride;
            }
            else
            {
                panel = Scratch.Take(Scratch.Use.PanelOfB, (nint)GemmTile.Columns * k);
                GemmPanels.PackB(b.From(0, j), columns, k, panel);
            }

            // While a tile is multiplied, the next panel comes nearer by a part, as far as the tiles reach.
            int tilesToBringNext = panelsOfB != null && j + GemmTile.Columns < n ? width / GemmTile.NextPerStep : 0;
            float* next = panel + ((nint)GemmTile.Columns * panelDepth);
            for (int tile = 0; tile < rows.TileCount; tile++)
            {
                int row = rows.Start(tile);
                int height = rows.Height(tile);
                float* tileOfC = c + (row * cStride) + j;
                if (k >= DepthWorthPrefetching)
                {
                    PrefetchTile(tileOfC, cStride, height, columns);
                }

                MatrixView left = packA ? new MatrixView(panelsOfA + ((nint)row * k), 1, height) : a.From(row, 0);
                float* part = tile < tilesToBringNext ? next + ((nint)tile * k * GemmTile.NextPerStep) : panel;
                Tile(height, columns, k, left, panel, bRow, tileOfC, cStride, accumulate, part);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile(
        int rows, int columns, int k, MatrixView left, float* panel, nint bRow, float* c, nint cStride, bool accumulate, float* next) =>
        GemmTile.Multiply(rows, columns, k, left.Data, left.RowStride, left.ColumnStride, panel, bRow, c, cStride, accumulate, next);

    // A tile of C is needed at the end of its chain over k, in rows far apart: ask for it at the start.
    private static void PrefetchTile(float* c, nint cStride, int rows, int columns)
    {
        if (Sse.IsSupported)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j += CacheLine)
                {
                    Sse.Prefetch0(c + (i * cStride) + j);
                }
            }
        }
    }
}
