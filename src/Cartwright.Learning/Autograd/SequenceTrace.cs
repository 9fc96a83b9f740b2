using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Operations over sequences that lie one after the other, in operations of the ONNX standard, which knows equal lengths only.</summary>
internal static class SequenceTrace
{
    /// <summary>The length that all sequences have.</summary>
    /// <exception cref="NotSupportedException">They differ.</exception>
    public static int EqualLength(ReadOnlySpan<int> offsets)
    {
        int length = offsets.Length > 1 ? offsets[1] - offsets[0] : 0;
        for (int s = 1; s < offsets.Length; s++)
        {
            if (offsets[s] - offsets[s - 1] != length)
            {
                throw new NotSupportedException("Sequences of different lengths have no form in ONNX. Export the model with an example of one sequence, or of sequences of the same length.");
            }
        }

        return length;
    }

    /// <summary>softmax(Q·Kᵀ / √size)·V for every sequence and head.</summary>
    public static void RecordAttention(OperationTrace trace, Tensor output, Tensor queries, Tensor keys, Tensor values, int[] offsets, int[] keyOffsets,
        int heads, bool causal)
    {
        int size = queries.Columns / heads;
        TracedValue q = Heads(queries, offsets, 0, 2, 1, 3), k = Heads(keys, keyOffsets, 0, 2, 3, 1), v = Heads(values, keyOffsets, 0, 2, 1, 3);
        TracedValue scores = trace.Node("Mul", [trace.Node("MatMul", [q, k]), Tensor.From([1 / MathF.Sqrt(size)])]);
        if (causal)
        {
            // The triangle is made from the shape, so that the length stays open.
            TracedValue ones = trace.Node("ConstantOfShape", [trace.Node("Shape", [scores])], ("value", Tensor.From([1], 1)));
            TracedValue isSeen = trace.Node("Cast", [trace.Node("Trilu", [ones], ("upper", 0L))], ("to", 9L));
            scores = trace.Node("Where", [isSeen, scores, Tensor.From([float.NegativeInfinity])]);
        }

        TracedValue attended = trace.Node("MatMul", [trace.Node("Softmax", [scores], ("axis", -1L)), v]);
        trace.Record(output, "Reshape", [trace.Node("Transpose", [attended], ("perm", new long[] { 0, 2, 1, 3 })), output.Dimensions.ToArray()]);

        TracedValue Heads(Tensor x, int[] of, params long[] order) =>
            trace.Node("Transpose", [trace.Node("Reshape", [x, (int[])[of.Length - 1, EqualLength(of), heads, size]])], ("perm", order));
    }

    /// <summary>The place of every token in its sequence, from 0.</summary>
    public static TracedValue Places(OperationTrace trace, Tensor x, int[] offsets)
    {
        int length = EqualLength(offsets);
        TracedValue tokens = trace.Node("Shape", [x], ("start", 0L), ("end", 1L));
        TracedValue places = trace.Node("Range", [Scalar((int[])[0]), Scalar(tokens), Scalar((int[])[1])]);
        return offsets.Length == 2 ? places : trace.Node("Mod", [places, (int[])[length]]);

        TracedValue Scalar(TracedInput value) => trace.Node("Squeeze", [value, (int[])[0]]);
    }

    /// <summary>Pair i of a head, the numbers i and i + pairs, turned by its frequency times the place.</summary>
    public static void RecordTurn(OperationTrace trace, Tensor y, Tensor x, int[] offsets, RotaryAngles angles)
    {
        int pairs = angles.PairCount;
        TracedValue places = trace.Node("Cast", [trace.Node("Unsqueeze", [Places(trace, x, offsets), (int[])[1, 2]])], ("to", 1L));
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
        int length = EqualLength(offsets);
        TracedValue rows = trace.Node("Reshape", [x, (int[])[offsets.Length - 1, length, x.Columns]]);
        TracedValue weights = trace.Node("Softmax", [trace.Node("Reshape", [scores, (int[])[offsets.Length - 1, length, 1]])], ("axis", 1L));
        trace.Record(means, "ReduceSum", [trace.Node("Mul", [rows, weights]), (int[])[1]], ("keepdims", 0L));
    }

    /// <summary>The mean of the rows of each bag, all of one length.</summary>
    public static void RecordBagMeans(OperationTrace trace, Tensor means, Tensor table, int[] ids, int[] offsets)
    {
        int length = EqualLength(offsets);
        if (length == 0)
        {
            throw new NotSupportedException("Bags without ids have no form in ONNX. Export the model with an example of bags of one length.");
        }

        TracedValue rows = trace.Node("Gather", [table, ids], ("axis", 0L));
        TracedValue bags = trace.Node("Reshape", [rows, (int[])[offsets.Length - 1, length, table.Columns]]);
        trace.Record(means, "ReduceMean", [bags, (int[])[1]], ("keepdims", 0L));
    }
}
