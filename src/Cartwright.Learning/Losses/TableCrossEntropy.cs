using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>Softmax cross-entropy of queries against a table of candidates, without ever holding all logits.</summary>
/// <remarks>
/// The same number as CrossEntropy.Loss(queries · tableᵀ, targets), with both gradients computed in the same pass over blocks of
/// <see cref="BlockRows"/> rows: a batch of 1,000 rows against 12,101 items would hold 48 MB of logits twice, this holds 12 MB.
/// </remarks>
public static class TableCrossEntropy
{
    /// <summary>Rows of logits held at a time.</summary>
    internal const int BlockRows = 256;

    /// <summary>Full softmax: the mean over the rows.</summary>
    /// <param name="queries">[rows, hidden]</param>
    /// <param name="table">[candidates, hidden]</param>
    /// <param name="targets">Right candidate of each row.</param>
    /// <returns>A scalar; 0 where there are no rows.</returns>
    public static Tensor Loss(Tensor queries, Tensor table, int[] targets)
    {
        (int rows, int hidden, int candidates) = (queries.Rows, queries.Columns, table.Rows);
        ShapeException.Require(
            targets.Length == rows,
            $"Cross-entropy over a table needs a target for each query; found {targets.Length} targets for queries {queries}.");
        ShapeException.Require(
            table.Columns == hidden,
            $"Cross-entropy over a table needs candidates as wide as the queries; found queries {queries} and table {table}.");

        Tensor gradQueries = Tensor.Uninitialized([rows, hidden]);
        Tensor gradTable = rows == 0 ? Tensor.Zeros(candidates, hidden) : Tensor.Uninitialized([candidates, hidden]);
        Tensor loss = Tensor.Result([], [queries, table], loss =>
        {
            Arithmetic.AddScaledGradient(queries, gradQueries.Values, loss.Gradient[0]);
            Arithmetic.AddScaledGradient(table, gradTable.Values, loss.Gradient[0]);
        });

        Tensor work = Tensor.Uninitialized([TableSoftmaxKernel.WorkSize(Math.Min(rows, BlockRows), candidates, hidden)]);
        Tensor losses = Tensor.Uninitialized([rows]);
        for (int start = 0; start < rows; start += BlockRows)
        {
            int count = Math.Min(BlockRows, rows - start);
            TableSoftmaxKernel.Invoke(
                queries.Values.Slice(start * hidden, count * hidden), table.Values, targets.AsSpan(start, count), 1f / rows,
                losses.Output.Slice(start, count), gradQueries.Output.Slice(start * hidden, count * hidden),
                gradTable.Output, addToTable: start > 0, work.Output[..TableSoftmaxKernel.WorkSize(count, candidates, hidden)], hidden);
        }

        loss.Output[0] = rows == 0 ? 0 : (float)(Sum(losses.Values) / rows);
        return loss;
    }

    /// <summary>In double and in order, so that the number is the same however the rows were computed.</summary>
    internal static double Sum(ReadOnlySpan<float> losses)
    {
        double sum = 0;
        foreach (float loss in losses)
        {
            sum += loss;
        }

        return sum;
    }
}
