using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class ReduceTests
{
    public static TheoryData<int> Lengths => Samples.Lengths;

    [Theory, MemberData(nameof(Lengths))]
    public unsafe void Reduces_by_the_definitions(int length)
    {
        float[] x = Samples.Normal(1, length);
        float[] y = Samples.Normal(2, length);
        fixed (float* px = x, py = y)
        {
            Samples.AssertClose([x.Sum(v => (double)v)], [Reduce.Sum<UsualLanes>(px, length)], 2e-4);
            Samples.AssertClose([x.Sum(v => (double)v)], [Reduce.Sum<WideLanes>(px, length)], 2e-4);
            Samples.AssertClose([x.Select((v, i) => (double)v * y[i]).Sum()], [Reduce.Dot(px, py, length)], 2e-4);
            double deviations = x.Sum(v => (v - 0.5) * (v - 0.5));
            Samples.AssertClose([deviations], [Reduce.SumOfSquaredDeviations<UsualLanes>(px, 0.5f, length)], 1e-5);
            Samples.AssertClose([deviations], [Reduce.SumOfSquaredDeviations<WideLanes>(px, 0.5f, length)], 1e-5);
            Assert.Equal(length == 0 ? float.NegativeInfinity : x.Max(), Reduce.Max(px, length));
        }
    }

    [Fact]
    public unsafe void A_sum_does_not_depend_on_where_the_numbers_lie()
    {
        float[] memory = Samples.Normal(1, 5000);
        fixed (float* p = memory)
        {
            float expected = Reduce.Sum(p, 4900);
            for (int shift = 1; shift < 20; shift++)
            {
                new ReadOnlySpan<float>(p + shift - 1, 4900).CopyTo(new Span<float>(p + shift, 4900));
                Assert.Equal(expected, Reduce.Sum(p + shift, 4900));
            }
        }
    }
}
