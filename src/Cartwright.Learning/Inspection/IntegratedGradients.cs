using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Inspection;

/// <summary>Shares the difference between the scores of an input and of a baseline out among the input's numbers.</summary>
/// <remarks>
/// (input − baseline) times the mean gradient on the straight way from one to the other, at the middles of equal steps. The values
/// sum to the difference of the scores, up to <see cref="Attribution.Residual"/>, which more steps make smaller.
/// Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.
/// </remarks>
public static class IntegratedGradients
{
    /// <param name="score">Gives one number for each example of [batch, ...]: the logit of a class, say.</param>
    /// <param name="input">One example, without a batch axis.</param>
    /// <param name="baseline">Something that says nothing, of the same shape: zeros, the mean picture.</param>
    /// <param name="steps">Points on the way, 1 or more; more are more exact.</param>
    /// <returns>A value for each number of the input.</returns>
    /// <exception cref="ShapeException">Input and baseline differ in length.</exception>
    public static Attribution Attribute(Func<Tensor, Tensor> score, Tensor input, Tensor baseline, int steps = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ShapeException.Require(
            baseline.Dimensions.SequenceEqual(input.Dimensions),
            $"Integrated gradients need a baseline of the input's shape; found input {input} and baseline {baseline}.");
        int length = input.Length;
        double[] sums = new double[length];
        for (int start = 0; start < steps; start += ScoreBatches.Size)
        {
            int size = Math.Min(ScoreBatches.Size, steps - start);
            float[] points = new float[size * length];
            for (int i = 0; i < points.Length; i++)
            {
                float share = (start + (i / length) + 0.5f) / steps;
                (float from, float to) = (baseline.Values[i % length], input.Values[i % length]);
                points[i] = from + (share * (to - from));
            }

            float[] gradients = InputGradient.Of(score, Tensor.From(points, [size, .. input.Shape]));
            for (int i = 0; i < gradients.Length; i++)
            {
                sums[i % length] += gradients[i];
            }
        }

        double[] ends = ScoreBatches.Of(score, input.Dimensions, 2, (i, example) => (i == 0 ? input : baseline).Values.CopyTo(example));
        float[] values = [.. sums.Select((sum, i) => (float)(sum / steps * (input.Values[i] - baseline.Values[i])))];
        return new Attribution(values, ends[0], ends[1]);
    }
}
