using System.Globalization;
using System.Text;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Losses;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Inspection;

/// <param name="Strength">Deviation of the noise, and length of the adversarial step, in the units of the input.</param>
/// <param name="NoiseAccuracy">Share of the examples still classified rightly with noise added.</param>
/// <param name="AdversarialAccuracy">The same after the adversarial step.</param>
public sealed record RobustnessPoint(float Strength, double NoiseAccuracy, double AdversarialAccuracy);

/// <summary>How a classifier holds out against noise and against an attacker.</summary>
/// <remarks>
/// Noise is normal. The adversarial step moves every number by the strength in the direction that raises the loss (the fast gradient
/// sign method): Goodfellow, Shlens and Szegedy, "Explaining and Harnessing Adversarial Examples", ICLR 2015.
/// </remarks>
public sealed record Robustness(double Accuracy, IReadOnlyList<RobustnessPoint> Points)
{
    private const int BatchSize = 128;

    /// <param name="logits">Gives [batch, classes] for [batch, ...]. Set the model to answer, not to train.</param>
    /// <param name="examples">[examples, ...]</param>
    /// <param name="classes">The right class of each example.</param>
    /// <param name="strengths">0 or more each.</param>
    /// <param name="smallest">No number of a changed example is below.</param>
    /// <param name="largest">No number of a changed example is above.</param>
    /// <param name="random">Draws the noise.</param>
    /// <exception cref="ShapeException">There are not as many classes as examples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A strength is below 0 or not finite, or the smallest number is above the largest.</exception>
    public static Robustness Measure(Func<Tensor, Tensor> logits, Tensor examples, int[] classes,
        IReadOnlyList<float> strengths, float smallest, float largest, Random random)
    {
        ShapeException.Require(
            examples.Rank > 0 && classes.Length == examples.Shape[0],
            $"There is a right class for each example; found {classes.Length} classes for examples {examples}.");
        foreach (float strength in strengths)
        {
            Ranges.ThrowUnlessNotNegative(strength, nameof(strengths));
        }

        if (!(smallest <= largest))
        {
            throw new ArgumentOutOfRangeException(nameof(smallest), smallest, $"smallest must be at most largest, {largest}.");
        }

        int clean = 0;
        int[] underNoise = new int[strengths.Count];
        int[] underAttack = new int[strengths.Count];
        int length = examples.Length / Math.Max(1, classes.Length);
        for (int start = 0; start < classes.Length; start += BatchSize)
        {
            int[] right = classes[start..Math.Min(start + BatchSize, classes.Length)];
            float[] numbers = examples.Values.Slice(start * length, right.Length * length).ToArray();
            int[] shape = [right.Length, .. examples.Shape.Skip(1)];
            float[] gradient = InputGradient.Of(x => CrossEntropy.Loss(logits(x), right), Tensor.From(numbers, shape));
            clean += CountRight(numbers);
            for (int s = 0; s < strengths.Count; s++)
            {
                float strength = strengths[s];
                underNoise[s] += CountRight([.. numbers.Select(x => Math.Clamp(x + (strength * Normal(random)), smallest, largest))]);
                underAttack[s] += CountRight([.. numbers.Zip(gradient, (x, g) => Math.Clamp(x + (strength * Sign(g)), smallest, largest))]);
            }

            int CountRight(float[] changed)
            {
                using var scope = TensorScope.Begin();
                using var noGradient = NoGradient.Begin();
                Tensor answer = logits(Tensor.From(changed, shape));
                return Enumerable.Range(0, right.Length).Count(i =>
                    System.Numerics.Tensors.TensorPrimitives.IndexOfMax(answer.Values.Slice(i * answer.Columns, answer.Columns)) == right[i]);
            }
        }

        double all = Math.Max(1, classes.Length);
        return new Robustness(clean / all, [.. strengths.Select((s, i) => new RobustnessPoint(s, underNoise[i] / all, underAttack[i] / all))]);
    }

    /// <summary>A line for each strength.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{"strength",8} {"noise",8} {"attack",8}\n{"0",8} {Accuracy,8:P1} {Accuracy,8:P1}\n");
        foreach (RobustnessPoint point in Points)
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.Strength,8:G3} {point.NoiseAccuracy,8:P1} {point.AdversarialAccuracy,8:P1}\n");
        }

        return text.ToString();
    }

    private static int Sign(float x) => x > 0 ? 1 : x < 0 ? -1 : 0;

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
