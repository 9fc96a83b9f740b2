using Cartwright.Commerce.Inventory;

namespace Cartwright.Commerce.Tests.Inventory;

public sealed class NewsvendorTests
{
    [Fact]
    public void Orders_the_published_quantity_at_the_published_cost()
    {
        (double quantity, double cost) = Newsvendor.Normal(overCost: 2, underCost: 18, mean: 120, deviation: 10);

        Assert.Equal(132.8155, quantity, 0.00005);
        Assert.Equal(35.0997, cost, 0.00005);
    }

    [Fact]
    public void Meets_more_of_the_demand_the_more_a_missing_unit_costs()
    {
        Assert.Equal(0.5, Newsvendor.ServiceLevel(1, 1));
        Assert.Equal(0.9, Newsvendor.ServiceLevel(2, 18));
        Assert.Throws<ArgumentOutOfRangeException>(() => Newsvendor.ServiceLevel(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Newsvendor.Normal(1, 1, 10, double.NaN));
    }
}
