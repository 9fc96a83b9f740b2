using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Losses;

/// <summary>−ln of the probability of a count whose variance is mean + dispersion · mean²: for sales, which come in bursts.</summary>
/// <remarks>The likelihood of Salinas et al., "DeepAR: Probabilistic Forecasting with Autoregressive Recurrent Networks", 2020, section 3.2.</remarks>
public static class NegativeBinomialLikelihood
{
    /// <summary>The mean over all numbers.</summary>
    /// <param name="mean">Expected counts, of any shape, such as a softplus gives; less than 1e-6 counts as that.</param>
    /// <param name="dispersion">As many numbers, as above; less than 1e-5 counts as that, which is Poisson's distribution.</param>
    /// <param name="counts">0 or more, as many numbers; no gradient flows to them.</param>
    /// <returns>A scalar, 0 or more for whole counts; 0 where there are no numbers.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 0.</exception>
    public static Tensor Loss(Tensor mean, Tensor dispersion, Tensor counts)
    {
        if (counts.Length > 0 && TensorPrimitives.Min(counts.Values) is < 0 and float least)
        {
            throw new ArgumentOutOfRangeException(nameof(counts), least, "Counts are 0 or more.");
        }

        ShapeException.Require(
            dispersion.Length == mean.Length && counts.Length == mean.Length,
            $"A negative binomial has a mean and a dispersion for each count; found means {mean}, dispersions {dispersion} and counts {counts}.");
        Tensor gradMean = Tensor.Uninitialized(mean.Dimensions);
        Tensor gradDispersion = Tensor.Uninitialized(dispersion.Dimensions);
        double scale = 1.0 / Math.Max(1, mean.Length);
        double sum = NegativeBinomialKernel.Invoke(
            mean.Values, dispersion.Values, counts.Values, scale, gradMean.Output, gradDispersion.Output);
        return FusedLoss.Result(scale * sum, (mean, gradMean), (dispersion, gradDispersion));
    }
}
