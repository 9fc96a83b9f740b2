using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>−ln of the probability that softmax gives to the right class.</summary>
public static class CrossEntropy
{
    /// <summary>Mean over the rows that have a target.</summary>
    /// <param name="logits">[rows, classes]</param>
    /// <param name="targets">Right class of each row, or <paramref name="ignoreIndex"/> where the row doesn't count.</param>
    /// <param name="ignoreIndex">Marks rows that don't count.</param>
    /// <returns>A scalar; 0 where no row counts.</returns>
    public static Tensor Loss(Tensor logits, int[] targets, int ignoreIndex = -100)
    {
        (int rows, int columns) = (logits.Rows, logits.Columns);
        ShapeException.ThrowUnlessEqual(targets.Length, rows);
        int counted = targets.Count(t => t != ignoreIndex);
        float scale = counted == 0 ? 0 : 1f / counted;

        Tensor logSumExp = Tensor.Uninitialized([rows]);
        Tensor losses = Tensor.Uninitialized([rows]);
        Tensor loss = Tensor.Result([], [logits], loss =>
        {
            Tensor rowScale = Tensor.Uninitialized([rows]);
            rowScale.Output.Fill(loss.Gradient[0] * scale);
            CrossEntropyKernel.Backward(logits.Values, targets, logSumExp.Values, rowScale.Values, logits.GradientSum, rows, columns, ignoreIndex);
        });
        CrossEntropyKernel.Forward(logits.Values, targets, losses.Output, logSumExp.Output, rows, columns, ignoreIndex);

        double sum = 0;
        for (int i = 0; i < rows; i++)
        {
            sum += targets[i] == ignoreIndex ? 0 : losses.Values[i];
        }

        loss.Output[0] = (float)(sum * scale);
        return loss;
    }

    /// <summary>
    /// The same with softened targets (Szegedy et al., "Rethinking the Inception Architecture", CVPR 2016) and classes that weigh
    /// differently: Σ q[c] w[c] (−ln p[c]) with q = 1 − smoothing at the target plus smoothing / classes everywhere.
    /// </summary>
    /// <param name="logits">[rows, classes]</param>
    /// <param name="targets">Right class of each row, or <paramref name="ignoreIndex"/> where the row doesn't count.</param>
    /// <param name="labelSmoothing">Share of the target spread over all classes, from 0 to below 1; larger is less sure of itself.</param>
    /// <param name="classWeights">One for each class, 0 or more; null weighs all alike.</param>
    /// <param name="ignoreIndex">Marks rows that don't count.</param>
    /// <returns>A scalar: the sum of the losses divided by the sum of the weights of the targets; 0 where no row counts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">labelSmoothing is out of its range.</exception>
    public static Tensor Loss(Tensor logits, int[] targets, float labelSmoothing, float[]? classWeights = null, int ignoreIndex = -100)
    {
        (int rows, int classes) = (logits.Rows, logits.Columns);
        ShapeException.ThrowUnlessEqual(targets.Length, rows);
        Ranges.ThrowUnlessBelowOne(labelSmoothing);
        classWeights ??= [.. Enumerable.Repeat(1f, classes)];
        ShapeException.ThrowUnlessEqual(classWeights.Length, classes);
        CrossEntropyKernel.ThrowUnlessColumns(targets, classes, ignoreIndex);
        double weight = targets.Sum(target => target == ignoreIndex ? 0d : classWeights[target]);
        double scale = weight == 0 ? 0 : 1 / weight;

        Tensor gradient = Tensor.Uninitialized(logits.Dimensions);
        double sum = SmoothedCrossEntropyKernel.Invoke(
            logits.Values, targets, classWeights, labelSmoothing, ignoreIndex, (float)scale, gradient.Output, rows, classes);
        return FusedLoss.Result(scale * sum, (logits, gradient));
    }
}
