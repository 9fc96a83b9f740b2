using Cartwright.Learning.Autograd;
using Cartwright.Learning.Inspection;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tables;

/// <summary>What each column adds to a score of a row beside that of another.</summary>
/// <remarks>
/// Integrated gradients over the columns as the network joins them, summed column by column; a category or a text goes the straight way from the one
/// learned vector to the other. See <see cref="IntegratedGradients"/>.
/// </remarks>
public static class TableAttribution
{
    /// <param name="score">Of the network's outputs [rows, outputs] one number for each row.</param>
    /// <param name="pair">The row, then the other.</param>
    /// <param name="steps">Points on the way, 1 or more; more are more exact.</param>
    /// <returns>A value for each column: of numbers, then of categories, then of texts; with what they leave unexplained.</returns>
    /// <exception cref="ShapeException">There are no two rows, or they have other columns.</exception>
    public static Attribution Attribute(TableNetwork network, Func<Tensor, Tensor> score, TableRows pair, int steps = 64)
    {
        ShapeException.Require(pair.Count == 2, $"An attribution compares two rows, the one that is explained and another; found {pair.Count}.");
        using var scope = TensorScope.Begin();
        Tensor row, other;
        using (NoGradient.Begin())
        {
            Tensor joined = network.Join(pair);
            int size = network.JoinedSize;
            row = Tensor.From(joined.Values[..size].ToArray(), size);
            other = Tensor.From(joined.Values[size..].ToArray(), size);
        }

        Attribution numbers = IntegratedGradients.Attribute(joined => score(network.Head(joined)), row, other, steps);
        var columns = new List<float>();
        int start = 0;
        foreach (int size in network.JoinedSizes)
        {
            columns.Add((float)numbers.Values.AsSpan(start, size).ToArray().Sum(value => (double)value));
            start += size;
        }

        return new Attribution([.. columns], numbers.Score, numbers.BaselineScore);
    }
}
