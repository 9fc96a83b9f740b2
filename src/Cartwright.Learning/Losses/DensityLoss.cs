using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>A loss of two parameters of a distribution, added up and divided; both gradients are made in the same pass.</summary>
internal static class DensityLoss
{
    /// <param name="divisor">What the sum is divided by; 0 gives 0.</param>
    public static Tensor Sum<TLoss>(Tensor a, Tensor b, Tensor targets, int divisor)
        where TLoss : struct, IDensityLoss
    {
        ShapeException.Require(
            b.Length == a.Length && targets.Length == a.Length,
            $"A Gaussian has a mean and a variance for each target; found means {a}, variances {b} and targets {targets}.");
        Tensor gradA = Tensor.Uninitialized(a.Dimensions);
        Tensor gradB = Tensor.Uninitialized(b.Dimensions);
        int count = Math.Max(1, divisor);
        double sum = DensityLossKernel.Invoke<TLoss>(a.Values, b.Values, targets.Values, 1f / count, gradA.Output, gradB.Output);
        return FusedLoss.Result(sum / count, (a, gradA), (b, gradB));
    }
}
