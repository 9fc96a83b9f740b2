using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>How far a normal distribution with independent axes is from the standard one: what a variational autoencoder pays for its code.</summary>
/// <remarks>Kullback-Leibler divergence; Kingma and Welling, "Auto-Encoding Variational Bayes", ICLR 2014, appendix B.</remarks>
public static class GaussianDivergence
{
    /// <summary>The mean over the rows of Σ (σ² + mean² − 1 − ln σ²) / 2, in nats.</summary>
    /// <param name="mean">[rows, size]</param>
    /// <param name="logVariance">ln σ²: [rows, size].</param>
    /// <returns>A scalar, 0 or more; 0 where there are no rows.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static Tensor Loss(Tensor mean, Tensor logVariance) =>
        DensityLoss.Sum<StandardNormalDivergence>(mean, logVariance, mean, mean.Rows);
}
