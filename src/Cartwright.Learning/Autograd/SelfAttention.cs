using Cartwright.Learning.Inspection;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>Attention over sequences of different lengths that lie one after the other, without padding.</summary>
public static class SelfAttention
{
    /// <summary>softmax(Q·Kᵀ / sqrt(hidden / heads))·V inside each sequence and head, in one pass.</summary>
    /// <remarks>Vaswani et al., "Attention Is All You Need", 2017; the pass keeps one number a row, as in Dao et al., "FlashAttention", 2022.</remarks>
    /// <param name="queries">[tokens, hidden], all sequences one after the other.</param>
    /// <param name="keys">[tokens, hidden]</param>
    /// <param name="values">[tokens, hidden]</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <param name="heads">Parts that the hidden axis splits into; divides hidden.</param>
    /// <param name="causal">True where a token sees itself and what is before it only.</param>
    /// <param name="dropout">Share of the attention weights zeroed, 0 to below 1. Needs a step's seed where above 0.</param>
    public static Tensor Attend(Tensor queries, Tensor keys, Tensor values, int[] offsets, int heads, bool causal, float dropout)
    {
        int hidden = queries.Columns;
        ShapeException.Require(
            keys.Length == queries.Length && keys.Columns == hidden,
            $"Attention needs a key for each query; found queries {queries} and keys {keys}.");
        ShapeException.Require(values.Length == queries.Length, $"Attention needs a value for each query; found queries {queries} and values {values}.");
        ShapeException.Require(
            queries.Rows == SequenceOffsets.TotalOf(offsets),
            $"Attention needs offsets that end at the number of tokens, {queries.Rows}; they end at {offsets[^1]}.");
        AttentionKernel.ThrowUnlessHeads(hidden, heads);

        AttentionMap.Record(queries, keys, offsets, offsets, heads, causal);
        ulong seed = dropout > 0 ? TensorScope.NextSeed() : 0;
        Tensor logSumExp = Tensor.Uninitialized([queries.Rows, heads]);
        Tensor output = Tensor.Result(queries.Dimensions, [queries, keys, values], output =>
        {
            // Where one tensor is two of the three, the second finds a gradient already: then all are added to.
            Span<float> gradQueries = queries.Storage.GradientToFill(out bool isFreshQueries);
            Span<float> gradKeys = keys.Storage.GradientToFill(out bool isFreshKeys);
            Span<float> gradValues = values.Storage.GradientToFill(out bool isFreshValues);
            bool isFresh = isFreshQueries && isFreshKeys && isFreshValues;
            ClearIf(!isFresh && isFreshQueries, gradQueries);
            ClearIf(!isFresh && isFreshKeys, gradKeys);
            ClearIf(!isFresh && isFreshValues, gradValues);
            AttentionKernel.Backward(output.Gradient, queries.Values, keys.Values, values.Values, output.Values, offsets,
                hidden, heads, causal, dropout, seed, logSumExp.Values, gradQueries, gradKeys, gradValues, isFresh);
        });
        AttentionKernel.Forward(queries.Values, keys.Values, values.Values, offsets, hidden, heads, causal, dropout, seed,
            output.Output, logSumExp.Output);
        if (OperationTrace.Current is { } trace && dropout == 0)
        {
            SequenceTrace.RecordAttention(trace, output, queries, keys, values, offsets, offsets, heads, causal);
        }

        return output;
    }

    private static void ClearIf(bool isNeeded, Span<float> gradient)
    {
        if (isNeeded)
        {
            Zeros.Write(gradient);
        }
    }
}
