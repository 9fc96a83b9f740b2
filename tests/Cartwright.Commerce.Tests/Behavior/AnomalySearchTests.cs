using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Behavior;

public sealed class AnomalySearchTests
{
    private const int Days = 60;

    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Nine_of_ten_faults_of_sample_shops_are_found_and_nine_of_ten_findings_are_faults()
    {
        FoundFaults[] found = [.. await Task.WhenAll(Enumerable.Range(31, 3).Select(async seed => (await FoundFaults.MeasureAsync(seed, scale: 0.08))[0]))];

        Assert.All(found, of => Assert.True(of is { Recall: >= 0.9, Precision: >= 0.9, Faults: > 40 }, of.ToString()));
    }

    [Fact]
    public void An_ordinary_shop_has_nothing_strange()
    {
        AnomaliesResponse answer = Search(Shop());

        Assert.Empty(answer.Results);
        Assert.StartsWith("Nothing strange", answer.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_visitor_who_looks_at_a_page_every_second_and_buys_nothing_is_a_bot()
    {
        Anomaly bot = Only(Shop([.. Enumerable.Range(0, 200).Select(i => Did("bot", 20, i / 3_600.0, InteractionKind.View, $"p{i % 20}"))]));

        Assert.Equal((AnomalyKind.Bot, "bot", 200), (bot.Kind, bot.ShopperId, bot.Rows));
        Assert.Contains("200 views in a visit (usual", bot.Reason, StringComparison.Ordinal);
        Assert.True(bot.Score > 5);
    }

    [Fact]
    public void A_day_on_which_purchases_came_twice_is_told_with_the_usual_share()
    {
        Interaction[] shop = Shop();
        Interaction[] again = [.. shop.Where(i => i.Kind == InteractionKind.Purchase && i.At.Date == Start.AddDays(30).Date).Select(i => i with { At = i.At.AddSeconds(1) })];

        Anomaly repeated = Only([.. shop, .. again]);

        Assert.Equal((AnomalyKind.RepeatedEvents, new DateOnly(2026, 2, 4), InteractionKind.Purchase, again.Length), (repeated.Kind, repeated.Day, repeated.Of, repeated.Rows));
        Assert.Contains("usual 0 %", repeated.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_day_without_sessions_and_a_day_without_views_are_told_apart()
    {
        Interaction[] shop = [.. Shop().Select(i => i.At.Date == Start.AddDays(25).Date ? i with { Session = null } : i).Where(i => i.Kind != InteractionKind.View || i.At.Date != Start.AddDays(35).Date)];

        AnomaliesResponse answer = Search(shop);

        Assert.Equal([(AnomalyKind.MissingSessions, new DateOnly(2026, 1, 30), null), (AnomalyKind.MissingEvents, new DateOnly(2026, 2, 9), InteractionKind.View)],
            answer.Results.OrderBy(found => found.Day).Select(found => (found.Kind, found.Day!.Value, found.Of)));
    }

    [Fact]
    public void A_day_on_which_nothing_was_recorded_is_one_finding()
    {
        Anomaly nothing = Only([.. Shop().Where(i => i.At.Date != Start.AddDays(40).Date)]);

        Assert.Equal((AnomalyKind.MissingEvents, new DateOnly(2026, 2, 14), (InteractionKind?)null), (nothing.Kind, nothing.Day, nothing.Of));
    }

    [Fact]
    public void Times_to_come_and_of_1970_are_wrong_and_make_no_other_day_strange()
    {
        AnomaliesResponse answer = Search([.. Shop(),
            Did("ahead", 0, 1, InteractionKind.View, "p1") with { At = Start.AddYears(9) }, Did("stopped", 0, 1, InteractionKind.View, "p1") with { At = DateTimeOffset.UnixEpoch }]);

        Assert.All(answer.Results, found => Assert.Equal(AnomalyKind.WrongTime, found.Kind));
        Assert.Equal(["ahead", "stopped"], answer.Results.Select(found => found.ShopperId!).Order());
        Assert.Contains("still to come", answer.Results.Single(found => found.ShopperId == "ahead").Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(999.0, 1.0, "p1", AnomalyKind.WrongPrice)]
    [InlineData(0.0, 1.0, "p1", AnomalyKind.WrongPrice)]
    [InlineData(10.0, 5_000.0, "p1", AnomalyKind.WrongQuantity)]
    [InlineData(10.0, 1.0, "never heard of", AnomalyKind.UnknownProduct)]
    public void A_row_that_cannot_be_is_told_with_what_is_usual(double price, double quantity, string product, AnomalyKind kind)
    {
        Anomaly row = Only([.. Shop(), Did("u1", 20, 5, InteractionKind.Purchase, product) with { Price = (decimal)price, Quantity = quantity }]);

        Assert.Equal((kind, product, 1), (row.Kind, row.ProductId, row.Rows));
    }

    [Fact]
    public void Rows_that_the_import_refused_are_findings_of_their_own()
    {
        AnomaliesResponse answer = Search(Shop(), [new Reject("interactions.csv", 7, "price is -3; it lies from 0 to 10000000000"), new Reject("products.csv", 2, "id is empty")]);

        Assert.Equal((AnomalyKind.RejectedRow, "interactions.csv:7: price is -3; it lies from 0 to 10000000000"), (answer.Results.Single().Kind, answer.Results[0].Reason));
    }

    [Fact]
    public void Times_that_only_keep_an_order_leave_days_and_visits_alone()
    {
        AnomaliesResponse answer = Search([.. Shop(), Did("u1", 20, 5, InteractionKind.Purchase, "p1") with { Price = 4_000 }], info: new ShopInfo { Times = "order" });

        Assert.Equal(AnomalyKind.WrongPrice, Assert.Single(answer.Results).Kind);
        Assert.Null(answer.Results[0].Day);
        Assert.Contains("only keep an order", answer.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shop_in_which_nothing_happened_is_searched_too() => Assert.Empty(Search([]).Results);

    private static Anomaly Only(Interaction[] interactions) => Assert.Single(Search(interactions).Results);

    private static AnomaliesResponse Search(Interaction[] interactions, Reject[]? rejects = null, ShopInfo? info = null)
    {
        var builder = new SnapshotBuilder();
        for (int p = 0; p < 20; p++)
        {
            builder.AddProduct(new Product { Id = $"p{p}", Title = $"Product {p}", Category = "Things", Price = 10 });
        }

        foreach (Interaction interaction in interactions)
        {
            builder.Add(interaction);
        }

        return new AnomalySearch(new AnomaliesRequest(), new FixedClock()).Of(builder.Build(info ?? new ShopInfo()), rejects ?? [], progress: null, CancellationToken.None);
    }

    /// <summary>Thirty visits a day of a few views, a cart, and a purchase in half of them.</summary>
    private static Interaction[] Shop(params Interaction[] others)
    {
        var random = new Random(1);
        var all = new List<Interaction>();
        for (int visit = 0; visit < 30 * Days; visit++)
        {
            (int day, double hour, string who) = (visit / 30, 8 + (random.NextDouble() * 12), $"u{random.Next(200)}");
            int views = 1 + random.Next(5);
            for (int i = 0; i < views; i++)
            {
                hour += (10 + random.Next(60)) / 3_600.0;
                all.Add(Did(who, day, hour, InteractionKind.View, $"p{random.Next(20)}", visit));
            }

            all.Add(Did(who, day, hour + 0.02, InteractionKind.Cart, $"p{random.Next(20)}", visit));
            if (random.Next(2) == 0)
            {
                all.Add(Did(who, day, hour + 0.05, InteractionKind.Purchase, $"p{random.Next(20)}", visit));
            }
        }

        return [.. all, .. others];
    }

    private static Interaction Did(string shopper, int day, double hour, InteractionKind kind, string product, int visit = -1) => new()
    {
        At = Start.AddDays(day).AddHours(hour), Shopper = shopper, Session = visit < 0 ? $"{shopper}-{day}" : $"v{visit}", Kind = kind, Product = product, Quantity = 1, Price = 10,
    };

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Start.AddDays(Days + 10);
    }
}
