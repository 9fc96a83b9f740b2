using Cartwright.Learning.Autograd;
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
}
