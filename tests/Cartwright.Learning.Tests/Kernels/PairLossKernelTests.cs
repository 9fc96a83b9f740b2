using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>Losses that treat every number alone, against their definitions in double precision.</summary>
public sealed class PairLossKernelTests
{
    private const float Scale = 0.25f;

    private delegate double Run(ReadOnlySpan<float> x, ReadOnlySpan<float> targets, Span<float> gradient);

    private sealed record PairLoss(Run Run, Func<double, double, double> Value, Func<double, double, double> Slope);

    private static readonly Dictionary<string, PairLoss> Losses = new()
    {
        ["squared"] = Of(default(SquaredDifference), (x, t) => (x - t) * (x - t), (x, t) => 2 * (x - t)),
        ["absolute"] = Of(default(AbsoluteDifference), (x, t) => Math.Abs(x - t), (x, t) => Math.Sign(x - t)),
        ["huber"] = Of(
            new HuberDifference(1.5f),
            (x, t) => Math.Abs(x - t) <= 1.5 ? (x - t) * (x - t) / 2 : 1.5 * (Math.Abs(x - t) - 0.75),
            (x, t) => Math.Clamp(x - t, -1.5, 1.5)),
        ["logistic"] = Of(
            new LogisticLoss(2.5f),
            (x, t) => ((1 - t) * x) + ((1 + (1.5 * t)) * Softplus(-x)),
            (x, t) => 1 - t - ((1 + (1.5 * t)) / (1 + Math.Exp(x)))),
        ["hinge"] = Of(default(HingeLoss), (x, t) => Math.Max(0, 1 - (t * x)), (x, t) => t * x < 1 ? -t : 0),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string name in Losses.Keys)
            {
                foreach (int length in new[] { 0, 1, 7, 8, 9, 17, 1027, 33_000 })
                {
                    cases.Add(name, length);
                }
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Sums_the_values_and_writes_the_slopes_of_its_definition(string name, int length)
    {
        PairLoss loss = Losses[name];
        (float[] x, float[] targets) = (Samples.Normal(1, length, deviation: 4), Samples.Normal(2, length));
        float[] gradient = new float[length];

        double sum = loss.Run(x, targets, gradient);

        double expected = x.Zip(targets, (a, t) => loss.Value(a, t)).Sum();
        Assert.InRange(sum - expected, -1e-6 * (1 + Math.Abs(expected)), 1e-6 * (1 + Math.Abs(expected)));
        Samples.AssertClose([.. x.Zip(targets, (a, t) => Scale * loss.Slope(a, t))], gradient, 1e-6);
    }

    [Fact]
    public void Has_the_same_bits_on_any_number_of_threads()
    {
        foreach (PairLoss loss in Losses.Values)
        {
            Samples.AssertSameBitsOnAnyThreadCount(() =>
            {
                float[] gradient = new float[70_001];
                double sum = loss.Run(Samples.Normal(1, gradient.Length), Samples.Normal(2, gradient.Length), gradient);
                return [[(float)sum, (float)(sum - (float)sum)], gradient];
            });
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(-1000)]
    [InlineData(0)]
    public void A_logit_of_any_size_gives_finite_numbers(float logit)
    {
        float[] x = [.. Enumerable.Repeat(logit, 33)];
        float[] targets = [.. Enumerable.Range(0, 33).Select(i => (float)(i % 2))];
        float[] gradient = new float[33];

        double sum = Losses["logistic"].Run(x, targets, gradient);

        Assert.True(double.IsFinite(sum));
        Assert.All(gradient, slope => Assert.True(float.IsFinite(slope)));
    }

    [Fact]
    public void Equal_numbers_have_no_slope()
    {
        float[] x = Samples.Normal(1, 19);
        float[] gradient = Samples.Normal(2, 19);

        Losses["absolute"].Run(x, x, gradient);

        Assert.All(gradient, slope => Assert.Equal(0, slope));
    }

    [Fact]
    public void Refuses_spans_of_different_lengths()
    {
        Assert.Throws<ShapeException>(() => Losses["squared"].Run(new float[3], new float[4], new float[3]));
        Assert.Throws<ShapeException>(() => Losses["squared"].Run(new float[3], new float[3], new float[2]));
    }

    private static PairLoss Of<TLoss>(TLoss loss, Func<double, double, double> value, Func<double, double, double> slope)
        where TLoss : struct, IPairLoss =>
        new((x, targets, gradient) => PairLossKernel.Invoke(loss, x, targets, Scale, gradient), value, slope);

    private static double Softplus(double x) => Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs(x)));
}
