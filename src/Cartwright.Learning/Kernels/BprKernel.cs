using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>Σ ln(1 + e^(negative - positive)) over every negative of every row, and both gradients in the same pass.</summary>
internal static unsafe class BprKernel
{
    /// <param name="positives">[rows]</param>
    /// <param name="negatives">[rows, columns]</param>
    /// <param name="scale">Factor of the gradients, which are written.</param>
    public static double Invoke(
        ReadOnlySpan<float> positives,
        ReadOnlySpan<float> negatives,
        float scale,
        Span<float> gradPositives,
        Span<float> gradNegatives,
        int columns)
    {
        ShapeException.ThrowUnlessLength(negatives.Length, (long)positives.Length * columns);
        ShapeException.ThrowUnlessLength(gradPositives.Length, positives.Length);
        ShapeException.ThrowUnlessLength(gradNegatives.Length, negatives.Length);
        var blocks = new RowBlocks(positives.Length, columns);
        using var sums = new BlockSums(blocks.Count);
        fixed (float* p = positives, n = negatives, gp = gradPositives, gn = gradNegatives)
        {
            ParallelWork.For(blocks.Count, new Block(blocks, p, n, scale, gp, gn, sums, columns));
        }

        return sums.Total();
    }

    private readonly struct Block(
        RowBlocks blocks, float* positives, float* negatives, float scale, float* gradPositives, float* gradNegatives, BlockSums sums, int columns)
        : IWorkItem
    {
        public void Run(int index)
        {
            double sum = 0;
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                nint at = (nint)row * columns;
                float* gradient = gradNegatives + at;
                sum += Row(positives[row], negatives + at, gradient);
                gradPositives[row] = -Reduce.Sum(gradient, columns);
            }

            sums[index] = sum;
        }

        private float Row(float positive, float* negatives, float* gradient)
        {
            int i = 0;
            float sum = 0;
            if (Vector.IsHardwareAccelerated)
            {
                Vector<float> total = Vector<float>.Zero;
                for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                {
                    total += Logistic.Softplus(Vector.Load(negatives + i) - new Vector<float>(positive), out Vector<float> sigmoid);
                    (sigmoid * scale).Store(gradient + i);
                }

                sum = Vector.Sum(total);
            }

            for (; i < columns; i++)
            {
                sum += Logistic.Softplus(negatives[i] - positive, out float sigmoid);
                gradient[i] = sigmoid * scale;
            }

            return sum;
        }
    }
}
