using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>An anchor should be nearer to its like than to another by a margin, in Euclidean distance.</summary>
/// <remarks>Schroff, Kalenichenko and Philbin, "FaceNet", CVPR 2015; distances are not squared, as in PyTorch.</remarks>
public static class Triplet
{
    /// <summary>The mean over the rows of max(0, |anchor − positive| − |anchor − negative| + margin).</summary>
    /// <param name="anchors">[rows, size], as the others; gradients flow to all three.</param>
    /// <param name="margin">More than 0, in the unit of the distance; larger pushes farther apart.</param>
    /// <returns>A scalar; 0 where there are no rows.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static Tensor Loss(Tensor anchors, Tensor positives, Tensor negatives, float margin = 1)
    {
        Ranges.ThrowUnlessPositive(margin);
        ShapeException.Require(
            positives.Length == anchors.Length && negatives.Length == anchors.Length
                && positives.Columns == anchors.Columns && negatives.Columns == anchors.Columns,
            $"A triplet is an anchor, a positive and a negative of one size; found {anchors}, {positives} and {negatives}.");
        Tensor gradAnchors = Tensor.Uninitialized(anchors.Dimensions);
        Tensor gradPositives = Tensor.Uninitialized(positives.Dimensions);
        Tensor gradNegatives = Tensor.Uninitialized(negatives.Dimensions);
        int rows = Math.Max(1, anchors.Rows);
        double sum = TripletKernel.Invoke(
            anchors.Values, positives.Values, negatives.Values, margin, 1f / rows,
            gradAnchors.Output, gradPositives.Output, gradNegatives.Output, anchors.Rows, anchors.Columns);
        return FusedLoss.Result(sum / rows, (anchors, gradAnchors), (positives, gradPositives), (negatives, gradNegatives));
    }
}
