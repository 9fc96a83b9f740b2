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
        ShapeException.ThrowUnlessEqual(targets.Length, rows);
        ShapeException.ThrowUnlessEqual(table.Columns, hidden);

        Tensor gradQueries = Tensor.Uninitialized([rows, hidden]);
        Tensor gradTable = Tensor.Zeros(candidates, hidden);
        Tensor loss = Tensor.Result([], [queries, table], loss =>
        {
            Arithmetic.AddScaledGradient(queries, gradQueries.Values, loss.Gradient[0]);
            Arithmetic.AddScaledGradient(table, gradTable.Values, loss.Gradient[0]);
        });

        Tensor logits = Tensor.Uninitialized([Math.Min(rows, BlockRows), candidates]);
        Tensor losses = Tensor.Uninitialized([rows]);
        for (int start = 0; start < rows; start += BlockRows)
        {
            int count = Math.Min(BlockRows, rows - start);
            ReadOnlySpan<float> block = queries.Values.Slice(start * hidden, count * hidden);
            Span<float> blockLogits = logits.Output[..(count * candidates)];

            Gemm.Multiply(block, false, table.Values, true, blockLogits, count, candidates, hidden, 0);
            SoftmaxGradientKernel.Invoke(blockLogits, targets.AsSpan(start, count), 1f / rows,
                losses.Output.Slice(start, count), count, candidates);
            Gemm.Multiply(blockLogits, false, table.Values, false, gradQueries.Output.Slice(start * hidden, count * hidden),
                count, hidden, candidates, 0);
            Gemm.Multiply(blockLogits, true, block, false, gradTable.Output, candidates, hidden, count, 1);
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
