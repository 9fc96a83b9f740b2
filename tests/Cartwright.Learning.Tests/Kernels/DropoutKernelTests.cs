using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Tests.Kernels;

public sealed class DropoutKernelTests
{
    public static TheoryData<int> Lengths => Samples.Lengths;

    [Theory, MemberData(nameof(Lengths))]
    public void The_mask_is_a_function_of_seed_and_index(int length)
    {
        float[] x = Samples.Normal(1, length);
        float[] y = new float[length];
        var hash = new CounterHash(42, 0.3f);

        DropoutKernel.Apply(x, y, 0.3f, 42);

        Assert.Equal(x.Select((v, i) => v * hash.Factor((uint)i)), y);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Drops_its_share_and_keeps_the_mean(float rate)
    {
        float[] ones = [.. Enumerable.Repeat(1f, 200_000)];
        float[] y = new float[ones.Length];

        DropoutKernel.Apply(ones, y, rate, 3);

        Assert.Equal(rate, y.Count(v => v == 0) / 200_000.0, 0.005);
        Assert.All(y, v => Assert.True(v == 0 || v == 1 / (1 - rate)));
    }

    [Fact]
    public void Masks_of_neighboring_seeds_and_of_neighboring_indexes_are_independent()
    {
        const int Count = 100_000;
        float[] ones = [.. Enumerable.Repeat(1f, Count)];
        float[] first = new float[Count];
        float[] second = new float[Count];
        DropoutKernel.Apply(ones, first, 0.5f, 1000);
        DropoutKernel.Apply(ones, second, 0.5f, 1001);

        // Of independent masks, half of the numbers agree; 5 deviations are 0.8 %.
        for (int shift = 0; shift < 20; shift++)
        {
            int same = Enumerable.Range(0, Count - 20).Count(i => first[i] == second[i + shift]);
            Assert.InRange(same / (Count - 20.0), 0.492, 0.508);
            int alike = Enumerable.Range(0, Count - 21).Count(i => first[i] == first[i + shift + 1]);
            Assert.InRange(alike / (Count - 21.0), 0.492, 0.508);
        }
    }

    [Fact]
    public void A_rate_of_one_or_none_at_all_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutKernel.Apply([1], new float[1], 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutKernel.Apply([1], new float[1], -0.1f, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutKernel.Apply([1], new float[1], float.NaN, 0));
        Assert.Throws<ShapeException>(() => DropoutKernel.Apply([1], new float[2], 0.5f, 0));
    }
}
