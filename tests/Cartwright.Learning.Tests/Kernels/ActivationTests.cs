using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>Every function of one number: its values, its slopes, its edges.</summary>
public sealed class ActivationTests
{
    private delegate void Forward(ReadOnlySpan<float> x, Span<float> y);

    private delegate void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> v, Span<float> gradX);

    private sealed record Activation(
        Forward Forward, Backward Backward, bool SlopeFromOutput, Func<double, double> Value, Func<double, double> Slope);

    private static readonly Dictionary<string, Activation> Activations = new()
    {
        ["relu"] = new(ReluKernel.Forward, ReluKernel.Backward, false, x => Math.Max(x, 0), x => x > 0 ? 1 : 0),
        ["gelu"] = new(
            GeluKernel.Forward,
            GeluKernel.Backward,
            false,
            x => x * NormalDistribution(x),
            x => NormalDistribution(x) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI))),
        ["sigmoid"] = new(
            SigmoidKernel.Forward, SigmoidKernel.Backward, true, Sigmoid, x => Sigmoid(x) * (1 - Sigmoid(x))),
        ["tanh"] = new(TanhKernel.Forward, TanhKernel.Backward, true, Math.Tanh, x => 1 - (Math.Tanh(x) * Math.Tanh(x))),
        ["softplus"] = new(
            SoftplusKernel.Forward,
            SoftplusKernel.Backward,
            false,
            x => Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs(x))),
            Sigmoid),
        ["leaky relu"] = new(
            (x, y) => LeakyReluKernel.Forward(x, y, 0.25f),
            (gradY, x, gradX) => LeakyReluKernel.Backward(gradY, x, gradX, 0.25f),
            false,
            x => x > 0 ? x : 0.25 * x,
            x => x > 0 ? 1 : 0.25),
        ["elu"] = new(
            (x, y) => EluKernel.Forward(x, y, 1.5f),
            (gradY, x, gradX) => EluKernel.Backward(gradY, x, gradX, 1.5f),
            false,
            x => x > 0 ? x : 1.5 * (Math.Exp(x) - 1),
            x => x > 0 ? 1 : 1.5 * Math.Exp(x)),
        ["swish"] = new(
            SwishKernel.Forward,
            SwishKernel.Backward,
            false,
            x => x * Sigmoid(x),
            x => Sigmoid(x) * (1 + (x * (1 - Sigmoid(x))))),
        ["hard sigmoid"] = new(
            HardSigmoidKernel.Forward, HardSigmoidKernel.Backward, false, HardSigmoid, x => Math.Abs(x) < 3 ? 1 / 6d : 0),
        ["hard swish"] = new(
            HardSwishKernel.Forward,
            HardSwishKernel.Backward,
            false,
            x => x * HardSigmoid(x),
            x => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string name in Activations.Keys)
            {
                foreach (int length in new[] { 0, 1, 3, 4, 5, 8, 9, 16, 17, 1027, 16_385 })
                {
                    cases.Add(name, length);
                }
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Has_the_values_of_its_definition(string name, int length)
    {
        float[] x = Samples.Normal(1, length, deviation: 3);
        float[] y = new float[length];

        Activations[name].Forward(x, y);

        Samples.AssertClose([.. x.Select(v => Activations[name].Value(v))], y, 1e-6);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Adds_the_gradient_of_its_definition(string name, int length)
    {
        Activation activation = Activations[name];
        float[] x = Samples.Normal(1, length, deviation: 3);
        float[] y = new float[length];
        float[] gradY = Samples.Normal(2, length);
        float[] gradX = Samples.Normal(3, length);
        double[] expected = [.. x.Select((v, i) => gradX[i] + (gradY[i] * activation.Slope(v)))];
        activation.Forward(x, y);

        activation.Backward(gradY, activation.SlopeFromOutput ? y : x, gradX);

        Samples.AssertClose(expected, gradX, 2e-6);
    }

    [Theory]
    [InlineData("relu", 0, float.PositiveInfinity)]
    [InlineData("gelu", 0, float.PositiveInfinity)]
    [InlineData("sigmoid", 0, 1)]
    [InlineData("tanh", -1, 1)]
    [InlineData("softplus", 0, float.PositiveInfinity)]
    [InlineData("leaky relu", -2500, float.PositiveInfinity)]
    [InlineData("elu", -1.5f, float.PositiveInfinity)]
    [InlineData("swish", 0, float.PositiveInfinity)]
    [InlineData("hard sigmoid", 0, 1)]
    [InlineData("hard swish", 0, float.PositiveInfinity)]
    public void Reaches_its_limits_and_passes_on_what_is_no_number(string name, float low, float high)
    {
        // Twice as many as a vector holds, so that vector and scalar code both meet them.
        float[] x = [.. Enumerable.Range(0, 35).Select(i => (i % 3) switch { 0 => -1e4f, 1 => float.PositiveInfinity, _ => float.NaN })];
        float[] y = new float[x.Length];

        Activations[name].Forward(x, y);

        for (int i = 0; i < y.Length; i++)
        {
            Assert.Equal((i % 3) switch { 0 => low, 1 => high, _ => float.NaN }, y[i] + 0);
        }
    }

    [Fact]
    public void Refuses_spans_of_different_lengths()
    {
        foreach (Activation activation in Activations.Values)
        {
            Assert.Throws<ShapeException>(() => activation.Forward(new float[3], new float[4]));
            Assert.Throws<ShapeException>(() => activation.Backward(new float[3], new float[4], new float[3]));
            Assert.Throws<ShapeException>(() => activation.Backward(new float[3], new float[3], new float[2]));
        }
    }

    [Fact]
    public void The_normal_distribution_is_exact_to_the_last_places()
    {
        for (int i = -5000; i <= 5000; i++)
        {
            float x = i * 0.001f;
            double expected = NormalDistribution(x);
            Assert.InRange(GeluKernel.Distribution(x, out _) - expected, -3e-6 * expected, 3e-6 * expected);
        }
    }

    private static double HardSigmoid(double x) => Math.Clamp((x / 6) + 0.5, 0, 1);

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    // By the series of Marsaglia, "Evaluating the Normal Distribution", 2004.
    private static double NormalDistribution(double x)
    {
        if (Math.Abs(x) > 8)
        {
            return x > 0 ? 1 : 0;
        }

        double sum = x;
        double term = x;
        for (int i = 3; sum + term != sum; i += 2)
        {
            term *= x * x / i;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
