using Cartwright.Learning.Linear;

namespace Cartwright.Commerce.Tables;

/// <summary>Which column of the table each column that a model reads was made of.</summary>
/// <param name="Network">Of its numbers, then its categories, then its texts.</param>
/// <param name="Trees">Of the columns for trees.</param>
/// <param name="Linear">Of the columns for sums and distances.</param>
/// <param name="ColumnCount">Columns of the table that are read.</param>
internal sealed record TablePlaces(int[] Network, int[] Trees, int[] Linear, int ColumnCount)
{
    public static TablePlaces Of(IReadOnlyList<LearnedColumn> columns)
    {
        List<int> numbers = [], categories = [], texts = [], trees = [], linear = [];
        for (int i = 0; i < columns.Count; i++)
        {
            LearnedColumn column = columns[i];
            (List<int> network, int networkCount, int treeCount, int linearCount) = column.Kind switch
            {
                ColumnKind.Category => (categories, 1, 1, column.Categories.Count + 1),
                ColumnKind.Text => (texts, 1, 1 + column.TreeWords.Length, Math.Max(1, column.Vocabulary.Count)),
                _ => (numbers, column.NumberNames.Count(), column.NumberNames.Count(), 2 * column.NumberNames.Count()),
            };
            network.AddRange(Enumerable.Repeat(i, networkCount));
            trees.AddRange(Enumerable.Repeat(i, treeCount));
            linear.AddRange(Enumerable.Repeat(i, linearCount));
        }

        return new TablePlaces([.. numbers, .. categories, .. texts], [.. trees], [.. linear], columns.Count);
    }

    /// <summary>Parts of what a model reads, summed by the column of the table that they were made of.</summary>
    /// <param name="places">One of the lists of these.</param>
    public double[] Sum(IReadOnlyList<double> parts, int[] places)
    {
        double[] sums = new double[ColumnCount];
        for (int i = 0; i < parts.Count; i++)
        {
            sums[places[i]] += parts[i];
        }

        return sums;
    }

    /// <summary>What each column adds to a weighted sum of a row beside that of another.</summary>
    /// <param name="pair">The row, then the other.</param>
    public double[] Differences(SparseRows pair, double[] weights)
    {
        double[] sums = new double[ColumnCount];
        for (int row = 0; row < 2; row++)
        {
            (ReadOnlyMemory<int> columns, ReadOnlyMemory<float> values) = pair.Row(row);
            for (int i = 0; i < columns.Length; i++)
            {
                sums[Linear[columns.Span[i]]] += (row == 0 ? 1 : -1) * weights[columns.Span[i]] * values.Span[i];
            }
        }

        return sums;
    }
}
