using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>
/// Scaled dot-product attention within each of several sequences of different lengths, without padding.
/// </summary>
/// <remarks>
/// All tokens lie one after the other, [total, hidden]; sequence s is rows offsets[s] up to offsets[s + 1]. The
/// heads split the hidden axis, and probabilities are softmax(query · key / sqrt(hidden / heads)). The backward
/// makes the probabilities again from <c>logSumExp</c>, so only [total, heads] numbers are kept between the two.
/// Keys and values may be of other sequences than the queries: then sequence s is rows keyOffsets[s] up to keyOffsets[s + 1] of them.
/// Scores are held as [keys, queries]: then sums over the keys go from vector to vector and never across one.
/// Vaswani et al., "Attention Is All You Need", 2017; recomputation: Dao et al., "FlashAttention", 2022.
/// </remarks>
internal static unsafe class AttentionKernel
{
    /// <param name="offsets">[sequences + 1], from 0 to the total, never falling.</param>
    /// <param name="causal">A token sees itself and earlier ones only.</param>
    /// <param name="dropout">Share of the probabilities set to 0; from 0 to below 1.</param>
    /// <param name="logSumExp">[total, heads]: kept for the backward.</param>
    /// <param name="keyOffsets">As <paramref name="offsets"/>, of keys and values; empty where those are the queries' own sequences.</param>
    public static void Forward(
        ReadOnlySpan<float> queries,
        ReadOnlySpan<float> keys,
        ReadOnlySpan<float> values,
        ReadOnlySpan<int> offsets,
        int hidden,
        int heads,
        bool causal,
        float dropout,
        ulong seed,
        Span<float> output,
        Span<float> logSumExp,
        ReadOnlySpan<int> keyOffsets = default)
    {
        keyOffsets = keyOffsets.IsEmpty ? offsets : keyOffsets;
        int total = SequenceOffsets.TotalOf(offsets);
        ThrowUnlessKeys(offsets, keyOffsets, causal);
        ThrowUnlessHeads(hidden, heads);
        DropoutKernel.ThrowUnlessRate(dropout);
        ShapeException.ThrowUnlessLength(queries.Length, (long)total * hidden);
        ShapeException.ThrowUnlessLength(keys.Length, (long)keyOffsets[^1] * hidden);
        ShapeException.ThrowUnlessLength(values.Length, keys.Length);
        ShapeException.ThrowUnlessLength(output.Length, queries.Length);
        ShapeException.ThrowUnlessLength(logSumExp.Length, (long)total * heads);
        fixed (float* pq = queries, pk = keys, pv = values, po = output, pl = logSumExp)
        fixed (int* pf = offsets, pkf = keyOffsets)
        {
            var geometry = new AttentionGeometry(pf, pkf, offsets.Length - 1, hidden, heads, causal, dropout, seed, hidden);
            MultiplyAdds.Count(geometry.MultiplyAdds);
            ParallelWork.For(geometry.PieceCount, new AttentionForward(geometry, pq, pk, pv, po, pl));
        }
    }

    /// <summary>The gradients of queries, keys and values; the other arguments are those of the forward.</summary>
    /// <param name="isFresh">True where the three gradients hold nothing yet and are written, false where they are added to.</param>
    public static void Backward(
        ReadOnlySpan<float> gradOutput,
        ReadOnlySpan<float> queries,
        ReadOnlySpan<float> keys,
        ReadOnlySpan<float> values,
        ReadOnlySpan<float> output,
        ReadOnlySpan<int> offsets,
        int hidden,
        int heads,
        bool causal,
        float dropout,
        ulong seed,
        ReadOnlySpan<float> logSumExp,
        Span<float> gradQueries,
        Span<float> gradKeys,
        Span<float> gradValues,
        bool isFresh,
        ReadOnlySpan<int> keyOffsets = default)
    {
        keyOffsets = keyOffsets.IsEmpty ? offsets : keyOffsets;
        int total = SequenceOffsets.TotalOf(offsets);
        ThrowUnlessKeys(offsets, keyOffsets, causal);
        ThrowUnlessHeads(hidden, heads);
        DropoutKernel.ThrowUnlessRate(dropout);
        ShapeException.ThrowUnlessLength(queries.Length, (long)total * hidden);
        ShapeException.ThrowUnlessLength(keys.Length, (long)keyOffsets[^1] * hidden);
        ShapeException.ThrowUnlessLength(values.Length, keys.Length);
        ShapeException.ThrowUnlessLength(output.Length, queries.Length);
        ShapeException.ThrowUnlessLength(gradOutput.Length, queries.Length);
        ShapeException.ThrowUnlessLength(gradQueries.Length, queries.Length);
        ShapeException.ThrowUnlessLength(gradKeys.Length, keys.Length);
        ShapeException.ThrowUnlessLength(gradValues.Length, keys.Length);
        ShapeException.ThrowUnlessLength(logSumExp.Length, (long)total * heads);
        fixed (float* pg = gradOutput, pq = queries, pk = keys, pv = values, po = output, pl = logSumExp)
        fixed (float* pgq = gradQueries, pgk = gradKeys, pgv = gradValues)
        fixed (int* pf = offsets, pkf = keyOffsets)
        {
            var geometry = new AttentionGeometry(pf, pkf, offsets.Length - 1, hidden, heads, causal, dropout, seed, hidden);
            ParallelWork.For(
                geometry.PieceCount, new AttentionBackward(geometry, pg, pq, pk, pv, po, pl, pgq, pgk, pgv, isFresh));
        }
    }

    private static void ThrowUnlessKeys(ReadOnlySpan<int> offsets, ReadOnlySpan<int> keyOffsets, bool causal)
    {
        _ = SequenceOffsets.TotalOf(keyOffsets);
        ShapeException.ThrowUnlessLength(keyOffsets.Length, offsets.Length);
        for (int s = 0; s + 1 < offsets.Length; s++)
        {
            (int queryCount, int keyCount) = (offsets[s + 1] - offsets[s], keyOffsets[s + 1] - keyOffsets[s]);
            if (queryCount > 0 && keyCount == 0)
            {
                throw new ShapeException($"Sequence {s} has {queryCount} queries and no key that they could look at.");
            }

            if (causal && queryCount != keyCount)
            {
                throw new ShapeException($"Causal attention has a key for each query; sequence {s} has {queryCount} queries and {keyCount} keys.");
            }
        }
    }

    internal static void ThrowUnlessHeads(int hidden, int heads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        ShapeException.Require(
            hidden % heads == 0,
            $"Attention with {heads} heads needs a width that {heads} divides; {hidden} is none. Take another number of heads or another width.");
    }
}
