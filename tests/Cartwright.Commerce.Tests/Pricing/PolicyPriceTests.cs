using Cartwright.Commerce.Pricing;

namespace Cartwright.Commerce.Tests.Pricing;

public sealed class PolicyPriceTests
{
    public static TheoryData<DemandKind> Kinds => [DemandKind.Linear, DemandKind.Elasticity, DemandKind.Logit];

    [Theory, MemberData(nameof(Kinds))]
    public void No_price_on_a_fine_grid_earns_more(DemandKind kind)
    {
        var random = new Random(11);
        for (int i = 0; i < 300; i++)
        {
            DemandCurve demand = Draw(kind, random);
            double cost = 5 * random.NextDouble();
            double penalty = random.Next(3) * random.NextDouble() * 5;
            double floor = 3 * random.NextDouble();
            double ceiling = floor + (20 * random.NextDouble());
            double stock = random.Next(2) == 0 ? double.PositiveInfinity : 60 * random.NextDouble();

            double best = PolicyPrice.Best(demand, cost, penalty, floor, ceiling, stock);

            double earned = PolicyPrice.Objective(demand, best, cost, penalty, stock);
            double onGrid = Enumerable.Range(0, 20_001).Max(k => PolicyPrice.Objective(demand, floor + ((ceiling - floor) * k / 20_000), cost, penalty, stock));
            Assert.InRange(best, floor, ceiling);
            Assert.True(earned >= onGrid - (1e-9 * Math.Max(1, Math.Abs(onGrid))), $"{demand}, cost {cost}, penalty {penalty}, {floor} to {ceiling}, stock {stock}: {best} earns {earned}, the grid {onGrid}");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_derivative_is_0_at_the_best_price_without_bounds(DemandKind kind)
    {
        var random = new Random(5);
        for (int i = 0; i < 100; i++)
        {
            DemandCurve demand = Draw(kind, random);
            double cost = 1 + (2 * random.NextDouble());
            double penalty = 0.1 + random.NextDouble();
            double best = PolicyPrice.Best(demand, cost, penalty, 0, double.PositiveInfinity);
            double h = 1e-5 * best;

            double slope = (PolicyPrice.Objective(demand, best + h, cost, penalty) - PolicyPrice.Objective(demand, best - h, cost, penalty)) / (2 * h);

            Assert.Equal(0, slope, 1e-3);
        }
    }

    [Fact]
    public void Known_answers_come_out()
    {
        // 100 - 10 p at cost 2: half way between cost and the price at which nobody buys.
        Assert.Equal(6, PolicyPrice.Best(Linear(100, 10), 2, 0, 0, double.PositiveInfinity), 12);
        // Elasticity -2.5 at cost 3: 3 · 2.5 / 1.5.
        Assert.Equal(5, PolicyPrice.Best(Elastic(-2.5), 3, 0, 0, double.PositiveInfinity), 12);
        // A share of one half at margin 2/b: u - b c - 2 = 0 for c = 1, b = 1, u = 3.
        Assert.Equal(3, PolicyPrice.Best(new DemandCurve { Kind = DemandKind.Logit, MarketSize = 10, Utility = 3, Sensitivity = 1 }, 1, 0, 0, double.PositiveInfinity), 12);
    }

    [Fact]
    public void There_is_no_best_price_where_demand_hardly_answers_and_nothing_ends_the_rise()
    {
        Assert.True(double.IsNaN(PolicyPrice.Best(Elastic(-0.8), 3, 0, 0, double.PositiveInfinity)));
        Assert.Equal(50, PolicyPrice.Best(Elastic(-0.8), 3, 0, 0, 50));
    }

    private static DemandCurve Linear(double intercept, double slope) => new() { Kind = DemandKind.Linear, Intercept = intercept, Slope = slope };

    private static DemandCurve Elastic(double elasticity) => new() { Kind = DemandKind.Elasticity, ReferenceUnits = 40, ReferencePrice = 4, Elasticity = elasticity };

    private static DemandCurve Draw(DemandKind kind, Random random) => kind switch
    {
        DemandKind.Linear => Linear(10 + (90 * random.NextDouble()), 2 + (20 * random.NextDouble())),
        DemandKind.Elasticity => Elastic(-0.5 - (3 * random.NextDouble())),
        _ => new DemandCurve { Kind = kind, MarketSize = 100 * random.NextDouble(), Utility = (8 * random.NextDouble()) - 2, Sensitivity = 0.1 + random.NextDouble() },
    };
}
