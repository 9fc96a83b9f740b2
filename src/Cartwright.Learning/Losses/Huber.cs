using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>A square near 0 and a line beyond: smooth as the first, as patient with numbers far off as the second.</summary>
/// <remarks>Huber, "Robust Estimation of a Location Parameter", 1964.</remarks>
public static class Huber
{
    /// <summary>The mean over all numbers of d² / 2 for |d| up to delta and delta (|d| − delta / 2) beyond, d = x − y.</summary>
    /// <param name="x">What was said, of any shape.</param>
    /// <param name="y">What is right, as many numbers. Gradients flow to both sides.</param>
    /// <param name="delta">Where the line begins, more than 0, in the unit of x.</param>
    /// <returns>A scalar; 0 where there are no numbers.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">delta is 0 or less, or no number.</exception>
    public static Tensor Loss(Tensor x, Tensor y, float delta = 1)
    {
        Ranges.ThrowUnlessPositive(delta);
        return PairLoss.MeanOfDifference(x, y, new HuberDifference(delta));
    }
}
