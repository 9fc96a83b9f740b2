using Cartwright.Server.Storefront;

namespace Cartwright.Server.Tests.Storefront;

public sealed class StoreShowingsTests
{
    private static readonly StoreShowing First = new("p1", "pan", 1);

    [Fact]
    public void What_was_shown_is_taken_once_by_the_session_that_saw_it()
    {
        var showings = new StoreShowings();
        showings.Add("a", [First, new StoreShowing("p2", "pan", 2)]);

        Assert.False(showings.Take("b", First));
        Assert.False(showings.Take("a", First with { Position = 2 }));
        Assert.False(showings.Take("a", First with { Query = "pot" }));
        Assert.True(showings.Take("a", First));
        Assert.False(showings.Take("a", First));
    }

    [Fact]
    public void The_oldest_showings_and_sessions_are_forgotten()
    {
        var showings = new StoreShowings();
        showings.Add("a", [First]);
        showings.Add("a", Enumerable.Range(1, 100).Select(place => new StoreShowing("p", "pot", place)));
        showings.Add("first", [First]);
        for (int i = 0; i < 5_000; i++)
        {
            showings.Add($"s{i}", [First]);
        }

        Assert.False(showings.Take("a", First));
        Assert.False(showings.Take("first", First));
        Assert.True(showings.Take("s0", First));
    }
}
