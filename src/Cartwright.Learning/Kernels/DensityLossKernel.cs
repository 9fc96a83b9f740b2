using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>A loss of the two parameters of a distribution, with its slopes by both.</summary>
internal interface IDensityLoss
{
    Vector<float> Of(Vector<float> a, Vector<float> b, Vector<float> target, out Vector<float> slopeA, out Vector<float> slopeB);

    /// <summary>The definition, which also serves the tail and machines without vectors.</summary>
    float Of(float a, float b, float target, out float slopeA, out float slopeB);
}

/// <summary>ln σ² / 2 + (target - mean)² / (2 σ²) + ln(2 π) / 2, where a is the mean and b is ln σ².</summary>
internal readonly struct GaussianDensityLoss : IDensityLoss
{
    // As PyTorch, no variance counts as less than 1e-6; the slope is then the one at 1e-6.
    private const float LeastLogVariance = -13.8155106f;
    private const float HalfLogTwoPi = 0.918938533f;

    public Vector<float> Of(
        Vector<float> a, Vector<float> b, Vector<float> target, out Vector<float> slopeA, out Vector<float> slopeB)
    {
        Vector<float> logVariance = Vector.Max(b, new Vector<float>(LeastLogVariance));
        Vector<float> precision = VectorExp.Of(-logVariance);
        Vector<float> d = a - target;
        slopeA = d * precision;
        slopeB = new Vector<float>(0.5f) - (d * slopeA * 0.5f);
        return new Vector<float>(HalfLogTwoPi) + (((d * slopeA) + logVariance) * 0.5f);
    }

    public float Of(float a, float b, float target, out float slopeA, out float slopeB)
    {
        float logVariance = MathF.Max(b, LeastLogVariance);
        float d = a - target;
        slopeA = d * MathF.Exp(-logVariance);
        slopeB = 0.5f - (d * slopeA * 0.5f);
        return HalfLogTwoPi + (((d * slopeA) + logVariance) * 0.5f);
    }
}

/// <summary>(σ² + mean² - 1 - ln σ²) / 2, where a is the mean and b is ln σ²; there is no target.</summary>
internal readonly struct StandardNormalDivergence : IDensityLoss
{
    public Vector<float> Of(
        Vector<float> a, Vector<float> b, Vector<float> target, out Vector<float> slopeA, out Vector<float> slopeB)
    {
        Vector<float> excess = VectorExp.Of(b) - Vector<float>.One;
        slopeA = a;
        slopeB = excess * 0.5f;
        return (excess - b + (a * a)) * 0.5f;
    }

    public float Of(float a, float b, float target, out float slopeA, out float slopeB)
    {
        float excess = MathF.Exp(b) - 1;
        slopeA = a;
        slopeB = excess * 0.5f;
        return (excess - b + (a * a)) * 0.5f;
    }
}

/// <summary>The sum of such losses and both gradients in one pass.</summary>
internal static unsafe class DensityLossKernel
{
    /// <summary>Numbers whose losses are added in float, before the sum goes on in double.</summary>
    private const int ChunkSize = 1024;

    /// <summary>Writes scale * slope to gradA and gradB and returns the sum of the losses.</summary>
    public static double Invoke<TLoss>(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> targets, float scale, Span<float> gradA, Span<float> gradB)
        where TLoss : struct, IDensityLoss
    {
        ShapeException.ThrowUnlessLength(b.Length, a.Length);
        ShapeException.ThrowUnlessLength(targets.Length, a.Length);
        ShapeException.ThrowUnlessLength(gradA.Length, a.Length);
        ShapeException.ThrowUnlessLength(gradB.Length, a.Length);
        var blocks = new RowBlocks(a.Length, 1);
        using var sums = new BlockSums(blocks.Count);
        fixed (float* pa = a, pb = b, pt = targets, ga = gradA, gb = gradB)
        {
            ParallelWork.For(blocks.Count, new Block<TLoss>(blocks, pa, pb, pt, scale, ga, gb, sums));
        }

        return sums.Total();
    }

    private readonly struct Block<TLoss>(
        RowBlocks blocks, float* a, float* b, float* targets, float scale, float* gradA, float* gradB, BlockSums sums) : IWorkItem
        where TLoss : struct, IDensityLoss
    {
        public void Run(int index)
        {
            double sum = 0;
            int end = blocks.End(index);
            for (int start = blocks.Start(index); start < end; start += ChunkSize)
            {
                sum += Chunk(start, Math.Min(end, start + ChunkSize));
            }

            sums[index] = sum;
        }

        private float Chunk(int start, int end)
        {
            TLoss loss = default;
            int i = start;
            float sum = 0;
            if (Vector.IsHardwareAccelerated)
            {
                Vector<float> total = Vector<float>.Zero;
                for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                {
                    total += loss.Of(
                        Vector.Load(a + i), Vector.Load(b + i), Vector.Load(targets + i),
                        out Vector<float> slopeA, out Vector<float> slopeB);
                    (slopeA * scale).Store(gradA + i);
                    (slopeB * scale).Store(gradB + i);
                }

                sum = Vector.Sum(total);
            }

            for (; i < end; i++)
            {
                sum += loss.Of(a[i], b[i], targets[i], out float slopeA, out float slopeB);
                gradA[i] = slopeA * scale;
                gradB[i] = slopeB * scale;
            }

            return sum;
        }
    }
}
