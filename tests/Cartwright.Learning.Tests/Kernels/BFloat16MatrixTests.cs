using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class BFloat16MatrixTests
{
    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(-2f, 0xC000)]
    [InlineData(1.00390625f, 0x3F80)]                                  // half way, down to even
    [InlineData(1.01171875f, 0x3F82)]                                  // half way, up to even
    [InlineData(float.PositiveInfinity, 0x7F80)]
    [InlineData(float.MaxValue, 0x7F80)]
    [InlineData(0f, 0)]
    public void A_number_becomes_the_nearest_of_16_bits(float x, int expected) => Assert.Equal(expected, BFloat16Matrix.Narrow(x));

    [Fact]
    public void What_is_no_number_stays_none() => Assert.True(float.IsNaN(BFloat16Matrix.Widen(BFloat16Matrix.Narrow(float.NaN))));

    [Theory]
    [InlineData(1, 5, 3)]
    [InlineData(1, 40, 1027)]
    [InlineData(3, 17, 67)]
    [InlineData(4, 9, 33)]
    [InlineData(20, 300, 64)]
    [InlineData(0, 4, 4)]
    public void Multiplies_by_the_rounded_weights(int m, int n, int k)
    {
        float[] x = Samples.Normal(1, m * k);
        float[] w = Samples.Normal(2, n * k);
        float[] y = new float[m * n];

        new BFloat16Matrix(w, n, k).Multiply(x, y, m);

        float[] rounded = [.. w.Select(v => BFloat16Matrix.Widen(BFloat16Matrix.Narrow(v)))];
        Samples.AssertClose(GemmTests.Reference(x, false, rounded, true, m, n, k), y, 2e-5);
    }

    [Fact]
    public void Has_the_same_bits_on_any_thread_count()
    {
        float[] x = Samples.Normal(1, 512);
        BFloat16Matrix weights = new(Samples.Normal(2, 3000 * 512), 3000, 512);

        Samples.AssertSameBitsOnAnyThreadCount(() =>
        {
            float[] y = new float[3000];
            weights.Multiply(x, y, 1);
            return [y];
        });
    }
}
