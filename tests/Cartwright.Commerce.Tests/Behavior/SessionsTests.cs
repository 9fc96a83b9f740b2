using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Behavior;

public sealed class SessionsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_pause_of_more_than_thirty_minutes_begins_a_new_session_where_the_shop_names_none()
    {
        Session[] sessions = Sessions.Of(Shop(new ShopInfo(),
            Did("a", null, 0, InteractionKind.View), Did("a", null, 30, InteractionKind.Cart), Did("a", null, 61, InteractionKind.View)));

        Assert.Equal([2, 1], sessions.Select(session => session.Events.Length));
        Assert.All(sessions, session => Assert.Null(session.Id));
        Assert.Equal([SessionOutcome.Abandonment, SessionOutcome.Leaving], sessions.Select(session => session.Outcome));
    }

    [Fact]
    public void A_cart_that_was_emptied_is_not_left_behind()
    {
        Session emptied = Assert.Single(Sessions.Of(Shop(new ShopInfo(), Did("a", "s", 0, InteractionKind.Cart), Did("a", "s", 1, InteractionKind.Uncart))));
        Session refilled = Assert.Single(Sessions.Of(Shop(new ShopInfo(),
            Did("a", "s", 0, InteractionKind.Cart), Did("a", "s", 1, InteractionKind.Uncart), Did("a", "s", 2, InteractionKind.Cart))));

        Assert.Equal(SessionOutcome.Leaving, emptied.Ending);
        Assert.Equal(SessionOutcome.Abandonment, refilled.Ending);
    }

    [Fact]
    public void The_shops_own_sessions_count_and_take_in_what_has_no_session_meanwhile()
    {
        Session[] sessions = Sessions.Of(Shop(new ShopInfo(),
            Did(null, "s1", 0, InteractionKind.View), Did("a", "s1", 90, InteractionKind.View), Did("a", null, 95, InteractionKind.Purchase), Did("a", "s2", 96, InteractionKind.View)));

        Assert.Equal(["s1", "s2"], sessions.Select(session => session.Id));
        Assert.Equal([InteractionKind.View, InteractionKind.View, InteractionKind.Purchase], sessions[0].Events.Select(step => step.Kind));
        Assert.Equal("a", sessions[0].Shopper);
    }

    [Fact]
    public void Products_shown_in_a_row_are_one_list_and_what_comes_days_later_is_no_part()
    {
        Session session = Assert.Single(Sessions.Of(Shop(new ShopInfo(),
            Did("a", "s", 0, InteractionKind.Impression), Did("a", "s", 0, InteractionKind.Impression), Did("a", "s", 1, InteractionKind.View),
            Did("a", "s", 2, InteractionKind.Impression), Did("a", null, 3, InteractionKind.Return), Did("a", null, 4, InteractionKind.Rating))));

        Assert.Equal([InteractionKind.Impression, InteractionKind.View, InteractionKind.Impression], session.Events.Select(step => step.Kind));
        Assert.Equal([2, 1, 1], session.Events.Select(step => step.Quantity));
    }

    [Fact]
    public void A_list_ends_where_the_places_in_it_begin_anew()
    {
        Interaction Shown(int position) => Did("a", "s", 0, InteractionKind.Impression) with { Position = position };

        Session session = Assert.Single(Sessions.Of(Shop(new ShopInfo(), Shown(1), Shown(2), Shown(1), Shown(2), Shown(3))));

        Assert.Equal([(2, 2), (3, 3)], session.Events.Select(step => ((int)step.Quantity, step.Position)));
    }

    [Fact]
    public void Times_that_only_keep_an_order_tell_no_pauses()
    {
        Assert.Empty(Sessions.Of(Shop(new ShopInfo { Times = "order" }, Did("a", null, 0, InteractionKind.View))));
        Assert.Single(Sessions.Of(Shop(new ShopInfo { Times = "order" }, Did("a", "s", 0, InteractionKind.View))));
    }

    [Fact]
    public void What_was_posted_a_moment_ago_is_part_of_the_session()
    {
        var live = new LiveShop(Shop(new ShopInfo(), Did("a", "s", 0, InteractionKind.View)));

        live.Append([Did("a", "s", 2, InteractionKind.Search) with { Product = null }, Did("a", "s", 3, InteractionKind.Cart)]);

        InteractionKind[] expected = [InteractionKind.View, InteractionKind.Search, InteractionKind.Cart];
        Assert.Equal(expected, Sessions.OfId(live, "s")!.Events.Select(step => step.Kind));
        Assert.Equal(expected, Assert.Single(Sessions.OfShopper(live, "a")).Events.Select(step => step.Kind));
        Assert.Equal(2, live.ShopperHistory("a").Count);                                  // a search names no product
    }

    internal static Interaction Did(string? shopper, string? session, double minutes, InteractionKind kind, string product = "p") => new()
    {
        At = Start.AddMinutes(minutes), Shopper = shopper, Session = session, Kind = kind, Product = product,
    };

    internal static Snapshot Shop(ShopInfo info, params IEnumerable<Interaction> interactions)
    {
        var builder = new SnapshotBuilder();
        foreach (Interaction interaction in interactions)
        {
            builder.Add(interaction);
        }

        return builder.Build(info);
    }
}
