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

    [Theory]
    [InlineData("session")]
    [InlineData("shopper")]
    public void Many_shoppers_give_the_answer_of_walking_through_each_alone(string by)
    {
        InteractionKind[] steps = [InteractionKind.View, InteractionKind.View, InteractionKind.Cart, InteractionKind.Purchase];
        var random = new Random(3);
        Interaction[] interactions = [.. Enumerable.Range(0, 300_000).Select(i => new Interaction
        {
            // Sessions are shared by shoppers, and some of their rows are of nobody.
            At = Start.AddSeconds(random.Next(1_000_000)), Shopper = random.Next(5) == 0 ? null : $"u{random.Next(2_000)}", Session = $"s{random.Next(60_000)}",
            Kind = (InteractionKind)random.Next(9), Product = "p",
        })];
        Snapshot shop = Shop(interactions);

        FunnelResponse funnel = Funnels.Of(shop, new FunnelRequest { By = by, Steps = steps, Hours = 100 }, CancellationToken.None);

        var waits = steps.Select(_ => new List<double>()).ToArray();
        foreach (IGrouping<string?, Interaction> unit in interactions.Where(i => by == "session" || i.Shopper is not null).GroupBy(i => by == "session" ? i.Session : i.Shopper))
        {
            (int step, DateTimeOffset begun, DateTimeOffset latest) = (0, default, default);
            foreach (Interaction next in unit.OrderBy(i => i.At))
            {
                if (step < steps.Length && next.Kind == steps[step] && (step == 0 || next.At - begun <= TimeSpan.FromHours(100)))
                {
                    begun = step == 0 ? next.At : begun;
                    waits[step++].Add((next.At - latest).TotalMinutes);
                    latest = next.At;
                }
            }
        }

        Assert.Equal(waits.Select(wait => (long)wait.Count), funnel.Steps.Select(step => step.Count));
        Assert.All(Enumerable.Range(1, 3), step => Assert.Equal(waits[step].Order().ElementAt(waits[step].Count / 2), funnel.Steps[step].MedianMinutes!.Value, 6));
    }

    [Fact]
    public void Whoever_signs_in_within_a_session_goes_on_with_it()
    {
        Snapshot shop = Shop(
            Did("a", 0, InteractionKind.View) with { Shopper = null }, Did("a", 1, InteractionKind.Cart), Did("a", 2, InteractionKind.Purchase));

        FunnelResponse funnel = Funnels.Of(shop, new FunnelRequest(), CancellationToken.None);

        Assert.Equal([1, 1, 1], funnel.Steps.Select(step => step.Count));
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

    [Theory]
    [InlineData("week")]
    [InlineData("month")]
    public void Retention_of_many_shoppers_is_that_of_counting_each_alone(string period)
    {
        var random = new Random(4);
        Interaction[] interactions = [.. Enumerable.Range(0, 300_000).Select(_ =>
            Did($"u{random.Next(6_000)}", random.Next(365 * 24 * 60), random.Next(3) == 0 ? InteractionKind.Purchase : InteractionKind.View))];
        static DateOnly PeriodOf(DateTimeOffset at, string period) => period == "month" ? new DateOnly(at.Year, at.Month, 1)
            : DateOnly.FromDateTime(at.Date).AddDays(-(((int)at.DayOfWeek + 6) % 7));

        RetentionResponse retention = Cohorts.Of(Shop(interactions), new RetentionRequest { Period = period, Periods = 3 }, CancellationToken.None);

        var came = interactions.Where(i => i.Kind == InteractionKind.Purchase).GroupBy(i => i.Shopper).Select(of => of.Select(i => PeriodOf(i.At, period)).Distinct().Order().ToArray())
            .GroupBy(periods => periods[0]).ToDictionary(of => of.Key, of => of.ToArray());
        Assert.Equal(came.OrderBy(cohort => cohort.Key).Select(cohort => (cohort.Key, cohort.Value.Length)), retention.Cohorts.Select(cohort => (cohort.Start, cohort.Shoppers)));
        Cohort first = retention.Cohorts[0];
        DateOnly next = period == "month" ? first.Start.AddMonths(1) : first.Start.AddDays(7);
        Assert.Equal(came[first.Start].Average(periods => periods.Contains(next) ? 1.0 : 0), first.Share[0], 9);
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
