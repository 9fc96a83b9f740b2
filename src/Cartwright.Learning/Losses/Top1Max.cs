using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>The share of negatives that score above the target, smoothed; each weighs as a softmax over the negatives says.</summary>
/// <remarks>
/// Hidasi and Karatzoglou, "Recurrent Neural Networks with Top-k Gains for Session-based Recommendations", CIKM 2018.
/// </remarks>
public static class Top1Max
{
    /// <summary>The mean over the rows of Σ s[j] (σ(x[j] − x[target]) + regularization · σ(x[j]²)).</summary>
    /// <param name="scores">[rows, candidates]</param>
    /// <param name="targets">The candidate that was chosen in each row; all others are its negatives.</param>
    /// <param name="regularization">Pulls the scores of negatives to 0, 0 or more; 1 in the paper.</param>
    /// <returns>A scalar; 0 where there are no rows.</returns>
    /// <exception cref="ShapeException">There is not a target for each row, or no second candidate.</exception>
    public static Tensor Loss(Tensor scores, int[] targets, float regularization = 1)
    {
        Ranges.ThrowUnlessNotNegative(regularization);
        ShapeException.Require(
            targets.Length == scores.Rows, $"TOP1-max needs a target for each row of scores; found {targets.Length} targets for {scores}.");
        Tensor gradient = Tensor.Uninitialized(scores.Dimensions);
        int rows = Math.Max(1, targets.Length);
        double sum = Top1MaxKernel.Invoke(scores.Values, targets, regularization, 1f / rows, gradient.Output, scores.Columns);
        return FusedLoss.Result(sum / rows, (scores, gradient));
    }
}
