using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Turns logits of shared samples into the gradient of sampled softmax, in place, with the target's beside it.</summary>
internal static unsafe class SampledSoftmaxKernel
{
    /// <param name="queries">[rows, hidden]</param>
    /// <param name="positives">[rows, hidden], the targets' rows of the table.</param>
    /// <param name="logits">[rows, count] queries · samples; replaced by scale · p.</param>
    /// <param name="targets">[rows]</param>
    /// <param name="samples">[count]; one equal to a row's target has p = 0 there.</param>
    /// <param name="sampleLogits">[count], added to the logits.</param>
    /// <param name="scale">Factor of the gradients.</param>
    /// <param name="targetGradients">[rows], written: scale · (p[target] − 1).</param>
    /// <param name="losses">[rows], written: −ln p[target].</param>
    public static void Invoke(
        ReadOnlySpan<float> queries,
        ReadOnlySpan<float> positives,
        Span<float> logits,
        ReadOnlySpan<int> targets,
        ReadOnlySpan<int> samples,
        ReadOnlySpan<float> sampleLogits,
        float scale,
        Span<float> targetGradients,
        Span<float> losses,
        int rows,
        int count,
        int hidden)
    {
        ShapeException.ThrowUnlessLength(queries.Length, (long)rows * hidden);
        ShapeException.ThrowUnlessLength(positives.Length, queries.Length);
        ShapeException.ThrowUnlessLength(logits.Length, (long)rows * count);
        ShapeException.ThrowUnlessLength(targets.Length, rows);
        ShapeException.ThrowUnlessLength(samples.Length, count);
        ShapeException.ThrowUnlessLength(sampleLogits.Length, count);
        ShapeException.ThrowUnlessLength(targetGradients.Length, rows);
        ShapeException.ThrowUnlessLength(losses.Length, rows);
        fixed (float* q = queries, p = positives, l = logits, a = sampleLogits, g = targetGradients, o = losses)
        fixed (int* t = targets, s = samples)
        {
            var blocks = new RowBlocks(rows, count + hidden);
            ParallelWork.For(blocks.Count, new Block(blocks, q, p, l, t, s, a, scale, g, o, count, hidden));
        }
    }

    private readonly struct Block(
        RowBlocks blocks,
        float* queries,
        float* positives,
        float* logits,
        int* targets,
        int* samples,
        float* sampleLogits,
        float scale,
        float* targetGradients,
        float* losses,
        int count,
        int hidden)
        : IWorkItem
    {
        public void Run(int index)
        {
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                float* x = logits + ((nint)row * count);
                Correct(x, targets[row]);
                float positive = Reduce.Dot(
                    queries + ((nint)row * hidden), positives + ((nint)row * hidden), hidden);
                float max = MathF.Max(positive, Reduce.Max(x, count));
                float own = MathF.Exp(positive - max);
                float sum = own + Exponentials.Write(x, max, x, count);
                losses[row] = MathF.Log(sum) - (positive - max);
                targetGradients[row] = scale * ((own / sum) - 1);
                Exponentials.Scale(x, scale / sum, count);
            }
        }

        /// <summary>Adds the samples' own logits, and rules out samples that are the target.</summary>
        private void Correct(float* x, int target)
        {
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                var never = new Vector<float>(float.NegativeInfinity);
                for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<int> isTarget = Vector.Equals(Vector.Load(samples + i), new Vector<int>(target));
                    Vector<float> sum = Vector.Load(x + i) + Vector.Load(sampleLogits + i);
                    Vector.ConditionalSelect(Vector.AsVectorSingle(isTarget), never, sum).Store(x + i);
                }
            }

            for (; i < count; i++)
            {
                x[i] = samples[i] == target ? float.NegativeInfinity : x[i] + sampleLogits[i];
            }
        }
    }
}
