using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Inventory;

namespace Cartwright.Commerce.Tests.Inventory;

public sealed class ReorderRuleTests
{
    private static readonly LeadTimeDemand Fortnight = new(120, 10);
    private static readonly LeadTimeDemand Week = new(60, 7);

    [Fact]
    public void What_spoils_is_ordered_up_to_the_quantile_of_the_newsvendor()
    {
        // Over 20 · 0.1 = 2, under 38 - 20 = 18: nine of ten.
        var rule = new ReorderRule(new ReplenishRequest { HoldingRate = 0.01, LeftoverLoss = 0.1 }, "EUR");

        Reorder reorder = rule.Decide(Product(stock: 50), Fortnight, Week, _ => null);

        Assert.Equal(0.9, reorder.ServiceLevel, 0.001);
        Assert.Equal(132.8, reorder.ReorderPoint, 1.0);           // a normal demand would give 132.8155
        Assert.Equal(ReorderAction.Order, reorder.Action);
        Assert.Equal((int)Math.Ceiling(reorder.ReorderPoint - 50), reorder.Quantity);
        Assert.InRange(reorder.ExpectedCost, 30, 40);             // and cost 35.0997
        Assert.True(reorder.ExpectedCost < reorder.ExpectedCostWithoutOrder);
    }

    [Fact]
    public void Orders_are_whole_packs_and_at_least_the_minimum()
    {
        var rule = new ReorderRule(new ReplenishRequest { OrderCost = 0 }, "EUR");
        Product product = Product(stock: 120, ("pack_size", "24"), ("minimum_order", "100"));

        Reorder reorder = rule.Decide(product, Fortnight, Week, _ => null);

        Assert.Equal(120, reorder.Quantity);
        Assert.Contains(reorder.Reasons, reason => reason.Contains("packs hold 24", StringComparison.Ordinal));
        Assert.Contains(reorder.Reasons, reason => reason.Contains("orders of 100", StringComparison.Ordinal));
    }

    [Fact]
    public void Dearer_orders_are_larger()
    {
        int cheap = new ReorderRule(new ReplenishRequest { OrderCost = 1 }, "EUR").Decide(Product(stock: 100), Fortnight, Week, _ => null).Quantity;
        int dear = new ReorderRule(new ReplenishRequest { OrderCost = 400 }, "EUR").Decide(Product(stock: 100), Fortnight, Week, _ => null).Quantity;

        Assert.True(dear > cheap, $"{dear} should be more than {cheap}");
    }

    [Fact]
    public void Units_on_their_way_count()
    {
        var rule = new ReorderRule(new ReplenishRequest(), "EUR");

        Assert.Equal(ReorderAction.Order, rule.Decide(Product(stock: 20), Fortnight, Week, _ => null).Action);
        Assert.Equal(ReorderAction.Wait, rule.Decide(Product(stock: 20, ("on_order", "500")), Fortnight, Week, _ => null).Action);
    }

    [Fact]
    public void A_stock_that_nobody_knows_gets_a_reorder_point_and_no_order()
    {
        Reorder reorder = new ReorderRule(new ReplenishRequest(), "EUR").Decide(Product(stock: null), Fortnight, Week, _ => null);

        Assert.Equal(ReorderAction.StockUnknown, reorder.Action);
        Assert.True(reorder.ReorderPoint > 120);
        Assert.Equal(0, reorder.Quantity);
    }

    private static Product Product(int? stock, params (string Name, string Value)[] attributes) => new()
    {
        Id = "p-1",
        Title = "The first",
        Price = 38,
        Cost = 20,
        Stock = stock,
        Attributes = attributes.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal),
    };
}
