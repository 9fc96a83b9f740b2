namespace Cartwright.Learning.Kernels;

/// <summary>-ln of the probability of a count under a negative binomial distribution, and its slopes by mean and dispersion.</summary>
/// <remarks>
/// With r = 1 / dispersion: ln Γ(count + 1) + ln Γ(r) - ln Γ(count + r) + (count + r) ln(1 + mean / r) - count ln(mean / r). In double,
/// since the logarithms of Γ cancel where the dispersion is small.
/// </remarks>
internal static unsafe class NegativeBinomialKernel
{
    /// <summary>Less counts as this, where the distribution is Poisson's for all that can be told.</summary>
    public const float LeastDispersion = 1e-5f;

    /// <summary>Less counts as this: a mean of 0 would make every sale impossible.</summary>
    public const float LeastMean = 1e-6f;

    /// <summary>Writes scale * slope to both gradients and returns the sum of the losses.</summary>
    public static double Invoke(
        ReadOnlySpan<float> means,
        ReadOnlySpan<float> dispersions,
        ReadOnlySpan<float> counts,
        double scale,
        Span<float> gradMeans,
        Span<float> gradDispersions)
    {
        ShapeException.ThrowUnlessLength(dispersions.Length, means.Length);
        ShapeException.ThrowUnlessLength(counts.Length, means.Length);
        ShapeException.ThrowUnlessLength(gradMeans.Length, means.Length);
        ShapeException.ThrowUnlessLength(gradDispersions.Length, means.Length);

        // A count takes as long as some dozens of a cheap loss, so the blocks are smaller.
        var blocks = new RowBlocks(means.Length, 32);
        using var sums = new BlockSums(blocks.Count);
        fixed (float* m = means, d = dispersions, c = counts, gm = gradMeans, gd = gradDispersions)
        {
            ParallelWork.For(blocks.Count, new Block(blocks, m, d, c, scale, gm, gd, sums));
        }

        return sums.Total();
    }

    public static double Of(double mean, double dispersion, double count, out double slopeMean, out double slopeDispersion)
    {
        double r = 1 / dispersion;
        slopeMean = (count - mean) / (-mean * (1 + (dispersion * mean)));
        double slopeR = GammaFunction.Digamma(r) - GammaFunction.Digamma(count + r)
            + double.LogP1(mean / r) + ((count - mean) / (r + mean));
        slopeDispersion = -slopeR * r * r;
        return GammaFunction.Log(count + 1) + GammaFunction.Log(r) - GammaFunction.Log(count + r)
            + ((count + r) * double.LogP1(mean / r)) - (count * Math.Log(mean / r));
    }

    private readonly struct Block(
        RowBlocks blocks,
        float* means,
        float* dispersions,
        float* counts,
        double scale,
        float* gradMeans,
        float* gradDispersions,
        BlockSums sums)
        : IWorkItem
    {
        public void Run(int index)
        {
            double sum = 0;
            for (int i = blocks.Start(index); i < blocks.End(index); i++)
            {
                float mean = MathF.Max(means[i], LeastMean);
                float dispersion = MathF.Max(dispersions[i], LeastDispersion);
                sum += Of(mean, dispersion, counts[i], out double slopeMean, out double slopeDispersion);
                gradMeans[i] = (float)(scale * slopeMean);
                gradDispersions[i] = (float)(scale * slopeDispersion);
            }

            sums[index] = sum;
        }
    }
}
