using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>−ln of a normal density: for a forecast that says how far off it may be.</summary>
/// <remarks>Nix and Weigend, "Estimating the Mean and Variance of the Target Probability Distribution", 1994.</remarks>
public static class GaussianLikelihood
{
    /// <summary>The mean over all numbers of (ln σ² + (target − mean)² / σ² + ln 2π) / 2; it may be below 0.</summary>
    /// <param name="mean">Of any shape.</param>
    /// <param name="logVariance">ln σ², as many numbers; less than ln 1e-6 counts as that.</param>
    /// <param name="targets">As many numbers; no gradient flows to them.</param>
    /// <returns>A scalar; 0 where there are no numbers.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static Tensor Loss(Tensor mean, Tensor logVariance, Tensor targets) =>
        DensityLoss.Sum<GaussianDensityLoss>(mean, logVariance, targets, mean.Length);
}
