using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>The mean of a loss that treats every number alone, its gradient made in the same pass.</summary>
internal static class PairLoss
{
    /// <summary>For targets that are given: no gradient flows to them.</summary>
    public static Tensor Mean<TLoss>(Tensor x, Tensor targets, TLoss loss)
        where TLoss : struct, IPairLoss
    {
        Tensor gradient = Tensor.Uninitialized(x.Dimensions);
        return FusedLoss.Result(Mean(x, targets, loss, gradient), (x, gradient));
    }

    /// <summary>For a loss of x - y: what flows to y is the opposite of what flows to x.</summary>
    public static Tensor MeanOfDifference<TLoss>(Tensor x, Tensor y, TLoss loss)
        where TLoss : struct, IPairLoss
    {
        Tensor gradient = Tensor.Uninitialized(x.Dimensions);
        Tensor mean = Tensor.Result([], [x, y], mean =>
        {
            Arithmetic.AddScaledGradient(x, gradient.Values, mean.Gradient[0]);
            Arithmetic.AddScaledGradient(y, gradient.Values, -mean.Gradient[0]);
        });
        mean.Output[0] = (float)Mean(x, y, loss, gradient);
        return mean;
    }

    private static double Mean<TLoss>(Tensor x, Tensor targets, TLoss loss, Tensor gradient)
        where TLoss : struct, IPairLoss
    {
        ShapeException.Require(
            targets.Length == x.Length, $"This loss compares as many numbers on both sides; found {x} and {targets}.");
        int count = Math.Max(1, x.Length);
        return PairLossKernel.Invoke(loss, x.Values, targets.Values, 1f / count, gradient.Output) / count;
    }
}
