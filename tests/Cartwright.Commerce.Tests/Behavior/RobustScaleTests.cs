using Cartwright.Commerce.Behavior;

namespace Cartwright.Commerce.Tests.Behavior;

public sealed class RobustScaleTests
{
    [Fact]
    public void A_few_strange_values_change_neither_the_median_nor_the_spread()
    {
        RobustScale usual = RobustScale.Of([1, 2, 3, 4, 5]);
        RobustScale spoiled = RobustScale.Of([1, 2, 3, 4, 1e9]);

        Assert.Equal(new RobustScale(3, 1.4826), usual);
        Assert.Equal(usual, spoiled);
        Assert.Equal(2 / 1.4826, usual.Deviations(5), 12);
    }

    [Fact]
    public void Values_that_are_all_the_same_have_the_least_spread_and_unknown_ones_do_not_count()
    {
        Assert.Equal(new RobustScale(7, 0.5), RobustScale.Of([7, 7, double.NaN, 7], leastSpread: 0.5));
        Assert.Equal(0, RobustScale.Of([7, 7]).Deviations(9));
        Assert.Equal(new RobustScale(0, 0), RobustScale.Of([]));
        Assert.Equal(2.5, RobustScale.MedianOf([4, 1, 2, 3]));
    }
}
