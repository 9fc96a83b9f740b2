using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>max(0, 1 − t x): nothing for what is right by a margin of 1, a line for the rest.</summary>
/// <remarks>Cortes and Vapnik, "Support-Vector Networks", 1995.</remarks>
public static class Hinge
{
    /// <summary>The mean over all numbers.</summary>
    /// <param name="scores">Of any shape.</param>
    /// <param name="labels">1 or −1; as many numbers, and no gradient flows to them.</param>
    /// <returns>A scalar; 0 where there are no numbers.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static Tensor Loss(Tensor scores, Tensor labels) => PairLoss.Mean(scores, labels, default(HingeLoss));
}
