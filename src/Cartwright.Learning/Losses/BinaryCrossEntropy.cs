using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>−t ln p − (1 − t) ln(1 − p) with p = sigmoid(logit), computed from the logit, so that ±1000 does no harm.</summary>
public static class BinaryCrossEntropy
{
    /// <summary>The mean over all numbers.</summary>
    /// <param name="logits">Of any shape.</param>
    /// <param name="targets">0 or 1, or a share between; as many numbers, and no gradient flows to them.</param>
    /// <param name="positiveWeight">Factor of the first term, more than 0; larger finds more positives and is wrong about more of them.</param>
    /// <returns>A scalar; 0 where there are no numbers.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">positiveWeight is 0 or less, or no number.</exception>
    public static Tensor Loss(Tensor logits, Tensor targets, float positiveWeight = 1)
    {
        Ranges.ThrowUnlessPositive(positiveWeight);
        return PairLoss.Mean(logits, targets, new LogisticLoss(positiveWeight));
    }
}
