using Cartwright.Learning.Kernels;
using Cartwright.Learning.Linear;

namespace Cartwright.Learning.Neighbors;

/// <summary>Finds, for each row, the rows of a reference that lie nearest: the plainest way to learn from examples.</summary>
/// <remarks>Euclidean distance, by |x|^2 + |y|^2 - 2 x·y, with the products gathered over the columns that a row has. Cover and Hart, "Nearest Neighbor Pattern Classification", 1967.</remarks>
/// <param name="reference">Where neighbors are looked for: at least one row.</param>
public sealed class NearestNeighbors(SparseRows reference)
{
    private readonly SparseRows _byColumn = reference.Transpose();
    private readonly float[] _lengths = FiniteLengths(reference);

    /// <summary>The nearest rows, nearest first; of equal distances the lower index.</summary>
    /// <param name="rows">With the columns of the reference.</param>
    /// <param name="count">Neighbors of each row, 1 or more; at most as many as the reference has.</param>
    /// <returns>Indexes into the reference: [rows, count].</returns>
    /// <exception cref="ShapeException">The columns differ, or the reference has no rows.</exception>
    /// <exception cref="ArgumentException">A row has a length that is no finite number.</exception>
    public int[] Find(SparseRows rows, int count)
    {
        ShapeException.Require(
            rows.ColumnCount == reference.ColumnCount,
            $"The rows have {rows.ColumnCount} columns, and the reference that they are compared with has {reference.ColumnCount}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ShapeException.Require(reference.RowCount > 0, $"The reference has no rows, and so there are no neighbors. Give 1 row or more.");
        _ = FiniteLengths(rows);
        count = Math.Min(count, reference.RowCount);
        int[] nearest = new int[rows.RowCount * count];
        ParallelWork.For((rows.RowCount + RowsPerPiece - 1) / RowsPerPiece, new Finding(this, rows, count, nearest));
        return nearest;
    }

    private const int RowsPerPiece = 64;

    private static float[] FiniteLengths(SparseRows rows)
    {
        float[] lengths = new float[rows.RowCount];
        for (int row = 0; row < lengths.Length; row++)
        {
            lengths[row] = System.Numerics.Tensors.TensorPrimitives.SumOfSquares(rows.Row(row).Values.Span);
            if (!float.IsFinite(lengths[row]))
            {
                throw new ArgumentException($"Row {row} has a length that is no finite number: it holds NaN, infinity or numbers that are too large.", nameof(rows));
            }
        }

        return lengths;
    }

    private readonly struct Finding(NearestNeighbors neighbors, SparseRows rows, int count, int[] nearest) : IWorkItem
    {
        public void Run(int index)
        {
            float[] closeness = new float[neighbors._lengths.Length];
            int end = Math.Min(rows.RowCount, (index + 1) * RowsPerPiece);
            for (int row = index * RowsPerPiece; row < end; row++)
            {
                for (int i = 0; i < closeness.Length; i++)
                {
                    closeness[i] = -0.5f * neighbors._lengths[i];
                }

                (ReadOnlyMemory<int> columns, ReadOnlyMemory<float> values) = rows.Row(row);
                for (int c = 0; c < columns.Length; c++)
                {
                    float value = values.Span[c];
                    (ReadOnlyMemory<int> others, ReadOnlyMemory<float> theirs) = neighbors._byColumn.Row(columns.Span[c]);
                    ReadOnlySpan<int> places = others.Span;
                    ReadOnlySpan<float> numbers = theirs.Span;
                    for (int i = 0; i < places.Length; i++)
                    {
                        closeness[places[i]] += value * numbers[i];
                    }
                }

                Metrics.Ranking.Top(closeness, [], nearest.AsSpan(row * count, count));
            }
        }
    }
}
