using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Softmax cross-entropy against smoothed targets, with a weight for each class: values and gradient in one pass.</summary>
/// <remarks>
/// A row's loss is Σ q[c] w[c] (-ln p[c]), where q is 1 - smoothing at the target plus smoothing / columns everywhere. As PyTorch defines it.
/// </remarks>
internal static unsafe class SmoothedCrossEntropyKernel
{
    /// <param name="logits">[rows, columns]; ±1000 is fine.</param>
    /// <param name="targets">[rows]: a column each, or <paramref name="ignoreIndex"/>, which gives no loss and no gradient.</param>
    /// <param name="weights">[columns]</param>
    /// <param name="scale">Factor of the gradient.</param>
    /// <param name="gradient">[rows, columns], written.</param>
    /// <returns>The sum of the losses.</returns>
    public static double Invoke(
        ReadOnlySpan<float> logits,
        ReadOnlySpan<int> targets,
        ReadOnlySpan<float> weights,
        float smoothing,
        int ignoreIndex,
        float scale,
        Span<float> gradient,
        int rows,
        int columns)
    {
        ShapeException.ThrowUnlessLength(logits.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(targets.Length, rows);
        ShapeException.ThrowUnlessLength(weights.Length, columns);
        ShapeException.ThrowUnlessLength(gradient.Length, logits.Length);
        CrossEntropyKernel.ThrowUnlessColumns(targets, columns, ignoreIndex);
        var blocks = new RowBlocks(rows, columns);
        using var sums = new BlockSums(blocks.Count);
        fixed (float* x = logits, w = weights, g = gradient)
        fixed (int* t = targets)
        {
            float weightSum = Reduce.Sum(w, columns);
            ParallelWork.For(
                blocks.Count, new Block(blocks, x, t, w, weightSum, smoothing, ignoreIndex, scale, g, sums, columns));
        }

        return sums.Total();
    }

    private readonly struct Block(
        RowBlocks blocks,
        float* logits,
        int* targets,
        float* weights,
        float weightSum,
        float smoothing,
        int ignoreIndex,
        float scale,
        float* gradient,
        BlockSums sums,
        int columns)
        : IWorkItem
    {
        public void Run(int index)
        {
            double sum = 0;
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                nint at = (nint)row * columns;
                if (targets[row] == ignoreIndex)
                {
                    new Span<float>(gradient + at, columns).Clear();
                }
                else
                {
                    sum += Row(logits + at, targets[row], gradient + at);
                }
            }

            sums[index] = sum;
        }

        private double Row(float* x, int target, float* g)
        {
            float spread = smoothing / columns;
            float own = (1 - smoothing) * weights[target];
            float total = own + (spread * weightSum);
            float max = Reduce.Max(x, columns);
            float sum = Exponentials.Write(x, max, g, columns);

            // A class without weight counts for nothing, though a mask of -∞ may lie on its logit: 0 times infinity is no number.
            double loss = total * (double)MathF.Log(sum);
            loss -= own == 0 ? 0 : own * (double)(x[target] - max);
            loss -= spread == 0 ? 0 : spread * WeightedSum(x, max);

            float ofProbability = scale * total / sum;
            float ofWeight = scale * spread;
            int i = 0;
            if (Vector.IsHardwareAccelerated)
            {
                for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                {
                    ((Vector.Load(g + i) * ofProbability) - (Vector.Load(weights + i) * ofWeight)).Store(g + i);
                }
            }

            for (; i < columns; i++)
            {
                g[i] = (g[i] * ofProbability) - (weights[i] * ofWeight);
            }

            g[target] -= scale * own;
            return loss;
        }

        /// <summary>Σ weights[c] (x[c] - max) over the classes that have a weight.</summary>
        private double WeightedSum(float* x, float max)
        {
            int i = 0;
            double sum = 0;
            if (Vector.IsHardwareAccelerated)
            {
                Vector<float> lanes = Vector<float>.Zero;
                for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> weight = Vector.Load(weights + i);
                    Vector<float> product = (Vector.Load(x + i) - new Vector<float>(max)) * weight;
                    lanes += Vector.AndNot(product, Vector.AsVectorSingle(Vector.Equals(weight, Vector<float>.Zero)));
                }

                sum = Vector.Sum(lanes);
            }

            for (; i < columns; i++)
            {
                sum += weights[i] == 0 ? 0 : (x[i] - max) * weights[i];
            }

            return sum;
        }
    }
}
