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
        ShapeException.Require(
            keys.Rows == SequenceOffsets.TotalOf(keyOffsets),
            $"Attention needs key offsets that end at the number of keys, {keys.Rows}; they end at {keyOffsets[^1]}.");
        int hidden = queries.Columns;
        ShapeException.Require(keys.Columns == hidden, $"Attention needs keys as wide as the queries; found queries {queries} and keys {keys}.");
        ShapeException.Require(
            values.Columns == hidden && values.Rows == keys.Rows,
            $"Attention needs a value as wide as the queries for each key; found queries {queries}, keys {keys} and values {values}.");
        AttentionKernel.ThrowUnlessHeads(hidden, heads);
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
