using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Linear;

/// <summary>A matrix of which few numbers are not 0, row by row.</summary>
public sealed class SparseRows
{
    private SparseRows? _transposed;

    /// <param name="starts">Where each row's numbers begin, and the end of the last: [rows + 1].</param>
    /// <param name="columns">Column of each number, rising within a row.</param>
    /// <param name="values">The numbers.</param>
    /// <param name="columnCount">Columns of the matrix.</param>
    /// <exception cref="ShapeException">The lengths do not fit, or <paramref name="starts"/> falls.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column does not exist.</exception>
    public SparseRows(int[] starts, int[] columns, float[] values, int columnCount)
    {
        ShapeException.Require(
            columns.Length == values.Length,
            $"Sparse rows have one column for each value; found {columns.Length} columns for {values.Length} values.");
        ShapeException.Require(columns.Length == SequenceOffsets.TotalOf(starts), $"The last of the starts is the count of values, {values.Length}; found {starts[^1]}.");
        ArgumentOutOfRangeException.ThrowIfNegative(columnCount);
        for (int i = 0; i < columns.Length; i++)
        {
            if ((uint)columns[i] >= (uint)columnCount)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(columns), columns[i], $"The column at position {i} does not exist; there are {columnCount}, counted from 0.");
            }
        }

        Starts = starts;
        Columns = columns;
        Values = values;
        ColumnCount = columnCount;
    }

    public int RowCount => Starts.Length - 1;

    public int ColumnCount { get; }

    /// <summary>[rows + 1]</summary>
    public int[] Starts { get; }

    public int[] Columns { get; }

    public float[] Values { get; }

    /// <summary>The columns and numbers of a row.</summary>
    public (ReadOnlyMemory<int> Columns, ReadOnlyMemory<float> Values) Row(int row) =>
        (Columns.AsMemory(Starts[row]..Starts[row + 1]), Values.AsMemory(Starts[row]..Starts[row + 1]));

    /// <summary>Some of the rows, in the order given.</summary>
    public SparseRows Select(ReadOnlySpan<int> rows)
    {
        int[] starts = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++)
        {
            starts[i + 1] = starts[i] + Starts[rows[i] + 1] - Starts[rows[i]];
        }

        int[] columns = new int[starts[^1]];
        float[] values = new float[starts[^1]];
        for (int i = 0; i < rows.Length; i++)
        {
            Columns.AsSpan(Starts[rows[i]]..Starts[rows[i] + 1]).CopyTo(columns.AsSpan(starts[i]));
            Values.AsSpan(Starts[rows[i]]..Starts[rows[i] + 1]).CopyTo(values.AsSpan(starts[i]));
        }

        return new SparseRows(starts, columns, values, ColumnCount);
    }

    /// <summary>Rows for columns; made once and kept.</summary>
    public SparseRows Transpose()
    {
        if (_transposed is null)
        {
            int[] starts = new int[ColumnCount + 1];
            foreach (int column in Columns)
            {
                starts[column + 1]++;
            }

            for (int c = 0; c < ColumnCount; c++)
            {
                starts[c + 1] += starts[c];
            }

            int[] next = starts[..^1];
            int[] rows = new int[Columns.Length];
            float[] values = new float[Columns.Length];
            for (int row = 0; row < RowCount; row++)
            {
                for (int i = Starts[row]; i < Starts[row + 1]; i++)
                {
                    int place = next[Columns[i]]++;
                    rows[place] = row;
                    values[place] = Values[i];
                }
            }

            _transposed = new SparseRows(starts, rows, values, RowCount);
        }

        return _transposed;
    }

    /// <summary>Writes the product of the matrix and a vector.</summary>
    /// <param name="x">[columns]</param>
    /// <param name="y">[rows]</param>
    public void Multiply(double[] x, double[] y)
    {
        ShapeException.Require(x.Length == ColumnCount, $"A product with rows of {ColumnCount} columns takes {ColumnCount} numbers; found {x.Length}.");
        ShapeException.Require(y.Length == RowCount, $"A product with {RowCount} rows writes {RowCount} numbers; there is room for {y.Length}.");
        ParallelWork.For(Blocks.Count, new Multiplying(this, x, y));
    }

    private RowBlocks Blocks => new(RowCount, 1 + (Columns.Length / Math.Max(1, RowCount)));

    private readonly struct Multiplying(SparseRows matrix, double[] x, double[] y) : IWorkItem
    {
        public void Run(int index)
        {
            RowBlocks blocks = matrix.Blocks;
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                double sum = 0;
                for (int i = matrix.Starts[row]; i < matrix.Starts[row + 1]; i++)
                {
                    sum += matrix.Values[i] * x[matrix.Columns[i]];
                }

                y[row] = sum;
            }
        }
    }
}
