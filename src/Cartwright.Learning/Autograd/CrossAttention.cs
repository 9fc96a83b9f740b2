using Cartwright.Learning.Inspection;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Attention of some sequences to others, each to the one of its number.</summary>
public static class CrossAttention
{
    /// <summary>softmax(Q·Kᵀ / sqrt(hidden / heads))·V for each pair of sequences and each head, in one pass.</summary>
    /// <remarks>Vaswani et al., "Attention Is All You Need", 2017, section 3.2.3.</remarks>
    /// <param name="queries">[tokens, hidden], all sequences one after the other.</param>
    /// <param name="keys">[key tokens, hidden]</param>
    /// <param name="values">[key tokens, hidden]</param>
    /// <param name="offsets">The queries of sequence s are the tokens offsets[s] up to offsets[s + 1].</param>
    /// <param name="keyOffsets">The same of keys and values: as many sequences, of other lengths. One with queries has a key.</param>
    /// <param name="heads">Parts that the hidden axis splits into; divides hidden.</param>
    /// <param name="dropout">Share of the attention weights zeroed, 0 to below 1. Needs a step's seed where above 0.</param>
    /// <returns>[tokens, hidden]</returns>
    public static Tensor Attend(Tensor queries, Tensor keys, Tensor values, int[] offsets, int[] keyOffsets, int heads, float dropout)
    {
        ShapeException.ThrowUnlessEqual(keys.Rows, SequenceOffsets.TotalOf(keyOffsets));
        int hidden = queries.Columns;
        ShapeException.ThrowUnlessEqual(keys.Columns, hidden);
        ShapeException.ThrowUnlessEqual(values.Columns, hidden);
        ulong seed = dropout > 0 ? TensorScope.NextSeed() : 0;
        Tensor logSumExp = Tensor.Uninitialized([queries.Rows, heads]);
        Tensor output = Tensor.Result(queries.Dimensions, [queries, keys, values], output =>
            AttentionKernel.Backward(output.Gradient, queries.Values, keys.Values, values.Values, output.Values, offsets, hidden, heads, causal: false,
                dropout, seed, logSumExp.Values, queries.GradientSum, keys.GradientSum, values.GradientSum, isFresh: false, keyOffsets));
        AttentionKernel.Forward(queries.Values, keys.Values, values.Values, offsets, hidden, heads, causal: false, dropout, seed,
            output.Output, logSumExp.Output, keyOffsets);
        AttentionMap.Record(queries, keys, offsets, keyOffsets, heads, causal: false);
        if (OperationTrace.Current is { } trace && dropout == 0)
        {
            SequenceTrace.RecordAttention(trace, output, queries, keys, values, offsets, keyOffsets, heads, causal: false);
        }

        return output;
    }
}
