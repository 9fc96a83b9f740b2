using System.Numerics;
using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class VectorExpTests
{
    [Fact]
    public void Is_at_most_two_units_in_the_last_place_off_over_the_whole_range()
    {
        float[] inputs = [.. Enumerable.Range(0, 400_000).Select(i => -104f + (i * (193f / 400_000)))];

        Check(inputs, allowedUlp: 2);
    }

    [Fact]
    public void Is_at_most_two_units_in_the_last_place_off_near_zero()
    {
        float[] inputs = [.. Enumerable.Range(-100_000, 200_000).Select(i => i * 1e-5f), 0f, -0f, 1e-30f, -1e-30f];

        Check(inputs, allowedUlp: 2);
    }

    [Fact]
    public void The_form_for_logits_is_as_exact_down_to_minus_87()
    {
        float[] inputs = [.. Enumerable.Range(0, 200_000).Select(i => i * (-87f / 200_000))];
        foreach (float x in inputs)
        {
            float y = VectorExp.OfNonPositive(new Vector<float>(x))[0];
            Assert.True(UlpApart(Math.Exp(x), y) <= 2, $"e^{x:R} gave {y:R}.");
        }

        Assert.Equal(0, VectorExp.OfNonPositive(new Vector<float>(-87.5f))[0]);
        Assert.Equal(0, VectorExp.OfNonPositive(new Vector<float>(float.NegativeInfinity))[0]);
        Assert.True(float.IsNaN(VectorExp.OfNonPositive(new Vector<float>(float.NaN))[0]));
    }

    [Theory]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(89f, float.PositiveInfinity)]
    [InlineData(88.8f, float.PositiveInfinity)]
    [InlineData(1000f, float.PositiveInfinity)]
    [InlineData(-105f, 0f)]
    [InlineData(-1000f, 0f)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(0f, 1f)]
    public void Ends_of_the_range(float x, float expected) => Assert.Equal(expected, VectorExp.Of(new Vector<float>(x))[0]);

    private static void Check(float[] inputs, double allowedUlp)
    {
        foreach (float x in inputs)
        {
            float y = VectorExp.Of(new Vector<float>(x))[0];
            Assert.True(UlpApart(Math.Exp(x), y) <= allowedUlp, $"e^{x:R} gave {y:R}.");
        }
    }

    private static double UlpApart(double expected, float actual)
    {
        if (expected > float.MaxValue)
        {
            return float.IsPositiveInfinity(actual) ? 0 : double.PositiveInfinity;
        }

        float near = (float)expected;
        double unit = (double)MathF.BitIncrement(near) - near;
        return Math.Abs(expected - actual) / unit;
    }
}
