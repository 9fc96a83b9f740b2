using Cartwright.Learning.Autograd;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Kernels;

/// <summary>output[b] = mean, sum or maximum of table[ids[i]] for i from offsets[b] to offsets[b + 1]; zeros for an empty bag.</summary>
internal static class BagKernel
{
    public static void Forward(ReadOnlySpan<float> table, ReadOnlySpan<int> ids, ReadOnlySpan<int> offsets, Span<float> output, int columns, BagMode mode)
    {
        ShapeException.ThrowUnlessLength(ids.Length, SequenceOffsets.TotalOf(offsets));
        ShapeException.ThrowUnlessLength(output.Length, (offsets.Length - 1) * columns);
        for (int bag = 0; bag < offsets.Length - 1; bag++)
        {
            Span<float> row = output.Slice(bag * columns, columns);
            row.Clear();
            ReadOnlySpan<int> members = ids[offsets[bag]..offsets[bag + 1]];
            if (mode == BagMode.Max)
            {
                Largest(table, members, row);
                continue;
            }

            foreach (int id in members)
            {
                TensorPrimitives.Add(row, table.Slice(id * columns, columns), row);
            }

            if (mode == BagMode.Mean && members.Length > 1)
            {
                TensorPrimitives.Multiply(row, 1f / members.Length, row);
            }
        }
    }

    /// <summary>gradTable[places[i]] += gradOutput[b], divided by the size of bag b for a mean.</summary>
    public static void Backward(ReadOnlySpan<float> gradOutput, ReadOnlySpan<int> places, ReadOnlySpan<int> offsets, Span<float> gradTable, int columns, BagMode mode)
    {
        ShapeException.ThrowUnlessLength(places.Length, SequenceOffsets.TotalOf(offsets));
        ShapeException.ThrowUnlessLength(gradOutput.Length, (offsets.Length - 1) * columns);
        for (int bag = 0; bag < offsets.Length - 1; bag++)
        {
            ReadOnlySpan<float> row = gradOutput.Slice(bag * columns, columns);
            ReadOnlySpan<int> members = places[offsets[bag]..offsets[bag + 1]];
            foreach (int place in members)
            {
                Span<float> sum = gradTable.Slice(place * columns, columns);
                TensorPrimitives.MultiplyAdd(row, mode == BagMode.Mean ? 1f / members.Length : 1, sum, sum);
            }
        }
    }

    /// <summary>gradTable[places[i], c] += gradOutput[b, c] for the first i of bag b with table[ids[i], c] = output[b, c].</summary>
    public static void BackwardOfMax(ReadOnlySpan<float> gradOutput, ReadOnlySpan<float> output, ReadOnlySpan<float> table, ReadOnlySpan<int> ids,
        ReadOnlySpan<int> places, ReadOnlySpan<int> offsets, Span<float> gradTable, int columns)
    {
        ShapeException.ThrowUnlessLength(places.Length, ids.Length);
        ShapeException.ThrowUnlessLength(gradOutput.Length, (offsets.Length - 1) * columns);
        ShapeException.ThrowUnlessLength(output.Length, gradOutput.Length);
        for (int bag = 0; bag < offsets.Length - 1; bag++)
        {
            for (int column = 0; column < columns; column++)
            {
                float largest = output[(bag * columns) + column];
                for (int i = offsets[bag]; i < offsets[bag + 1]; i++)
                {
                    if (table[(ids[i] * columns) + column] == largest)
                    {
                        gradTable[(places[i] * columns) + column] += gradOutput[(bag * columns) + column];
                        break;
                    }
                }
            }
        }
    }

    private static void Largest(ReadOnlySpan<float> table, ReadOnlySpan<int> members, Span<float> row)
    {
        for (int i = 0; i < members.Length; i++)
        {
            ReadOnlySpan<float> member = table.Slice(members[i] * row.Length, row.Length);
            if (i == 0)
            {
                member.CopyTo(row);
            }
            else
            {
                TensorPrimitives.Max(row, member, row);
            }
        }
    }
}
