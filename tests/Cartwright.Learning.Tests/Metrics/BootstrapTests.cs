using Cartwright.Learning.Metrics;

namespace Cartwright.Learning.Tests.Metrics;

public sealed class BootstrapTests
{
    [Fact]
    public void The_interval_of_a_share_agrees_with_the_normal_approximation()
    {
        double[] values = [.. Enumerable.Range(0, 10_000).Select(i => i % 10 == 0 ? 1.0 : 0.0)];
        double halfWidth = 1.96 * Math.Sqrt(0.1 * 0.9 / 10_000);

        BootstrapInterval interval = Bootstrap.Mean(values, seed: 1);

        Assert.Equal(0.1, interval.Value, 12);
        Assert.InRange(interval.Low, 0.1 - (1.15 * halfWidth), 0.1 - (0.85 * halfWidth));
        Assert.InRange(interval.High, 0.1 + (0.85 * halfWidth), 0.1 + (1.15 * halfWidth));
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_seed_another()
    {
        double[] values = [.. Enumerable.Range(0, 500).Select(i => Math.Sin(i))];

        Assert.Equal(Bootstrap.Mean(values, seed: 3), Bootstrap.Mean(values, seed: 3));
        Assert.NotEqual(Bootstrap.Mean(values, seed: 3), Bootstrap.Mean(values, seed: 4));
    }

    [Fact]
    public void Values_that_are_alike_within_a_group_widen_the_interval()
    {
        double[] values = [.. Enumerable.Range(0, 2_000).Select(i => (double)(i / 100 % 2))];
        int[] groups = [.. Enumerable.Range(0, 2_000).Select(i => i / 100)];

        BootstrapInterval alone = Bootstrap.Mean(values, seed: 1);
        BootstrapInterval grouped = Bootstrap.Mean(values, groups, seed: 1);

        Assert.Equal(alone.Value, grouped.Value, 12);
        Assert.True(grouped.High - grouped.Low > 5 * (alone.High - alone.Low));
    }

    [Fact]
    public void Groups_of_one_are_the_plain_bootstrap()
    {
        double[] values = [.. Enumerable.Range(0, 300).Select(i => i * 0.5)];
        int[] groups = [.. Enumerable.Range(0, 300)];

        Assert.Equal(Bootstrap.Mean(values, seed: 9), Bootstrap.Mean(values, groups, seed: 9));
    }

    [Fact]
    public void Nothing_has_an_interval_of_zero_and_a_constant_one_without_width()
    {
        Assert.Equal(default, Bootstrap.Mean([], seed: 1));
        Assert.Equal(new BootstrapInterval(2, 2, 2), Bootstrap.Mean([2, 2, 2], seed: 1));
    }

    [Fact]
    public void As_many_groups_as_values_are_asked_for()
    {
        Assert.Throws<ShapeException>(() => Bootstrap.Mean([1, 2], [1], seed: 1));
    }
}
