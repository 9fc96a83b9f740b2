using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests;

/// <summary>Holds gradients against differences of values.</summary>
internal static class NumericalGradient
{
    private const float Step = 1e-2f;

    /// <summary>How far a derivative may be off, as a share of the largest of its tensor; float32 and the step allow no less.</summary>
    private const double Tolerance = 1e-2;

    /// <param name="compute">A scalar, the same for the same weights whenever it is called.</param>
    /// <param name="weights">What it depends on, by name. Their gradients must be clear.</param>
    public static void Assert(Func<Tensor> compute, IEnumerable<KeyValuePair<string, Tensor>> weights)
    {
        using (TensorScope.Begin(5))
        {
            compute().Backward();
        }

        foreach ((string name, Tensor weight) in weights)
        {
            float[] gradient = weight.Gradient.IsEmpty ? new float[weight.Length] : weight.Gradient.ToArray();
            (double Before, double After)[] slopes = [.. Enumerable.Range(0, weight.Length).Select(i => Slopes(compute, weight, i))];
            double allowed = Tolerance * Math.Max(0.05, slopes.Select(slope => Math.Abs((slope.Before + slope.After) / 2)).DefaultIfEmpty().Max());
            for (int i = 0; i < gradient.Length; i++)
            {
                // Within the step may lie a kink, of a ReLU or a largest number: then the derivative is the slope of one side.
                (double before, double after) = slopes[i];
                double difference = Math.Clamp(gradient[i], Math.Min(before, after), Math.Max(before, after));
                difference = Math.Abs(before - after) <= allowed ? (before + after) / 2 : difference;
                Xunit.Assert.True(Math.Abs(gradient[i] - difference) <= allowed,
                    $"The derivative by {name}[{i}] is {gradient[i]}, the differences say {before:F5} and {after:F5}.");
            }
        }
    }

    /// <summary>To the value one step before, and to the one a step after.</summary>
    private static (double Before, double After) Slopes(Func<Tensor> compute, Tensor weight, int i)
    {
        float number = weight.Output[i];
        double value = Value(compute);
        weight.Output[i] = number + Step;
        double above = Value(compute);
        weight.Output[i] = number - Step;
        double below = Value(compute);
        weight.Output[i] = number;
        return ((value - below) / Step, (above - value) / Step);
    }

    private static double Value(Func<Tensor> compute)
    {
        using TensorScope scope = TensorScope.Begin(5);
        return compute().Item();
    }
}
