using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Kernels;

/// <summary>output[b] = mean of table[ids[i]] for i from offsets[b] to offsets[b + 1]; zeros for an empty bag.</summary>
internal static class BagKernel
{
    public static void Forward(ReadOnlySpan<float> table, ReadOnlySpan<int> ids, ReadOnlySpan<int> offsets, Span<float> output, int columns)
    {
        ShapeException.ThrowUnlessEqual(ids.Length, AttentionKernel.TotalOf(offsets));
        ShapeException.ThrowUnlessEqual(output.Length, (offsets.Length - 1) * columns);
        for (int bag = 0; bag < offsets.Length - 1; bag++)
        {
            Span<float> row = output.Slice(bag * columns, columns);
            row.Clear();
            ReadOnlySpan<int> members = ids[offsets[bag]..offsets[bag + 1]];
            foreach (int id in members)
            {
                TensorPrimitives.Add(row, table.Slice(id * columns, columns), row);
            }

            if (members.Length > 1)
            {
                TensorPrimitives.Multiply(row, 1f / members.Length, row);
            }
        }
    }

    /// <summary>gradTable[ids[i]] += gradOutput[b] / size of bag b.</summary>
    public static void Backward(ReadOnlySpan<float> gradOutput, ReadOnlySpan<int> ids, ReadOnlySpan<int> offsets, Span<float> gradTable, int columns)
    {
        ShapeException.ThrowUnlessEqual(ids.Length, AttentionKernel.TotalOf(offsets));
        ShapeException.ThrowUnlessEqual(gradOutput.Length, (offsets.Length - 1) * columns);
        for (int bag = 0; bag < offsets.Length - 1; bag++)
        {
            ReadOnlySpan<float> row = gradOutput.Slice(bag * columns, columns);
            ReadOnlySpan<int> members = ids[offsets[bag]..offsets[bag + 1]];
            foreach (int id in members)
            {
                Span<float> sum = gradTable.Slice(id * columns, columns);
                TensorPrimitives.MultiplyAdd(row, 1f / members.Length, sum, sum);
            }
        }
    }
}
