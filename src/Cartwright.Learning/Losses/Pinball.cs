using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>The loss whose minimum is a quantile: too low costs the level, too high costs 1 − level, for every unit.</summary>
/// <remarks>Koenker and Bassett, "Regression Quantiles", Econometrica 1978.</remarks>
public static class Pinball
{
    /// <summary>The mean over rows and levels.</summary>
    /// <param name="predictions">One quantile for each level: [rows, levels].</param>
    /// <param name="targets">One for each row; no gradient flows to them.</param>
    /// <param name="levels">Between 0 and 1, both excluded: 0.1, 0.5 and 0.9 for a range that holds four of five.</param>
    /// <returns>A scalar; 0 where there are no rows.</returns>
    /// <exception cref="ShapeException">The predictions are not as many for each target as there are levels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A level is out of its range.</exception>
    public static Tensor Loss(Tensor predictions, Tensor targets, params ReadOnlySpan<float> levels)
    {
        ShapeException.Require(!levels.IsEmpty, $"The pinball loss needs one level or more, as 0.5 for the median; found none.");
        ShapeException.Require(
            predictions.Length == (long)targets.Length * levels.Length,
            $"The pinball loss needs a prediction for each target and each of {levels.Length} levels; found predictions {predictions} and targets {targets}.");
        foreach (float level in levels)
        {
            if (!(level is > 0 and < 1))
            {
                throw new ArgumentOutOfRangeException(nameof(levels), level, "A level of the pinball loss is above 0 and below 1.");
            }
        }

        Tensor gradient = Tensor.Uninitialized(predictions.Dimensions);
        int count = Math.Max(1, predictions.Length);
        double sum = PinballKernel.Invoke(predictions.Values, targets.Values, levels, 1f / count, gradient.Output);
        return FusedLoss.Result(sum / count, (predictions, gradient));
    }
}
