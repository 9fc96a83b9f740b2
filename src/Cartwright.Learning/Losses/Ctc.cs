using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>−ln of the probability that softmax's classes, repetitions merged and blanks dropped, spell the labels. Needs no alignment.</summary>
/// <remarks>Graves et al., "Connectionist Temporal Classification", ICML 2006. To read labels from logits see <see cref="CtcDecoder"/>.</remarks>
public static class Ctc
{
    /// <summary>The mean over the sequences of the loss per label, as PyTorch's.</summary>
    /// <param name="logits">[tokens, classes], the sequences one after the other.</param>
    /// <param name="offsets">Sequence s is the tokens offsets[s] up to offsets[s + 1].</param>
    /// <param name="labels">Labels of all sequences, one after the other; never the blank.</param>
    /// <param name="labelOffsets">Those of sequence s are labelOffsets[s] up to labelOffsets[s + 1].</param>
    /// <param name="blank">The class that says nothing.</param>
    /// <returns>A scalar; 0 where there is no sequence. Labels that do not fit into their tokens (a label takes one, a repeated one two)
    /// count as 0 and have no gradient, as a recording that was cut too short shouldn't end the training.</returns>
    /// <exception cref="ShapeException">The offsets do not fit, or a label is the blank or no class.</exception>
    public static Tensor Loss(Tensor logits, int[] offsets, int[] labels, int[] labelOffsets, int blank = 0)
    {
        ShapeException.Require(
            logits.Rows == SequenceOffsets.TotalOf(offsets),
            $"CTC needs offsets that end at the number of tokens, {logits.Rows}; they end at {offsets[^1]}.");
        ShapeException.Require(
            labelOffsets.Length == offsets.Length,
            $"CTC needs labels for each of {offsets.Length - 1} sequences; the label offsets speak of {labelOffsets.Length - 1}.");
        (int classes, int sequences) = (logits.Columns, offsets.Length - 1);
        ShapeException.Require(
            labels.Length == SequenceOffsets.TotalOf(labelOffsets),
            $"CTC needs label offsets that end at the number of labels, {labels.Length}; they end at {labelOffsets[^1]}.");
        ThrowUnlessClasses(labels, classes, blank);
        Tensor gradient = Tensor.Uninitialized(logits.Dimensions);
        Tensor scales = Tensor.Uninitialized([sequences]);
        Tensor loss = Tensor.Result([], [logits], loss => Arithmetic.AddScaledGradient(logits, gradient.Values, loss.Gradient[0]));

        for (int s = 0; s < sequences; s++)
        {
            scales.Output[s] = 1f / sequences / Math.Max(1, labelOffsets[s + 1] - labelOffsets[s]);
        }

        double[] losses = new double[sequences];
        LogSoftmaxKernel.Forward(logits.Values, gradient.Output, logits.Rows, classes);
        CtcKernel.Invoke(gradient.Output, offsets, labels, labelOffsets, classes, blank, scales.Values, losses, loss.RequiresGradient);

        double sum = 0;
        for (int s = 0; s < sequences; s++)
        {
            sum += double.IsPositiveInfinity(losses[s]) ? 0 : losses[s] * scales.Values[s];
        }

        loss.Output[0] = (float)sum;
        return loss;
    }

    private static void ThrowUnlessClasses(int[] labels, int classes, int blank)
    {
        if ((uint)blank >= (uint)classes && labels.Length > 0)
        {
            throw new ShapeException($"The blank is class {blank}; there are classes 0 to {classes - 1}.");
        }

        for (int i = 0; i < labels.Length; i++)
        {
            ShapeException.Require(
                (uint)labels[i] < (uint)classes && labels[i] != blank,
                $"The label at position {i} is {labels[i]}; CTC has labels from 0 to {classes - 1} without the blank, {blank}.");
        }
    }
}
