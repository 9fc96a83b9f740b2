using Cartwright.Learning.Autograd;
using Cartwright.Learning.Kernels;
using Cartwright.Learning.Tensors;

namespace Cartwright.Learning.Tests.Kernels;

/// <summary>Sums of millions of equal numbers: a float that they are added to one by one stops growing long before the end.</summary>
public sealed class LongSumTests
{
    private const int Many = 1 << 24;
    private const double Tolerance = 1e-5;

    /// <summary>What the float 0.1 is.</summary>
    private const double Tenth = 0.1f;

    [Fact]
    public void The_sum_and_the_mean_of_67_million_numbers_are_true()
    {
        Tensor x = Tensor.Uninitialized([4 * Many]);
        x.Output.Fill(0.1f);

        AssertNear(Tenth * 4 * Many, x.Sum().Item());
        AssertNear(Tenth, x.Mean().Item());
        AssertNear(Tenth, x.Mean([0]).Item());
        AssertNear(Math.Sqrt(Tenth * Tenth * 4 * Many), x.L2Norm([0]).Item());
    }

    [Theory]
    [InlineData(new[] { Many, 1 }, new[] { 0 })]
    [InlineData(new[] { Many / 4, 4 }, new[] { 0 })]
    [InlineData(new[] { 4, Many / 4 }, new[] { 1 })]
    [InlineData(new[] { Many / 1024, 1024 }, new[] { 0 })]
    [InlineData(new[] { Many / 64, 4, 16 }, new[] { 0, 2 })]
    [InlineData(new[] { 8, Many / 16, 2 }, new[] { 1 })]
    public void Sums_over_axes_are_true(int[] shape, int[] axes)
    {
        Tensor x = Tensor.Uninitialized(shape);
        x.Output.Fill(0.1f);

        Tensor sums = x.Sum(axes);

        Assert.All(sums.ToArray(), sum => AssertNear(Tenth * (Many / sums.Length), sum));
    }

    /// <summary>Numbers that differ, with as many columns as there are around a vector and a tile.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    [InlineData(511)]
    [InlineData(515)]
    [InlineData(1030)]
    public void Sums_of_long_columns_follow_the_definition_and_add_to_what_is_there(int columns)
    {
        const int Rows = 2500;
        float[] x = Samples.Normal(1, Rows * columns), sums = Samples.Normal(2, columns);
        double[] expected = Array.ConvertAll(sums, sum => (double)sum);
        for (int i = 0; i < x.Length; i++)
        {
            expected[i % columns] += x[i];
        }

        AxisReduceKernel.Add<AxisReduceKernel.Sum>([Rows, columns], [true, false], x, sums);

        Samples.AssertClose(expected, sums, 1e-4);
    }

    [Fact]
    public void The_bits_do_not_depend_on_the_number_of_threads()
    {
        Tensor x = Tensor.From(Samples.Normal(3, 1_000_002), 3, 333_334);
        (float Sum, float[] Rows, float[] Columns) alone, together = Sums();
        using (Compute.OnThisThread())
        {
            alone = Sums();
        }

        Assert.Equal(together.Sum, alone.Sum);
        Assert.Equal(together.Rows, alone.Rows);
        Assert.Equal(together.Columns, alone.Columns);

        (float, float[], float[]) Sums() => (x.Sum().Item(), x.Sum([1]).ToArray(), x.Reshape(-1, 3).Sum([0]).ToArray());
    }

    [Fact]
    public void Statistics_of_millions_of_numbers_are_true()
    {
        float[] x = new float[Many];
        for (int i = 0; i < Many; i++)
        {
            x[i] = i % 2 == 0 ? 100.5f : 101.5f;
        }

        float[] mean = new float[1], variance = new float[1];
        BatchNormKernel.Measure(x, mean, variance, Many);
        float[] normal = Tensor.From(x, 1, Many).LayerNorm(Ones(Many), Tensor.Zeros(Many), 1e-5f).Values[..2].ToArray();

        AssertNear(101, mean[0]);
        AssertNear(0.25, variance[0]);
        Assert.Equal(-1, normal[0], 1e-4f);
        Assert.Equal(1, normal[1], 1e-4f);
    }

    [Fact]
    public void A_running_sum_is_true_at_its_end()
    {
        Tensor x = Tensor.Uninitialized([Many]);
        x.Output.Fill(0.1f);

        AssertNear(Tenth * Many, x.CumulativeSum(0).Values[^1]);
    }

    private static Tensor Ones(int count)
    {
        Tensor ones = Tensor.Uninitialized([count]);
        ones.Output.Fill(1);
        return ones;
    }

    private static void AssertNear(double expected, float actual) => Assert.InRange(Math.Abs(actual - expected) / expected, 0, Tolerance);

    [Fact]
    public void Squares_that_leave_the_range_of_float_have_a_finite_sum_and_those_of_infinity_have_not()
    {
        float[] x = new float[3_000];
        (x[0], x[2_999]) = (1e30f, -3e25f);

        Assert.Equal(1, SumOfSquares.Of(x) / 1e60, 1e-5);
        Assert.Equal(double.PositiveInfinity, SumOfSquares.Of([.. x, float.NegativeInfinity]));
        Assert.Equal(double.NaN, SumOfSquares.Of([.. x, float.NaN]));
    }
}
