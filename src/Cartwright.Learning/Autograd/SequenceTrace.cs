using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Operations over sequences that lie one after the other, in operations of the ONNX standard.</summary>
internal static class SequenceTrace
{
    /// <summary>softmax(Q·Kᵀ / √size)·V for every sequence and head.</summary>
    public static void RecordAttention(OperationTrace trace, Tensor output, Tensor queries, Tensor keys, Tensor values, int[] offsets, int[] keyOffsets,
        int heads, bool causal)
    {
        int size = queries.Columns / heads;
        TracedSequences asking = TracedSequences.Of(trace, offsets), asked = TracedSequences.Of(trace, keyOffsets);
        TracedValue q = Heads(queries, asking, 0, 2, 1, 3), k = Heads(keys, asked, 0, 2, 3, 1), v = Heads(values, asked, 0, 2, 1, 3);
        TracedValue scores = trace.Node("Mul", [trace.Node("MatMul", [q, k]), Tensor.From([1 / MathF.Sqrt(size)])]);
        scores = asked.Only(scores, float.NegativeInfinity, 1, 2);
        if (causal)
        {
            // The triangle is made from the shape, so that the length stays open.
            TracedValue ones = trace.Node("ConstantOfShape", [trace.Node("Shape", [scores])], ("value", Tensor.From([1], 1)));
            TracedValue isSeen = trace.Node("Cast", [trace.Node("Trilu", [ones], ("upper", 0L))], ("to", 9L));
            scores = trace.Node("Where", [isSeen, scores, Tensor.From([float.NegativeInfinity])]);
        }

        TracedValue attended = trace.Node("MatMul", [trace.Node("Softmax", [scores], ("axis", -1L)), v]);
        asking.RecordCut(output, trace.Node("Transpose", [attended], ("perm", new long[] { 0, 2, 1, 3 })));

        TracedValue Heads(Tensor x, TracedSequences of, params long[] order) =>
            trace.Node("Transpose", [trace.Node("Reshape", [of.Fill(x, x.Columns), (int[])[0, 0, heads, size]])], ("perm", order));
    }

    /// <summary>Pair i of a head, the numbers i and i + pairs, turned by its frequency times the place.</summary>
    public static void RecordTurn(OperationTrace trace, Tensor y, Tensor x, int[] offsets, RotaryAngles angles)
    {
        int pairs = angles.PairCount;
        TracedValue places = trace.Node("Cast", [trace.Node("Unsqueeze", [TracedSequences.Of(trace, offsets).Places(x), (int[])[1, 2]])], ("to", 1L));
        TracedValue angle = trace.Node("Mul", [places, Tensor.From([.. Enumerable.Range(0, pairs).Select(i => (float)angles.Frequency(i))], pairs)]);
        TracedValue cosine = trace.Node("Cos", [angle]), sine = trace.Node("Sin", [angle]);
        TracedValue heads = trace.Node("Reshape", [x, (int[])[x.Rows, x.Columns / (2 * pairs), 2 * pairs]]);
        TracedValue first = Part(0), second = Part(pairs);
        TracedValue turnedFirst = trace.Node("Sub", [trace.Node("Mul", [first, cosine]), trace.Node("Mul", [second, sine])]);
        TracedValue turnedSecond = trace.Node("Add", [trace.Node("Mul", [second, cosine]), trace.Node("Mul", [first, sine])]);
        trace.Record(y, "Reshape", [trace.Node("Concat", [turnedFirst, turnedSecond], ("axis", 2L)), y.Dimensions.ToArray()]);

        TracedValue Part(int start) => trace.Node("Slice", [heads, (int[])[start], (int[])[start + pairs], (int[])[2]]);
    }

    /// <summary>The mean of the rows of each sequence, weighted by the softmax of their scores.</summary>
    public static void RecordWeightedMeans(OperationTrace trace, Tensor means, Tensor x, Tensor scores, int[] offsets)
    {
        var sequences = TracedSequences.Of(trace, offsets);
        TracedValue rows = sequences.Fill(x, x.Columns);
        TracedValue told = sequences.Fill(trace.Node("Reshape", [scores, (int[])[-1, 1]]), 1);
        TracedValue weights = trace.Node("Softmax", [sequences.Only(told, float.NegativeInfinity, 2)], ("axis", 1L));
        weights = sequences.Only(weights, 0, 2);                         // a sequence without tokens has no softmax
        trace.Record(means, "ReduceSum", [trace.Node("Mul", [rows, weights]), (int[])[1]], ("keepdims", 0L));
    }

    /// <summary>The rows of each bag as one; zeros where it has none.</summary>
    public static void RecordBags(OperationTrace trace, Tensor bags, Tensor table, int[] ids, int[] offsets, BagMode mode)
    {
        var sequences = TracedSequences.Of(trace, offsets);
        TracedValue rows = sequences.Fill(trace.Node("Gather", [table, ids], ("axis", 0L)), table.Columns);
        string type = mode switch { BagMode.Sum => "ReduceSum", BagMode.Max => "ReduceMax", _ => "ReduceMean" };
        if (sequences.Lengths is null)
        {
            if (ids.Length == 0)
            {
                throw new NotSupportedException("An example of bags without ids says nothing of others. Export the model with ids in its bags.");
            }

            trace.Record(bags, type, [rows, (int[])[1]], ("keepdims", 0L));
            return;
        }

        TracedValue lengths = trace.Node("Unsqueeze", [sequences.Lengths, (int[])[1]]);
        if (mode == BagMode.Max)
        {
            TracedValue largest = trace.Node("ReduceMax", [sequences.Only(rows, float.NegativeInfinity, 2), (int[])[1]], ("keepdims", 0L));
            trace.Record(bags, "Where", [trace.Node("Greater", [lengths, (int[])[0]]), largest, Tensor.From([0f])]);
            return;
        }

        TracedValue members = sequences.Only(rows, 0, 2);
        if (mode == BagMode.Sum)
        {
            trace.Record(bags, type, [members, (int[])[1]], ("keepdims", 0L));
            return;
        }

        TracedValue sums = trace.Node("ReduceSum", [members, (int[])[1]], ("keepdims", 0L));
        trace.Record(bags, "Div", [sums, trace.Node("Cast", [trace.Node("Max", [lengths, (int[])[1]])], ("to", 1L))]);
    }
}
