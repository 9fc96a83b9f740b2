using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>−ln σ(positive − negative): what was chosen should score above what was not.</summary>
/// <remarks>Rendle et al., "BPR: Bayesian Personalized Ranking from Implicit Feedback", UAI 2009, without the prior, which is the optimizer's weight decay.</remarks>
public static class Bpr
{
    /// <summary>The mean over all pairs.</summary>
    /// <param name="positives">Score of what was chosen: [rows].</param>
    /// <param name="negatives">Scores of what was not: [rows, count], or [rows] where there is one.</param>
    /// <returns>A scalar; 0 where there are no pairs.</returns>
    /// <exception cref="ShapeException">There are not as many negatives for each positive.</exception>
    public static Tensor Loss(Tensor positives, Tensor negatives)
    {
        ShapeException.Require(
            positives.Length == 0 ? negatives.Length == 0 : negatives.Length % positives.Length == 0,
            $"BPR compares each positive with equally many negatives; found positives {positives} and negatives {negatives}.");
        int columns = positives.Length == 0 ? 1 : negatives.Length / positives.Length;
        Tensor gradPositives = Tensor.Uninitialized(positives.Dimensions);
        Tensor gradNegatives = Tensor.Uninitialized(negatives.Dimensions);
        int pairs = Math.Max(1, negatives.Length);
        double sum = BprKernel.Invoke(
            positives.Values, negatives.Values, 1f / pairs, gradPositives.Output, gradNegatives.Output, columns);
        return FusedLoss.Result(sum / pairs, (positives, gradPositives), (negatives, gradNegatives));
    }
}
