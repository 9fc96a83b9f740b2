using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Autograd;

/// <summary>One row for each sequence.</summary>
public static class SequencePooling
{
    /// <summary>The mean of each sequence's rows, weighted by the softmax of their scores: [sequences, columns]. An empty sequence gives zeros.</summary>
    /// <param name="x">[tokens, columns], the sequences one after the other.</param>
    /// <param name="scores">[tokens] or [tokens, 1]</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <exception cref="ShapeException">The tensors and the offsets do not speak of the same tokens.</exception>
    public static Tensor WeightedMeans(this Tensor x, Tensor scores, int[] offsets)
    {
        int columns = x.Columns;
        Tensor weights = Tensor.Uninitialized([SequenceOffsets.TotalOf(offsets)]);
        Tensor means = Tensor.Result([offsets.Length - 1, columns], [x, scores], means =>
            SequencePoolKernel.Backward(means.Gradient, x.Values, offsets, weights.Values,
                x.RequiresGradient ? x.GradientSum : [], scores.RequiresGradient ? scores.GradientSum : [], columns));
        SequencePoolKernel.Forward(x.Values, scores.Values, offsets, weights.Output, means.Output, columns);
        if (OperationTrace.Current is { } trace)
        {
            SequenceTrace.RecordWeightedMeans(trace, means, x, scores, offsets);
        }

        return means;
    }
}
