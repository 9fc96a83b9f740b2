using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Losses;

/// <summary>What counts in a <see cref="CrossEntropy"/>, and how much.</summary>
public sealed record CrossEntropyOptions
{
    /// <summary>Share of the target spread over all classes, from 0 to below 1; larger is less sure of itself.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>One for each class, 0 or more; null weighs all alike.</summary>
    public float[]? ClassWeights { get; init; }

    /// <summary>Marks rows that don't count, in place of their target.</summary>
    public int IgnoreIndex { get; init; } = -100;
}

/// <summary>−ln of the probability that softmax gives to the right class.</summary>
public static class CrossEntropy
{
    private static readonly CrossEntropyOptions Plain = new();

    /// <summary>Mean over the rows that have a target.</summary>
    /// <remarks>
    /// With softened targets (Szegedy et al., "Rethinking the Inception Architecture", CVPR 2016) and classes that weigh differently
    /// it is Σ q[c] w[c] (−ln p[c]) with q = 1 − smoothing at the target plus smoothing / classes everywhere, as PyTorch's.
    /// A class that is masked by a logit of −∞ has the probability 0: as a target, or with any smoothing, it makes the loss infinite,
    /// unless its weight is 0, when it counts for nothing. There PyTorch gives NaN.
    /// </remarks>
    /// <param name="logits">[rows, classes]</param>
    /// <param name="targets">Right class of each row, or <see cref="CrossEntropyOptions.IgnoreIndex"/> where the row doesn't count.</param>
    /// <param name="options">Null for no smoothing, no weights and -100 for rows that don't count.</param>
    /// <returns>A scalar: the sum of the losses divided by the sum of the weights of the targets; 0 where no row counts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The smoothing or a weight is out of its range, or a target is no class.</exception>
    public static Tensor Loss(Tensor logits, int[] targets, CrossEntropyOptions? options = null)
    {
        options ??= Plain;
        Ranges.ThrowUnlessBelowOne(options.LabelSmoothing, nameof(options.LabelSmoothing));
        ShapeException.Require(targets.Length == logits.Rows, $"Cross-entropy needs a target for each row of logits; found {targets.Length} targets for {logits}.");
        return options is { LabelSmoothing: 0, ClassWeights: null } ? OfTargets(logits, targets, options.IgnoreIndex) : OfAllClasses(logits, targets, options);
    }

    private static Tensor OfTargets(Tensor logits, int[] targets, int ignoreIndex)
    {
        (int rows, int columns) = (logits.Rows, logits.Columns);
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

    private static Tensor OfAllClasses(Tensor logits, int[] targets, CrossEntropyOptions options)
    {
        (int rows, int classes, int ignoreIndex) = (logits.Rows, logits.Columns, options.IgnoreIndex);
        float[] classWeights = options.ClassWeights ?? [.. Enumerable.Repeat(1f, classes)];
        ShapeException.Require(
            classWeights.Length == classes, $"Cross-entropy needs a weight for each class; found {classWeights.Length} weights for logits {logits}.");
        foreach (float classWeight in classWeights)
        {
            Ranges.ThrowUnlessNotNegative(classWeight, nameof(options.ClassWeights));
        }

        CrossEntropyKernel.ThrowUnlessColumns(targets, classes, ignoreIndex);
        double weight = targets.Sum(target => target == ignoreIndex ? 0d : classWeights[target]);
        double scale = weight == 0 ? 0 : 1 / weight;

        Tensor gradient = Tensor.Uninitialized(logits.Dimensions);
        double sum = SmoothedCrossEntropyKernel.Invoke(
            logits.Values, targets, classWeights, options.LabelSmoothing, ignoreIndex, (float)scale, gradient.Output, rows, classes);
        return FusedLoss.Result(scale * sum, (logits, gradient));
    }
}
