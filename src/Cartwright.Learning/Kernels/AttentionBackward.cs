using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>The backward of <see cref="AttentionKernel"/>, one head of a few sequences at a time.</summary>
internal readonly unsafe struct AttentionBackward(
    AttentionGeometry geometry,
    float* gradOutput,
    float* queries,
    float* keys,
    float* values,
    float* output,
    float* logSumExp,
    float* gradQueries,
    float* gradKeys,
    float* gradValues,
    bool isFresh)
    : IWorkItem
{
    public void Run(int index)
    {
        int head = geometry.HeadOf(index);
        for (int s = geometry.FirstSequence(index); s < geometry.EndSequence(index); s++)
        {
            Attend(head, s);
        }
    }

    public void Attend(int head, int sequence)
    {
        // The last queries first: they see all keys, so what they write need not have been cleared.
        int length = geometry.Length(sequence);
        int atOnce = geometry.QueriesAtOnce(length);
        int parts = length == 0 ? 0 : (length + atOnce - 1) / atOnce;
        for (int part = parts - 1; part >= 0; part--)
        {
            int first = part * atOnce;
            Attend(head, sequence, first, Math.Min(atOnce, length - first), isFresh && part == parts - 1);
        }
    }

    // With P the probabilities, D = dropout(P), O = D V and S the scaled scores:
    // gradV = Dᵀ gradO, gradD = gradO Vᵀ, gradS = P (dropout(gradD) - gradO · O), gradQ = gradS K, gradK = gradSᵀ Q.
    private void Attend(int head, int sequence, int first, int count, bool isFirstOfKeys)
    {
        int depth = geometry.Depth;
        int start = geometry.Start(sequence);
        int keyStart = geometry.KeyStart(sequence);
        int keyCount = geometry.KeyCount(first + count, sequence);
        int stride = AttentionGeometry.WholeVectors(count);
        float* scores = Scratch.Take(Scratch.Use.Scores, (nint)(keyCount + 3) * stride);
        float* logSums = scores + ((nint)keyCount * stride);
        float* means = logSums + stride;
        float* factors = means + stride;
        float* gradScores = Scratch.Take(Scratch.Use.GradScores, (nint)keyCount * stride);
        MatrixView q = geometry.Input(queries, start + first, head);
        MatrixView k = geometry.Input(keys, keyStart, head);
        MatrixView v = geometry.Input(values, keyStart, head);
        MatrixView o = geometry.Output(output, start + first, head);
        MatrixView gradO = geometry.Output(gradOutput, start + first, head);
        MatrixView gradQ = geometry.Input(gradQueries, start + first, head);
        MatrixView gradK = geometry.Input(gradKeys, keyStart, head);
        MatrixView gradV = geometry.Input(gradValues, keyStart, head);

        Product.Multiply(k, q.Transposed, scores, stride, keyCount, count, depth, beta: 0);
        Product.Multiply(v, gradO.Transposed, gradScores, stride, keyCount, count, depth, beta: 0);
        geometry.HideLaterKeys(scores, stride, first, count, float.NegativeInfinity);
        geometry.HideLaterKeys(gradScores, stride, first, count, 0);
        for (int i = 0; i < count; i++)
        {
            logSums[i] = logSumExp[((nint)(start + first + i) * geometry.Heads) + head];
            means[i] = Reduce.Dot(gradO.At(i, 0), o.At(i, 0), depth);
        }

        var factorsOfKey = new Span<float>(factors, count);
        factorsOfKey.Fill(1);
        for (int j = 0; j < keyCount; j++)
        {
            if (geometry.HasDropout)
            {
                factorsOfKey.Fill(1);
                geometry.HashOf(head, keyStart + j).Apply((uint)first, factors, count);
            }

            nint at = (nint)j * stride;
            if (WideLanes.AreSupported)
            {
                GradientOfKey<WideLanes>(scores + at, gradScores + at, count, geometry.Scale, logSums, means, factors);
            }
            else
            {
                GradientOfKey<UsualLanes>(scores + at, gradScores + at, count, geometry.Scale, logSums, means, factors);
            }
        }

        int beta = isFirstOfKeys ? 0 : 1;
        Product.Multiply(new MatrixView(scores, stride, 1), gradO, gradV.Data, gradV.RowStride, keyCount, depth, count, beta);
        Product.Multiply(new MatrixView(gradScores, stride, 1), q, gradK.Data, gradK.RowStride, keyCount, depth, count, beta);
        Product.Multiply(
            new MatrixView(gradScores, 1, stride), k, gradQ.Data, gradQ.RowStride, count, depth, keyCount, beta: isFresh ? 0 : 1);
    }

    /// <summary>Turns scores into dropped probabilities, and their gradient into that of the unscaled scores.</summary>
    private static void GradientOfKey<TLanes>(float* p, float* g, int count, float scale, float* logSums, float* means, float* factors)
        where TLanes : struct, ILanes<TLanes>
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            // What lies beyond the last query may hold anything: lanes don't mix.
            for (; i < count; i += TLanes.Count)
            {
                TLanes factor = TLanes.Load(factors + i);
                TLanes probability = VectorExp.OfNonPositive((TLanes.Load(p + i) * TLanes.Repeat(scale)) - TLanes.Load(logSums + i));
                (probability * factor).Store(p + i);
                TLanes slope = (TLanes.Load(g + i) * factor) - TLanes.Load(means + i);
                (slope * probability * TLanes.Repeat(scale)).Store(g + i);
            }
        }

        for (; i < count; i++)
        {
            float probability = MathF.Exp((p[i] * scale) - logSums[i]);
            p[i] = probability * factors[i];
            g[i] = ((g[i] * factors[i]) - means[i]) * probability * scale;
        }
    }
}
