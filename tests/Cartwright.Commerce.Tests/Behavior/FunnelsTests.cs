using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Behavior;

public sealed class FunnelsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Counts_those_who_take_the_steps_in_their_order()
    {
        Snapshot shop = Shop(
            Did("a", 0, InteractionKind.View), Did("a", 5, InteractionKind.Cart), Did("a", 9, InteractionKind.Purchase),
            Did("b", 0, InteractionKind.Cart), Did("b", 1, InteractionKind.View), Did("b", 2, InteractionKind.Purchase),
            Did("c", 0, InteractionKind.View), Did("c", 3, InteractionKind.Search), Did("c", 4, InteractionKind.Cart));

        FunnelResponse funnel = Funnels.Of(shop, new FunnelRequest { By = "shopper" }, CancellationToken.None);

        Assert.Equal([3, 2, 1], funnel.Steps.Select(step => step.Count));
        Assert.Equal(1 / 3.0, funnel.Steps[2].OfFirst, 9);
        Assert.Equal(0.5, funnel.Steps[2].OfPrevious);
        Assert.Equal(4, funnel.Steps[2].MedianMinutes);
        Assert.Equal(3, funnel.LargestLoss);
    }

    [Fact]
    public void A_limit_in_hours_leaves_out_who_came_too_late()
    {
        Snapshot shop = Shop(Did("a", 0, InteractionKind.View), Did("a", 30, InteractionKind.Cart), Did("b", 0, InteractionKind.View), Did("b", 90, InteractionKind.Cart));

        FunnelResponse funnel = Funnels.Of(shop,
            new FunnelRequest { By = "shopper", Hours = 1, Steps = [InteractionKind.View, InteractionKind.Cart] }, CancellationToken.None);

        Assert.Equal([2, 1], funnel.Steps.Select(step => step.Count));
    }

    [Fact]
    public void Times_that_only_keep_an_order_refuse_a_limit()
    {
        Snapshot shop = Shop(new ShopInfo { Times = "order" }, Did("a", 0, InteractionKind.View));

        Assert.Throws<ValidationException>(() => Funnels.Of(shop, new FunnelRequest { Hours = 1 }, CancellationToken.None));
    }

    [Fact]
    public void Retention_follows_each_cohort_and_leaves_out_the_period_that_is_cut_off()
    {
        const int Week = 7 * 24 * 60;
        Snapshot shop = Shop(
            Did("a", 0, InteractionKind.Purchase), Did("a", Week, InteractionKind.Purchase), Did("a", 3 * Week, InteractionKind.Purchase),
            Did("b", 10, InteractionKind.Purchase), Did("c", Week, InteractionKind.Purchase), Did("c", 2 * Week, InteractionKind.Purchase));

        RetentionResponse retention = Cohorts.Of(shop, new RetentionRequest { Period = "week" }, CancellationToken.None);

        Assert.Equal([2, 1], retention.Cohorts.Select(cohort => cohort.Shoppers));
        Assert.Equal(new DateOnly(2026, 1, 5), retention.Cohorts[0].Start);
        Assert.Equal([0.5, 0], retention.Cohorts[0].Share);
        Assert.Equal([1], retention.Cohorts[1].Share);
        Assert.Equal(2 / 3.0, retention.Mean[0], 9);
    }

    private static Interaction Did(string shopper, int minutes, InteractionKind kind) => new()
    {
        At = Start.AddMinutes(minutes), Shopper = shopper, Session = "s" + shopper, Kind = kind, Product = "p",
    };

    private static Snapshot Shop(params Interaction[] interactions) => Shop(new ShopInfo(), interactions);

    private static Snapshot Shop(ShopInfo info, params Interaction[] interactions)
    {
        var builder = new SnapshotBuilder();
        foreach (Interaction interaction in interactions)
        {
            builder.Add(interaction);
        }

        return builder.Build(info);
    }
}
