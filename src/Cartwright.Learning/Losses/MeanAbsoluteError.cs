using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>|x − y|, for numbers whose median is wanted: a few that are far off weigh less than in a square.</summary>
public static class MeanAbsoluteError
{
    /// <summary>The mean over all numbers; gradients flow to both sides.</summary>
    /// <param name="x">What was said, of any shape.</param>
    /// <param name="y">What is right, as many numbers.</param>
    /// <returns>A scalar; 0 where there are no numbers.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static Tensor Loss(Tensor x, Tensor y) => PairLoss.MeanOfDifference(x, y, default(AbsoluteDifference));
}
