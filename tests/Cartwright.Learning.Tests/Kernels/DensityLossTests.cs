using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>Likelihoods and divergences of distributions, number by number.</summary>
public sealed class DensityLossTests
{
    public static TheoryData<int> Lengths => Samples.Lengths;

    [Theory, MemberData(nameof(Lengths))]
    public void A_normal_density_has_its_value_and_slopes(int length)
    {
        (float[] mean, float[] log, float[] targets) = (Samples.Normal(1, length), Samples.Normal(2, length), Samples.Normal(3, length));
        (float[] gradMean, float[] gradLog) = (new float[length], new float[length]);

        double sum = DensityLossKernel.Invoke<GaussianDensityLoss>(mean, log, targets, 2, gradMean, gradLog);

        int[] all = [.. Enumerable.Range(0, length)];
        double[] z = [.. all.Select(i => (mean[i] - (double)targets[i]) / Math.Exp(log[i] / 2d))];
        AssertNear(all.Sum(i => (log[i] + (z[i] * z[i]) + Math.Log(2 * Math.PI)) / 2), sum);
        Samples.AssertClose([.. all.Select(i => 2 * z[i] / Math.Exp(log[i] / 2d))], gradMean, 2e-6);
        Samples.AssertClose([.. all.Select(i => 1 - (z[i] * z[i]))], gradLog, 2e-6);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void A_divergence_has_its_value_and_slopes(int length)
    {
        (float[] mean, float[] log) = (Samples.Normal(1, length), Samples.Normal(2, length));
        (float[] gradMean, float[] gradLog) = (new float[length], new float[length]);

        double sum = DensityLossKernel.Invoke<StandardNormalDivergence>(mean, log, mean, 2, gradMean, gradLog);

        AssertNear(mean.Zip(log, (m, l) => (Math.Exp(l) + (m * (double)m) - 1 - l) / 2).Sum(), sum);
        Samples.AssertClose([.. mean.Select(m => 2.0 * m)], gradMean, 1e-6);
        Samples.AssertClose([.. log.Select(l => Math.Exp(l) - 1)], gradLog, 1e-6);
    }

    [Fact]
    public void A_variance_near_zero_counts_as_the_least()
    {
        float[] log = [.. Enumerable.Repeat(-1000f, 9)];
        float[] targets = [.. Enumerable.Repeat(0.001f, 9)];
        (float[] gradMean, float[] gradLog) = (new float[9], new float[9]);

        double sum = DensityLossKernel.Invoke<GaussianDensityLoss>(new float[9], log, targets, 1, gradMean, gradLog);

        AssertNear(9 * (Math.Log(1e-6) + 1 + Math.Log(2 * Math.PI)) / 2, sum);
        Samples.AssertClose([.. Enumerable.Repeat(-1000.0, 9)], gradMean);
    }

    [Fact]
    public void Sums_have_the_same_bits_on_any_number_of_threads() => Samples.AssertSameBitsOnAnyThreadCount(() =>
    {
        const int Length = 70_001;
        float[] positive = [.. Samples.Normal(1, Length).Select(MathF.Exp)];
        float[] counts = [.. positive.Select(MathF.Floor)];
        float[][] gradients = [new float[Length], new float[Length], new float[Length], new float[Length], new float[3 * Length]];
        double gaussian = DensityLossKernel.Invoke<GaussianDensityLoss>(positive, counts, counts, 1, gradients[0], gradients[1]);
        double binomial = NegativeBinomialKernel.Invoke(positive, positive, counts, 1, gradients[2], gradients[3]);
        double amounts = ZeroInflatedLogNormalKernel.Invoke(Samples.Normal(2, 3 * Length), counts, 1, gradients[4]);
        return [[(float)gaussian, (float)binomial, (float)amounts], .. gradients];
    });

    /// <summary>Γ(1/2) = √π, factorials, and what Abramowitz and Stegun print in tables 6.1 and 6.3.</summary>
    [Theory]
    [InlineData(0.5, 0.57236494292470009, -1.96351002602142348)]
    [InlineData(1, 0, -0.57721566490153286)]
    [InlineData(2, 0, 0.42278433509846714)]
    [InlineData(10, 12.801827480081469, 2.2517525890667211)]
    [InlineData(0.001, 6.907178885383853, -1000.5755719318103)]
    public void The_logarithm_of_gamma_and_its_slope_are_exact(double x, double log, double slope)
    {
        Assert.Equal(log, GammaFunction.Log(x), 1e-13 * Math.Max(1, Math.Abs(log)));
        Assert.Equal(slope, GammaFunction.Digamma(x), 1e-12 * Math.Max(1, Math.Abs(slope)));
    }

    [Fact]
    public void A_count_of_hardly_any_dispersion_is_as_likely_as_Poisson_says()
    {
        double loss = NegativeBinomialKernel.Of(3.5, NegativeBinomialKernel.LeastDispersion, 5, out double slopeMean, out double slopeDispersion);

        double poisson = 3.5 - (5 * Math.Log(3.5)) + Math.Log(120);
        Assert.Equal(poisson, loss, 1e-4);
        Assert.Equal((3.5 - 5) / 3.5, slopeMean, 1e-3);
        Assert.Equal((5 - (1.5 * 1.5)) / 2, slopeDispersion, 1e-3);
    }

    private static void AssertNear(double expected, double actual) =>
        Assert.InRange(actual - expected, -1e-6 * (1 + Math.Abs(expected)), 1e-6 * (1 + Math.Abs(expected)));
}
