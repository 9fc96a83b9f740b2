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
    /// <summary>Query rows taken at once: bounds the scores held at a time and skips most of what is not causal.</summary>
    private const int RowsAtOnce = 48;

    /// <summary>Sequences in one piece of work.</summary>
    private const int SequencesPerPiece = 8;

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
            var geometry = new Geometry(pf, offsets.Length - 1, hidden, heads, causal, dropout, seed);
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
            var geometry = new Geometry(pf, offsets.Length - 1, hidden, heads, causal, dropout, seed);
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

    /// <summary>How the work is cut, and what every piece needs to know.</summary>
    private readonly struct Geometry(
        int* offsets, int sequences, int hidden, int heads, bool causal, float dropout, ulong seed)
    {
        // A piece is one head of a few sequences: those are the tokens and columns that nobody else writes.
        public int PieceCount => (sequences + SequencesPerPiece - 1) / SequencesPerPiece * heads;

        public int Hidden => hidden;

        public int Heads => heads;

        public int Depth => hidden / heads;

        public float Scale => 1 / MathF.Sqrt(Depth);

        public bool HasDropout => dropout > 0;

        public int HeadOf(int piece) => piece % heads;

        public int FirstSequence(int piece) => piece / heads * SequencesPerPiece;

        public int EndSequence(int piece) => Math.Min(sequences, FirstSequence(piece) + SequencesPerPiece);

        public int Start(int sequence) => offsets[sequence];

        public int Length(int sequence) => offsets[sequence + 1] - offsets[sequence];

        /// <summary>Keys that any of the query rows up to <paramref name="endRow"/> of a sequence can see.</summary>
        public int KeyCount(int endRow, int length) => causal ? endRow : length;

        /// <summary>Keys that one query row of a sequence can see.</summary>
        public int SeenBy(int row, int length) => causal ? row + 1 : length;

        public CounterHash HashOf(int head, int token) =>
            new(CounterHash.Derive(seed, (uint)token, (uint)head), dropout);

        public MatrixView View(float* tokens, int firstToken, int head) =>
            new(tokens + ((nint)firstToken * hidden) + ((nint)head * Depth), hidden, 1);
    }

    private readonly struct ForwardPiece(
        Geometry geometry, float* queries, float* keys, float* values, float* output, float* logSumExp) : IWorkItem
    {
        public void Run(int index)
        {
            int head = geometry.HeadOf(index);
            for (int s = geometry.FirstSequence(index); s < geometry.EndSequence(index); s++)
            {
                int length = geometry.Length(s);
                for (int row = 0; row < length; row += RowsAtOnce)
                {
                    Rows(head, geometry.Start(s), length, row, Math.Min(RowsAtOnce, length - row));
                }
            }
        }

        private void Rows(int head, int start, int length, int firstRow, int rows)
        {
            int depth = geometry.Depth;
            int keyCount = geometry.KeyCount(firstRow + rows, length);
            float* scores = Scratch.Take(Scratch.Use.Scores, (nint)rows * keyCount);
            MatrixView q = geometry.View(queries, start + firstRow, head);
            MatrixView k = geometry.View(keys, start, head);
            MatrixView v = geometry.View(values, start, head);
            Product.Multiply(q, k.Transposed, scores, keyCount, rows, keyCount, depth, beta: 0);

            for (int i = 0; i < rows; i++)
            {
                float* p = scores + ((nint)i * keyCount);
                int seen = geometry.SeenBy(firstRow + i, length);
                int token = start + firstRow + i;
                Exponentials.Scale(p, geometry.Scale, seen);
                logSumExp[((nint)token * geometry.Heads) + head] = SoftmaxKernel.ForwardRow(p, p, seen);
                new Span<float>(p + seen, keyCount - seen).Clear();
                if (geometry.HasDropout)
                {
                    Drop(p, seen, geometry.HashOf(head, token));
                }
            }

            MatrixView o = geometry.View(output, start + firstRow, head);
            Product.Multiply(
                new MatrixView(scores, keyCount, 1), v, o.Data, o.RowStride, rows, depth, keyCount, beta: 0);
        }
    }

    private readonly struct BackwardPiece(
        Geometry geometry,
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
                for (int row = 0; row < length; row += RowsAtOnce)
                {
                    Rows(head, geometry.Start(s), length, row, Math.Min(RowsAtOnce, length - row));
                }
            }
        }

        // With P the probabilities, D = dropout(P), O = D V and S the scaled scores:
        // gradV = Dᵀ gradO, gradD = gradO Vᵀ, gradS = P (dropout(gradD) - gradO · O), gradQ = gradS K, gradK = gradSᵀ Q.
        private void Rows(int head, int start, int length, int firstRow, int rows)
        {
            int depth = geometry.Depth;
            int keyCount = geometry.KeyCount(firstRow + rows, length);
            float* probabilities = Scratch.Take(Scratch.Use.Scores, (nint)rows * keyCount);
            float* gradScores = Scratch.Take(Scratch.Use.GradScores, (nint)rows * keyCount);
            MatrixView q = geometry.View(queries, start + firstRow, head);
            MatrixView k = geometry.View(keys, start, head);
            MatrixView v = geometry.View(values, start, head);
            MatrixView o = geometry.View(output, start + firstRow, head);
            MatrixView gradO = geometry.View(gradOutput, start + firstRow, head);
            MatrixView gradQ = geometry.View(gradQueries, start + firstRow, head);
            MatrixView gradK = geometry.View(gradKeys, start, head);
            MatrixView gradV = geometry.View(gradValues, start, head);
            var scores = new MatrixView(probabilities, keyCount, 1);
            var gradS = new MatrixView(gradScores, keyCount, 1);

            Product.Multiply(q, k.Transposed, probabilities, keyCount, rows, keyCount, depth, beta: 0);
            Product.Multiply(gradO, v.Transposed, gradScores, keyCount, rows, keyCount, depth, beta: 0);
            for (int i = 0; i < rows; i++)
            {
                float* p = scores.At(i, 0);
                float* g = gradS.At(i, 0);
                int seen = geometry.SeenBy(firstRow + i, length);
                int token = start + firstRow + i;
                float logSum = logSumExp[((nint)token * geometry.Heads) + head];
                float mean = Reduce.Dot(gradO.At(i, 0), o.At(i, 0), depth);
                GradientRow(p, g, seen, logSum, mean, geometry.HashOf(head, token));
                new Span<float>(p + seen, keyCount - seen).Clear();
                new Span<float>(g + seen, keyCount - seen).Clear();
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
                    Vector<float> probability = VectorExp.Of((Vector.Load(p + i) * scale) - new Vector<float>(logSum));
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
