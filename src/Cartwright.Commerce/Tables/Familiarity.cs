using Cartwright.Learning.Linear;
using Cartwright.Learning.Neighbors;

namespace Cartwright.Commerce.Tables;

/// <summary>Knows whether a row is like those that were learned from.</summary>
/// <remarks>The distance to the nearest of a sample of them, set beside that of rows which were held out: what 99 of 100 of those stay within is familiar.</remarks>
/// <param name="Rows">The sample.</param>
/// <param name="Distance">Largest distance of a familiar row, squared.</param>
internal sealed record Familiarity(SparseRows Rows, double Distance)
{
    private const int SampleSize = 2_000;
    private const double Familiar = 0.99;

    private readonly NearestNeighbors _neighbors = new(Rows);

    public static Familiarity Of(TableLearning learning)
    {
        SparseRows sample = Sample(learning.Train.Rows.Linear);
        double[] distances = [.. new Familiarity(sample, double.PositiveInfinity).Distances(Sample(learning.Validation.Rows.Linear)).Order()];
        return new Familiarity(sample, distances[(int)(Familiar * (distances.Length - 1))]);
    }

    /// <returns>For each row, how many times as far as familiar rows it lies from the nearest known one; 1 or less is familiar.</returns>
    public double[] Strangeness(SparseRows rows) => Array.ConvertAll(Distances(rows), d => Distance > 0 ? Math.Sqrt(d / Distance) : d > 0 ? double.PositiveInfinity : 0);

    private static SparseRows Sample(SparseRows rows)
    {
        int step = (rows.RowCount / SampleSize) + 1;
        return rows.Select([.. Enumerable.Range(0, rows.RowCount).Where(i => i % step == 0)]);
    }

    private double[] Distances(SparseRows rows)
    {
        int[] nearest = _neighbors.Find(rows, 1);
        return [.. nearest.Select((other, row) => SquaredDistance(rows, row, other))];
    }

    private double SquaredDistance(SparseRows rows, int row, int other)
    {
        var difference = new Dictionary<int, double>();
        Add(rows, row, 1);
        Add(Rows, other, -1);
        return difference.Values.Sum(d => d * d);

        void Add(SparseRows of, int index, int sign)
        {
            (ReadOnlyMemory<int> columns, ReadOnlyMemory<float> values) = of.Row(index);
            for (int i = 0; i < columns.Length; i++)
            {
                difference[columns.Span[i]] = difference.GetValueOrDefault(columns.Span[i]) + (sign * values.Span[i]);
            }
        }
    }
}
