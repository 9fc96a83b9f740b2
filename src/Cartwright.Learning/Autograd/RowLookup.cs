using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Rows taken out of a table. Their gradient touches the taken rows only.</summary>
public static class RowLookup
{
    /// <summary>Row ids[i] of the table as row i: [ids.Length, columns].</summary>
    /// <param name="table">[rows, columns]</param>
    /// <param name="ids">Row numbers from 0; any may come more than once. Not copied: leave it alone until the step ends.</param>
    /// <exception cref="ShapeException">The table is no matrix, or an id is outside of it.</exception>
    public static Tensor TakeRows(this Tensor table, int[] ids)
    {
        ShapeException.Require(table.Rank == 2, $"A table is a matrix [rows, columns]; found {table}.");
        ThrowUnlessRows(table, ids);
        Tensor rows = Tensor.Result([ids.Length, table.Columns], [table], rows => table.Storage.AddToRows(ids, rows.Gradient, table.Columns));
        GatherKernel.Forward(table.Values, ids, rows.Output, table.Columns);
        OperationTrace.Current?.Record(rows, "Gather", [table, ids], ("axis", 0L));
        return rows;
    }

    /// <summary>Some rows of the table as one for each output row, zero where it has none: an embedding bag.</summary>
    /// <param name="table">[rows, columns]</param>
    /// <param name="ids">Row numbers of all bags, one bag after the other. Not copied: leave them alone until the step ends.</param>
    /// <param name="offsets">Bag b is ids[offsets[b]] up to ids[offsets[b + 1]]: one number more than there are bags.</param>
    /// <param name="mode">How the rows of a bag become one.</param>
    /// <returns>[offsets.Length − 1, columns]</returns>
    /// <exception cref="ShapeException">The table is no matrix, an id is outside of it, or the offsets don't start at 0, fall, or end elsewhere than the ids.</exception>
    public static Tensor Bags(this Tensor table, int[] ids, int[] offsets, BagMode mode = BagMode.Mean)
    {
        ShapeException.Require(table.Rank == 2, $"A table is a matrix [rows, columns]; found {table}.");
        ShapeException.Require(ids.Length == SequenceOffsets.TotalOf(offsets), $"The offsets of bags end at the number of ids, {ids.Length}; they end at {offsets[^1]}.");
        ThrowUnlessRows(table, ids);
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "The rows of a bag become their mean, sum or maximum.");
        }

        int columns = table.Columns;
        Tensor bags = Tensor.Result([offsets.Length - 1, columns], [table], bags =>
        {
            Span<float> gradient = table.Storage.GradientOfRows(ids, columns, out ReadOnlySpan<int> places);
            if (mode == BagMode.Max)
            {
                BagKernel.BackwardOfMax(bags.Gradient, bags.Values, table.Values, ids, places, offsets, gradient, columns);
            }
            else
            {
                BagKernel.Backward(bags.Gradient, places, offsets, gradient, columns, mode);
            }
        });
        BagKernel.Forward(table.Values, ids, offsets, bags.Output, columns, mode);
        if (OperationTrace.Current is { } trace)
        {
            SequenceTrace.RecordBags(trace, bags, table, ids, offsets, mode);
        }

        return bags;
    }

    private static void ThrowUnlessRows(Tensor table, int[] ids)
    {
        int rowCount = table.Shape[0];
        for (int i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)rowCount)
            {
                throw new ShapeException($"Id {ids[i]} at position {i} is not in the table: {(rowCount == 0 ? "it has no rows" : $"its rows have the ids 0 to {rowCount - 1}")}.");
            }
        }
    }
}
