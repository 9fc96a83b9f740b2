namespace Cartwright.Learning.Kernels;

/// <summary>Cuts rows into blocks of about 16,384 numbers: enough work to be worth handing to a thread.</summary>
/// <remarks>The cut depends on the sizes alone, which keeps the bits of partial sums the same on any thread count.</remarks>
internal readonly struct RowBlocks
{
    private const int BlockSize = 16_384;

    private readonly int _rows;
    private readonly int _rowsPerBlock;

    /// <param name="mostBlocks">Upper bound on the blocks, for kernels that keep a partial sum for each.</param>
    public RowBlocks(int rows, int columns, int mostBlocks = int.MaxValue)
    {
        _rows = rows;
        int fewest = (int)(((long)rows + mostBlocks - 1) / mostBlocks);
        _rowsPerBlock = Math.Max(Math.Max(1, BlockSize / Math.Max(1, columns)), fewest);
    }

    public int Count => (int)(((long)_rows + _rowsPerBlock - 1) / _rowsPerBlock);

    public int Start(int block) => block * _rowsPerBlock;

    public int End(int block) => (int)Math.Min(_rows, ((long)block + 1) * _rowsPerBlock);
}
