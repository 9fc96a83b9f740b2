using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>
/// Scaled dot-product attention within each of several sequences of different lengths, without padding.
/// </summary>
/// <remarks>
/// All tokens lie one after the other, [total, hidden]; sequence s is rows offsets[s] up to offsets[s + 1]. The
/// heads split the hidden axis, and probabilities are softmax(query · key / sqrt(hidden / heads)). The backward
/// makes the probabilities again from <c>logSumExp</c>, so only [total, heads] numbers are kept between the two.
/// Vaswani et al., "Attention Is All You Need", 2017; recomputation: Dao et al., "FlashAttention", 2022.
/// </remarks>
internal static unsafe class AttentionKernel
{
    /// <param name="offsets">[sequences + 1], from 0 to the total, never falling.</param>
    /// <param name="causal">A token sees itself and earlier ones only.</param>
    /// <param name="dropout">Share of the probabilities set to 0; from 0 to below 1.</param>
    /// <param name="logSumExp">[total, heads]: kept for the backward.</param>
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
        Span<float> logSumExp)
    {
        int total = TotalOf(offsets);
        ThrowUnlessHeads(hidden, heads);
        DropoutKernel.ThrowUnlessRate(dropout);
        ShapeException.ThrowUnlessEqual(queries.Length, (long)total * hidden);
        ShapeException.ThrowUnlessEqual(keys.Length, queries.Length);
        ShapeException.ThrowUnlessEqual(values.Length, queries.Length);
        ShapeException.ThrowUnlessEqual(output.Length, queries.Length);
        ShapeException.ThrowUnlessEqual(logSumExp.Length, (long)total * heads);
        fixed (float* pq = queries, pk = keys, pv = values, po = output, pl = logSumExp)
        fixed (int* pf = offsets)
        {
            var geometry = new AttentionGeometry(pf, offsets.Length - 1, hidden, heads, causal, dropout, seed);
            MultiplyAdds.Count(geometry.MultiplyAdds);
            ParallelWork.For(geometry.PieceCount, new ForwardPiece(geometry, pq, pk, pv, po, pl));
        }
    }

    /// <summary>Adds the gradients of queries, keys and values; the other arguments are those of the forward.</summary>
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
        Span<float> gradValues)
    {
        int total = TotalOf(offsets);
        ThrowUnlessHeads(hidden, heads);
        DropoutKernel.ThrowUnlessRate(dropout);
        ShapeException.ThrowUnlessEqual(queries.Length, (long)total * hidden);
        ShapeException.ThrowUnlessEqual(keys.Length, queries.Length);
        ShapeException.ThrowUnlessEqual(values.Length, queries.Length);
        ShapeException.ThrowUnlessEqual(output.Length, queries.Length);
        ShapeException.ThrowUnlessEqual(gradOutput.Length, queries.Length);
        ShapeException.ThrowUnlessEqual(gradQueries.Length, queries.Length);
        ShapeException.ThrowUnlessEqual(gradKeys.Length, queries.Length);
        ShapeException.ThrowUnlessEqual(gradValues.Length, queries.Length);
        ShapeException.ThrowUnlessEqual(logSumExp.Length, (long)total * heads);
        fixed (float* pg = gradOutput, pq = queries, pk = keys, pv = values, po = output, pl = logSumExp)
        fixed (float* pgq = gradQueries, pgk = gradKeys, pgv = gradValues)
        fixed (int* pf = offsets)
        {
            var geometry = new AttentionGeometry(pf, offsets.Length - 1, hidden, heads, causal, dropout, seed);
            ParallelWork.For(
                geometry.PieceCount, new BackwardPiece(geometry, pg, pq, pk, pv, po, pl, pgq, pgk, pgv));
        }
    }

    private static int TotalOf(ReadOnlySpan<int> offsets)
    {
        if (offsets.IsEmpty || offsets[0] != 0)
        {
            throw new ShapeException("offsets starts with 0 and has one entry more than there are sequences.");
        }

        for (int s = 1; s < offsets.Length; s++)
        {
            if (offsets[s] < offsets[s - 1])
            {
                throw new ShapeException($"offsets falls from {offsets[s - 1]} to {offsets[s]} at {s}.");
            }
        }

        return offsets[^1];
    }

    private static void ThrowUnlessHeads(int hidden, int heads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        ShapeException.ThrowUnlessEqual(hidden % heads, 0);
    }

    private readonly struct ForwardPiece(
        AttentionGeometry geometry, float* queries, float* keys, float* values, float* output, float* logSumExp) : IWorkItem
    {
        public void Run(int index)
        {
            int head = geometry.HeadOf(index);
            for (int s = geometry.FirstSequence(index); s < geometry.EndSequence(index); s++)
            {
                int length = geometry.Length(s);
                int rows = geometry.RowsAtOnce(length);
                for (int row = 0; row < length; row += rows)
                {
                    Rows(head, geometry.Start(s), length, row, Math.Min(rows, length - row));
                }
            }
        }

        private void Rows(int head, int start, int length, int firstRow, int rows)
        {
            int depth = geometry.Depth;
            int keyCount = geometry.KeyCount(firstRow + rows, length);
            int stride = AttentionGeometry.WholeVectors(keyCount);
            float* scores = Scratch.Take(Scratch.Use.Scores, (nint)rows * stride);
            MatrixView q = geometry.View(queries, start + firstRow, head);
            MatrixView k = geometry.View(keys, start, head);
            MatrixView v = geometry.View(values, start, head);
            Product.Multiply(q, k.Transposed, scores, stride, rows, keyCount, depth, beta: 0);

            for (int i = 0; i < rows; i++)
            {
                float* p = scores + ((nint)i * stride);
                int seen = geometry.SeenBy(firstRow + i, length);
                int token = start + firstRow + i;
                logSumExp[((nint)token * geometry.Heads) + head] = Softmax(p, seen, stride);
                if (geometry.HasDropout)
                {
                    Drop(p, seen, geometry.HashOf(head, token));
                }
            }

            MatrixView o = geometry.View(output, start + firstRow, head);
            Product.Multiply(
                new MatrixView(scores, stride, 1), v, o.Data, o.RowStride, rows, depth, keyCount, beta: 0);
        }

        /// <summary>Turns a row of scores into probabilities, 0 for the keys that are not seen. Returns ln Σ e^score.</summary>
        private float Softmax(float* p, int seen, int stride)
        {
            // What fills the last vector is -∞ and so comes out as 0: there are no numbers left over.
            int whole = AttentionGeometry.WholeVectors(seen);
            new Span<float>(p + seen, whole - seen).Fill(float.NegativeInfinity);
            new Span<float>(p + whole, stride - whole).Clear();
            return SoftmaxKernel.ForwardRow(p, geometry.Scale, p, whole);
        }
    }

    private readonly struct BackwardPiece(
        AttentionGeometry geometry,
        float* gradOutput,
        float* queries,
        float* keys,
        float* values,
        float* output,
        float* logSumExp,
        float* gradQueries,
        float* gradKeys,
        float* gradValues)
        : IWorkItem
    {
        public void Run(int index)
        {
            int head = geometry.HeadOf(index);
            for (int s = geometry.FirstSequence(index); s < geometry.EndSequence(index); s++)
            {
                int length = geometry.Length(s);
                int rows = geometry.RowsAtOnce(length);
                for (int row = 0; row < length; row += rows)
                {
                    Rows(head, geometry.Start(s), length, row, Math.Min(rows, length - row));
                }
            }
        }

        // With P the probabilities, D = dropout(P), O = D V and S the scaled scores:
        // gradV = Dᵀ gradO, gradD = gradO Vᵀ, gradS = P (dropout(gradD) - gradO · O), gradQ = gradS K, gradK = gradSᵀ Q.
        private void Rows(int head, int start, int length, int firstRow, int rows)
        {
            int depth = geometry.Depth;
            int keyCount = geometry.KeyCount(firstRow + rows, length);
            int stride = AttentionGeometry.WholeVectors(keyCount);
            float* probabilities = Scratch.Take(Scratch.Use.Scores, (nint)rows * stride);
            float* gradScores = Scratch.Take(Scratch.Use.GradScores, (nint)rows * stride);
            MatrixView q = geometry.View(queries, start + firstRow, head);
            MatrixView k = geometry.View(keys, start, head);
            MatrixView v = geometry.View(values, start, head);
            MatrixView o = geometry.View(output, start + firstRow, head);
            MatrixView gradO = geometry.View(gradOutput, start + firstRow, head);
            MatrixView gradQ = geometry.View(gradQueries, start + firstRow, head);
            MatrixView gradK = geometry.View(gradKeys, start, head);
            MatrixView gradV = geometry.View(gradValues, start, head);
            var scores = new MatrixView(probabilities, stride, 1);
            var gradS = new MatrixView(gradScores, stride, 1);

            Product.Multiply(q, k.Transposed, probabilities, stride, rows, keyCount, depth, beta: 0);
            Product.Multiply(gradO, v.Transposed, gradScores, stride, rows, keyCount, depth, beta: 0);
            for (int i = 0; i < rows; i++)
            {
                float* p = scores.At(i, 0);
                float* g = gradS.At(i, 0);
                int seen = geometry.SeenBy(firstRow + i, length);
                int token = start + firstRow + i;
                float logSum = logSumExp[((nint)token * geometry.Heads) + head];
                float mean = Reduce.Dot(gradO.At(i, 0), o.At(i, 0), depth);
                int whole = AttentionGeometry.WholeVectors(seen);
                new Span<float>(p + seen, whole - seen).Fill(float.NegativeInfinity);
                new Span<float>(p + whole, stride - whole).Clear();
                new Span<float>(g + seen, stride - seen).Clear();
                GradientRow(p, g, whole, logSum, mean, geometry.HashOf(head, token));
            }

            Product.Multiply(
                scores.Transposed, gradO, gradV.Data, gradV.RowStride, keyCount, depth, rows, beta: 1);
            Product.Multiply(gradS, k, gradQ.Data, gradQ.RowStride, rows, depth, keyCount, beta: 1);
            Product.Multiply(gradS.Transposed, q, gradK.Data, gradK.RowStride, keyCount, depth, rows, beta: 1);
        }

        /// <summary>Turns scores into dropped probabilities, and their gradient into that of the unscaled scores.</summary>
        private void GradientRow(float* p, float* g, int count, float logSum, float mean, CounterHash hash)
        {
            float scale = geometry.Scale;
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> probability = VectorExp.OfNonPositive((Vector.Load(p + i) * scale) - new Vector<float>(logSum));
                    Vector<float> factor = geometry.HasDropout
                        ? hash.Factors(Vector<uint>.Indices + new Vector<uint>((uint)i))
                        : Vector<float>.One;
                    (probability * factor).Store(p + i);
                    Vector<float> slope = (Vector.Load(g + i) * factor) - new Vector<float>(mean);
                    (slope * probability * scale).Store(g + i);
                }
            }

            for (; i < count; i++)
            {
                float probability = MathF.Exp((p[i] * scale) - logSum);
                float factor = geometry.HasDropout ? hash.Factor((uint)i) : 1;
                p[i] = probability * factor;
                g[i] = ((g[i] * factor) - mean) * probability * scale;
            }
        }
    }

    private static void Drop(float* p, int count, CounterHash hash)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                (Vector.Load(p + i) * hash.Factors(Vector<uint>.Indices + new Vector<uint>((uint)i))).Store(p + i);
            }
        }

        for (; i < count; i++)
        {
            p[i] *= hash.Factor((uint)i);
        }
    }
}
