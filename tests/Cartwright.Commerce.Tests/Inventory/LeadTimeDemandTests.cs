using Cartwright.Commerce.Inventory;
using MathNet.Numerics.Distributions;

namespace Cartwright.Commerce.Tests.Inventory;

public sealed class LeadTimeDemandTests
{
    [Fact]
    public void Shortage_and_leftover_are_the_means_that_draws_give()
    {
        var demand = new LeadTimeDemand(40, 15);
        double[] draws = [.. Gamma.Samples(new Random(7), 40.0 * 40 / 225, 40.0 / 225).Take(200_000)];

        Assert.Equal(draws.Average(d => Math.Max(0, d - 50)), demand.Shortage(50), 0.1);
        Assert.Equal(draws.Average(d => Math.Max(0, 50 - d)), demand.Leftover(50), 0.1);
        Assert.Equal(draws.Count(d => d > 50) / 200_000.0, demand.ChanceAbove(50), 0.01);
    }

    [Fact]
    public void The_quantile_suffices_with_its_chance()
    {
        var demand = new LeadTimeDemand(40, 15);

        Assert.Equal(0.05, demand.ChanceAbove(demand.Quantile(0.95)), 1e-6);
    }

    [Theory]
    [InlineData(0, 4)]      // errors of their own: deviations add up as squares
    [InlineData(1, 8)]      // all alike: they add up as they are
    public void Periods_that_err_alike_are_less_certain_together(double together, double deviation)
    {
        var sum = LeadTimeDemand.Sum(Enumerable.Repeat((10.0, 2.0, 1.0), 4), together);

        Assert.Equal(40, sum.Mean, 1e-9);
        Assert.Equal(deviation, sum.Deviation, 1e-9);
    }

    [Fact]
    public void No_demand_needs_nothing()
    {
        var none = new LeadTimeDemand(0, 0);

        Assert.Equal(0, none.Quantile(0.99));
        Assert.Equal(0, none.Shortage(0));
        Assert.Equal(5, none.Leftover(5));
    }
}
