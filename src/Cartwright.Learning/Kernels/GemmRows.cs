namespace Cartwright.Learning.Kernels;

/// <summary>Cuts rows into as few tiles as hold them, of heights that differ by 1 at most: 50 rows into 7 of 8, 7, …, 7.</summary>
internal readonly struct GemmRows
{
    private readonly int _height;
    private readonly int _higher;

    public GemmRows(int rows)
    {
        if (rows <= GemmTile.Rows)
        {
            // Without the division, which a tiny product would feel.
            (TileCount, _height) = (1, rows);
            return;
        }

        TileCount = (rows + GemmTile.Rows - 1) / GemmTile.Rows;
        (_height, _higher) = Math.DivRem(rows, TileCount);
    }

    public int TileCount { get; }

    public int Start(int tile) => (tile * _height) + Math.Min(tile, _higher);

    public int Height(int tile) => tile < _higher ? _height + 1 : _height;
}
