using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>max(0, |anchor - positive| - |anchor - negative| + margin) row by row, and all three gradients.</summary>
/// <remarks>As PyTorch, every difference has 1e-6 added, so that the length of none is 0, where it has no slope.</remarks>
internal static unsafe class TripletKernel
{
    private const float Offset = 1e-6f;

    /// <param name="anchors">[rows, columns], as the others.</param>
    /// <param name="scale">Factor of the gradients, which are written.</param>
    /// <returns>The sum of the losses.</returns>
    public static double Invoke(
        ReadOnlySpan<float> anchors,
        ReadOnlySpan<float> positives,
        ReadOnlySpan<float> negatives,
        float margin,
        float scale,
        Span<float> gradAnchors,
        Span<float> gradPositives,
        Span<float> gradNegatives,
        int rows,
        int columns)
    {
        ShapeException.ThrowUnlessLength(anchors.Length, (long)rows * columns);
        ShapeException.ThrowUnlessLength(positives.Length, anchors.Length);
        ShapeException.ThrowUnlessLength(negatives.Length, anchors.Length);
        ShapeException.ThrowUnlessLength(gradAnchors.Length, anchors.Length);
        ShapeException.ThrowUnlessLength(gradPositives.Length, anchors.Length);
        ShapeException.ThrowUnlessLength(gradNegatives.Length, anchors.Length);
        var blocks = new RowBlocks(rows, columns);
        using var sums = new BlockSums(blocks.Count);
        fixed (float* a = anchors, p = positives, n = negatives, ga = gradAnchors, gp = gradPositives, gn = gradNegatives)
        {
            ParallelWork.For(blocks.Count, new Block(blocks, a, p, n, margin, scale, ga, gp, gn, sums, columns));
        }

        return sums.Total();
    }

    private readonly struct Block(
        RowBlocks blocks,
        float* anchors,
        float* positives,
        float* negatives,
        float margin,
        float scale,
        float* gradAnchors,
        float* gradPositives,
        float* gradNegatives,
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
                float near = Distance(anchors + at, positives + at);
                float far = Distance(anchors + at, negatives + at);
                float loss = near - far + margin;
                bool counts = loss > 0;
                sum += counts ? loss : 0;
                WriteGradients(at, counts ? scale / near : 0, counts ? scale / far : 0);
            }

            sums[index] = sum;
        }

        private float Distance(float* x, float* y)
        {
            int i = 0;
            float sum = 0;
            if (Vector.IsHardwareAccelerated)
            {
                Vector<float> total = Vector<float>.Zero;
                for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> d = Vector.Load(x + i) - Vector.Load(y + i) + new Vector<float>(Offset);
                    total += d * d;
                }

                sum = Vector.Sum(total);
            }

            for (; i < columns; i++)
            {
                float d = x[i] - y[i] + Offset;
                sum += d * d;
            }

            return MathF.Sqrt(sum);
        }

        private void WriteGradients(nint at, float ofNear, float ofFar)
        {
            nint i = at;
            nint end = at + columns;
            if (Vector.IsHardwareAccelerated)
            {
                var offset = new Vector<float>(Offset);
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    Vector<float> anchor = Vector.Load(anchors + i);
                    Vector<float> near = (anchor - Vector.Load(positives + i) + offset) * ofNear;
                    Vector<float> far = (anchor - Vector.Load(negatives + i) + offset) * ofFar;
                    (near - far).Store(gradAnchors + i);
                    (-near).Store(gradPositives + i);
                    far.Store(gradNegatives + i);
                }
            }

            for (; i < end; i++)
            {
                float near = (anchors[i] - positives[i] + Offset) * ofNear;
                float far = (anchors[i] - negatives[i] + Offset) * ofFar;
                gradAnchors[i] = near - far;
                gradPositives[i] = -near;
                gradNegatives[i] = far;
            }
        }
    }
}
