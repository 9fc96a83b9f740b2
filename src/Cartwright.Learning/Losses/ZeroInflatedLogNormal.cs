using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Cartwright.Learning.Losses;

/// <summary>−ln of the density of an amount that is mostly 0 and else has a long tail: what people will spend, most of them nothing.</summary>
/// <remarks>Wang, Liu and Miao, the deep probabilistic model of lifetime value, arXiv:1912.07753, 2019.</remarks>
public static class ZeroInflatedLogNormal
{
    /// <summary>The mean over the rows; it may be below 0.</summary>
    /// <param name="outputs">
    /// Of each row the logit of spending anything, the mean of the amount's logarithm, and a number whose softplus is that logarithm's
    /// standard deviation, which counts as 0.00032 at least: [rows, 3].
    /// </param>
    /// <param name="amounts">0 or more, one for each row; no gradient flows to them.</param>
    /// <returns>A scalar; 0 where there are no rows.</returns>
    /// <exception cref="ShapeException">The outputs are not three for each amount.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An amount is below 0.</exception>
    public static Tensor Loss(Tensor outputs, Tensor amounts)
    {
        if (amounts.Length > 0 && TensorPrimitives.Min(amounts.Values) is < 0 and float least)
        {
            throw new ArgumentOutOfRangeException(nameof(amounts), least, "Amounts are 0 or more.");
        }

        ShapeException.Require(
            outputs.Length == (long)amounts.Length * ZeroInflatedLogNormalKernel.Columns,
            $"A zero-inflated log-normal has three outputs for each amount; found outputs {outputs} and amounts {amounts}.");
        Tensor gradient = Tensor.Uninitialized(outputs.Dimensions);
        double scale = 1.0 / Math.Max(1, amounts.Length);
        double sum = ZeroInflatedLogNormalKernel.Invoke(outputs.Values, amounts.Values, scale, gradient.Output);
        return FusedLoss.Result(scale * sum, (outputs, gradient));
    }

    /// <summary>The amount to expect of each row: chance of spending · e^(mean + deviation² / 2).</summary>
    /// <param name="outputs">[rows, 3], as for <see cref="Loss"/>.</param>
    /// <returns>One amount for each row.</returns>
    public static float[] ExpectedAmounts(Tensor outputs)
    {
        ShapeException.Require(outputs.Columns == ZeroInflatedLogNormalKernel.Columns, $"A zero-inflated log-normal has three outputs for each row; found {outputs}.");
        float[] amounts = new float[outputs.Rows];
        for (int row = 0; row < amounts.Length; row++)
        {
            ReadOnlySpan<float> output = outputs.Values.Slice(row * ZeroInflatedLogNormalKernel.Columns, ZeroInflatedLogNormalKernel.Columns);
            Logistic.Softplus(output[0], out float chance);
            double deviation = Logistic.Softplus(output[2], out _);
            amounts[row] = (float)(chance * Math.Exp(output[1] + (deviation * deviation / 2)));
        }

        return amounts;
    }
}
