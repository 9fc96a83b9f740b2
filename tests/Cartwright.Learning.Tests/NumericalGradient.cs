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
            double[] differences = [.. Enumerable.Range(0, weight.Length).Select(i => Difference(compute, weight, i))];
            double largest = Math.Max(0.05, differences.Select(Math.Abs).DefaultIfEmpty().Max());
            for (int i = 0; i < gradient.Length; i++)
            {
                Xunit.Assert.True(Math.Abs(gradient[i] - differences[i]) <= Tolerance * largest,
                    $"The derivative by {name}[{i}] is {gradient[i]}, the difference says {differences[i]:F5}.");
            }
        }
    }

    private static double Difference(Func<Tensor> compute, Tensor weight, int i)
    {
        float before = weight.Output[i];
        weight.Output[i] = before + Step;
        double above = Value(compute);
        weight.Output[i] = before - Step;
        double below = Value(compute);
        weight.Output[i] = before;
        return (above - below) / (2 * Step);
    }

    private static double Value(Func<Tensor> compute)
    {
        using TensorScope scope = TensorScope.Begin(5);
        return compute().Item();
    }
}
