namespace Cartwright.Learning.Kernels;

/// <summary>Rows of a table by their ids: an embedding.</summary>
internal static unsafe class GatherKernel
{
    /// <summary>Rows are dealt to this many pieces of work by their id, whatever the number of threads; a power of two.</summary>
    private const int ScatterPieces = 8;

    /// <summary>Writes output[i, :] = table[ids[i], :].</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is no row of the table.</exception>
    public static void Forward(ReadOnlySpan<float> table, ReadOnlySpan<int> ids, Span<float> output, int columns)
    {
        ThrowUnlessRows(ids, table.Length, columns);
        ShapeException.ThrowUnlessLength(output.Length, (long)ids.Length * columns);
        fixed (float* pt = table, po = output)
        fixed (int* pi = ids)
        {
            var blocks = new RowBlocks(ids.Length, columns);
            ParallelWork.For(blocks.Count, new GatherBlock(blocks, pt, pi, ids.Length, po, columns));
        }
    }

    /// <summary>Adds gradOutput[i, :] to gradTable[ids[i], :], in the order of i for every row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is no row of the table.</exception>
    public static void ScatterAdd(
        ReadOnlySpan<float> gradOutput, ReadOnlySpan<int> ids, Span<float> gradTable, int columns)
    {
        ThrowUnlessRows(ids, gradTable.Length, columns);
        ShapeException.ThrowUnlessLength(gradOutput.Length, (long)ids.Length * columns);
        fixed (float* pg = gradOutput, pt = gradTable)
        fixed (int* pi = ids)
        {
            bool isSmall = gradOutput.Length < 16_384;
            int pieces = isSmall ? 1 : ScatterPieces;
            ParallelWork.For(pieces, new ScatterPiece(pieces, ids.Length, pg, pi, pt, columns));
        }
    }

    /// <summary>Sums rows in chains: sums[p, :] gets gradOutput[i, :] of i = first[p], next[i], and so on while it is not negative.</summary>
    /// <param name="first">One for each row of the sums, negative where nothing is added to it.</param>
    /// <param name="next">One for each row of the gradient; each of these is in one chain.</param>
    /// <param name="known">Rows of the sums that hold something and are added to; those behind are written.</param>
    public static void SumChains(
        ReadOnlySpan<float> gradOutput, ReadOnlySpan<int> first, ReadOnlySpan<int> next, Span<float> sums, int columns, int known)
    {
        ShapeException.ThrowUnlessLength(gradOutput.Length, (long)next.Length * columns);
        ShapeException.ThrowUnlessLength(sums.Length, (long)first.Length * columns);
        fixed (float* pg = gradOutput, ps = sums)
        fixed (int* pf = first, pn = next)
        {
            var blocks = new RowBlocks(first.Length, columns);
            ParallelWork.For(blocks.Count, new ChainBlock(blocks, pg, pf, pn, ps, columns, known));
        }
    }

    internal static void ThrowUnlessRows(ReadOnlySpan<int> ids, int tableSize, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ShapeException.Require(tableSize % columns == 0, $"A table of rows with {columns} numbers each can't have {tableSize} numbers.");
        uint rows = (uint)(tableSize / columns);
        for (int i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= rows)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(ids), ids[i], $"The id at position {i} is not in the table: its {rows} rows have the ids from 0 up.");
            }
        }
    }

    private readonly struct GatherBlock(RowBlocks blocks, float* table, int* ids, int count, float* output, int columns) : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                if (row + Prefetch.RowsAhead < count)
                {
                    Prefetch.Row(table + ((nint)ids[row + Prefetch.RowsAhead] * columns), columns);
                }

                new ReadOnlySpan<float>(table + ((nint)ids[row] * columns), columns)
                    .CopyTo(new Span<float>(output + ((nint)row * columns), columns));
            }
        }
    }

    private readonly struct ChainBlock(RowBlocks blocks, float* gradOutput, int* first, int* next, float* sums, int columns, int known)
        : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                float* sum = sums + ((nint)row * columns);
                int i = first[row];
                if (row >= known)
                {
                    new ReadOnlySpan<float>(gradOutput + ((nint)i * columns), columns).CopyTo(new Span<float>(sum, columns));
                    i = next[i];
                }

                for (; i >= 0; i = next[i])
                {
                    Reduce.Add(gradOutput + ((nint)i * columns), sum, columns);
                }
            }
        }
    }

    private readonly struct ScatterPiece(int pieces, int count, float* gradOutput, int* ids, float* gradTable, int columns)
        : IWorkItem
    {
        public void Run(int index)
        {
            for (int i = 0; i < count; i++)
            {
                if ((ids[i] & (pieces - 1)) == index)
                {
                    Reduce.Add(gradOutput + ((nint)i * columns), gradTable + ((nint)ids[i] * columns), columns);
                }
            }
        }
    }
}
