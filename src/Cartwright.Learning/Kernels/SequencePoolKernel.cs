namespace Cartwright.Learning.Kernels;

/// <summary>The mean of each sequence's rows, weighted by the softmax of their scores.</summary>
internal static unsafe class SequencePoolKernel
{
    /// <param name="x">[tokens, columns]</param>
    /// <param name="scores">[tokens]</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1]; an empty one gives zeros.</param>
    /// <param name="weights">[tokens]: the softmax, kept for the backward.</param>
    /// <param name="y">[sequences, columns]</param>
    public static void Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> scores, int[] offsets, Span<float> weights, Span<float> y, int columns)
    {
        ThrowUnlessSound(x.Length, scores.Length, offsets, weights.Length, y.Length, columns);
        fixed (float* px = x, ps = scores, pw = weights, py = y)
        {
            ParallelWork.For(offsets.Length - 1, new ForwardSequence(px, ps, offsets, pw, py, columns));
        }
    }

    /// <summary>Adds to the gradients; nothing to one that is empty.</summary>
    public static void Backward(
        ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, int[] offsets, ReadOnlySpan<float> weights, Span<float> gradX, Span<float> gradScores, int columns)
    {
        ThrowUnlessSound(x.Length, weights.Length, offsets, weights.Length, gradY.Length, columns);
        ShapeException.ThrowUnlessLength(gradX.Length, gradX.IsEmpty ? 0 : x.Length);
        ShapeException.ThrowUnlessLength(gradScores.Length, gradScores.IsEmpty ? 0 : weights.Length);
        fixed (float* pgy = gradY, px = x, pw = weights, pgx = gradX, pgs = gradScores)
        {
            ParallelWork.For(offsets.Length - 1, new BackwardSequence(pgy, px, offsets, pw, pgx, pgs, columns));
        }
    }

    private static void ThrowUnlessSound(int x, int scores, int[] offsets, int weights, int y, int columns)
    {
        int total = SequenceOffsets.TotalOf(offsets);
        ShapeException.ThrowUnlessLength(x, (long)total * columns);
        ShapeException.ThrowUnlessLength(scores, total);
        ShapeException.ThrowUnlessLength(weights, scores);
        ShapeException.ThrowUnlessLength(y, (offsets.Length - 1L) * columns);
    }

    private readonly struct ForwardSequence(float* x, float* scores, int[] offsets, float* weights, float* y, int columns) : IWorkItem
    {
        public void Run(int index)
        {
            int start = offsets[index];
            int length = offsets[index + 1] - start;
            float* mean = y + ((nint)index * columns);
            new Span<float>(mean, columns).Clear();
            if (length == 0)
            {
                return;
            }

            float sum = Exponentials.Write(scores + start, Reduce.Max(scores + start, length), weights + start, length);
            Exponentials.Scale(weights + start, 1 / sum, length);
            for (int token = start; token < start + length; token++)
            {
                Reduce.AddScaled(x + ((nint)token * columns), weights[token], mean, columns);
            }
        }
    }

    // With w the weights and d the gradient of each, gradY · x: the score's is w (d − Σ w d).
    private readonly struct BackwardSequence(
        float* gradY, float* x, int[] offsets, float* weights, float* gradX, float* gradScores, int columns) : IWorkItem
    {
        public void Run(int index)
        {
            (int start, int end) = (offsets[index], offsets[index + 1]);
            float* gradMean = gradY + ((nint)index * columns);
            for (int token = start; token < end && gradX != null; token++)
            {
                Reduce.AddScaled(gradMean, weights[token], gradX + ((nint)token * columns), columns);
            }

            if (gradScores == null || start == end)
            {
                return;
            }

            float* gradWeights = Scratch.Take(Scratch.Use.GradScores, end - start);
            for (int token = start; token < end; token++)
            {
                gradWeights[token - start] = Reduce.Dot(gradMean, x + ((nint)token * columns), columns);
            }

            float mean = Reduce.Dot(weights + start, gradWeights, end - start);
            for (int token = start; token < end; token++)
            {
                gradScores[token] += weights[token] * (gradWeights[token - start] - mean);
            }
        }
    }
}
