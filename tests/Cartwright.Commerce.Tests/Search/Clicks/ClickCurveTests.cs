using Cartwright.Commerce.Search;

namespace Cartwright.Commerce.Tests.Search;

public sealed class ClickCurveTests
{
    [Fact]
    public void The_sentence_speaks_of_the_last_place_that_was_shown_often_enough()
    {
        Commerce.Catalog.Search[] searches = [.. Enumerable.Range(0, 40).Select(i => Page(i, shown: 3)), Page(40, shown: 8)];

        ClicksResponse told = ClickCurve.Of(new ClicksRequest { Model = "pbm" }, searches, CancellationToken.None);

        Assert.Equal(8, told.Curve.Count);
        Assert.Contains("place 3, the last that was shown 30 times or more", told.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_pages_say_nothing() => Assert.StartsWith("Fewer than two places were shown 30 times",
        ClickCurve.Of(new ClicksRequest { Model = "pbm" }, [.. Enumerable.Range(0, 5).Select(i => Page(i, shown: 3))], CancellationToken.None).Summary, StringComparison.Ordinal);

    private static Commerce.Catalog.Search Page(int number, int shown) => new()
    {
        Id = $"s{number}", Query = "pan", Shown = [.. Enumerable.Range(0, shown).Select(i => $"p{(i + number) % 9}")], Clicked = [1 + (number % 2)],
    };
}
