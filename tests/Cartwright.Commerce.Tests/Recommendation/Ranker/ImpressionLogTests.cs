using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation.Ranker;

public sealed class ImpressionLogTests
{
    private readonly SnapshotBuilder _builder = new();
    private int _second;

    [Fact]
    public void What_follows_an_impression_in_its_session_makes_it_a_click_until_the_product_is_shown_again()
    {
        Did("ann", "s1", InteractionKind.View, "a");
        Did("ann", "s2", InteractionKind.Impression, "a", 1);
        Did("ann", "s2", InteractionKind.Impression, "b", 2);
        Did("ann", "s2", InteractionKind.Impression, "c", 3);
        Did("ann", "s3", InteractionKind.View, "c");              // another session
        Did("ann", "s2", InteractionKind.View, "b");
        Did("ann", "s2", InteractionKind.Impression, "a", 1);     // shown again: the purchase belongs to this one
        Did("ann", "s2", InteractionKind.Purchase, "a");

        IReadOnlyList<ImpressionPage> pages = Read().Pages;

        Assert.Equal(2, pages.Count);
        Assert.Equal([false, true, false], pages[0].Clicked);
        Assert.Equal([true], pages[1].Clicked);
        Assert.Equal([1, 2, 3], pages[0].Positions);
    }

    [Fact]
    public void A_page_knows_what_its_shopper_did_before_it_and_nothing_after()
    {
        Did("ann", "s1", InteractionKind.View, "a");
        Did("ann", "s1", InteractionKind.Purchase, "a");          // one step
        Did("bob", "s9", InteractionKind.View, "b");
        Did("ann", "s2", InteractionKind.Impression, "b", 1);
        Did("ann", "s2", InteractionKind.View, "b");
        Did(null, "s3", InteractionKind.View, "c");
        Did(null, "s3", InteractionKind.Impression, "a", 1);

        IReadOnlyList<ImpressionPage> pages = Read().Pages;

        Assert.Equal([0], pages[0].History.Products.ToArray());
        Assert.Equal([2], pages[1].History.Products.ToArray());   // the session of somebody unknown
        Assert.Equal(1f * 3 / 2, pages[0].Popularity[0]);         // one of two steps, three products
    }

    [Fact]
    public void A_shop_with_too_few_impressions_is_told_how_many_it_has_and_how_many_it_takes()
    {
        Did("ann", "s1", InteractionKind.Impression, "a", 1);
        Did("ann", "s1", InteractionKind.View, "a");

        ValidationException refused = Assert.Throws<ValidationException>(() => Read().RequireEnough("The shop"));

        Assert.Contains("1 impressions, 1 of them clicked", refused.Message, StringComparison.Ordinal);
        Assert.Contains("2,000 or more with 100 clicks", refused.Message, StringComparison.Ordinal);
    }

    private void Did(string? shopper, string session, InteractionKind kind, string product, int? position = null) => _builder.Add(new Interaction
    {
        At = new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero).AddSeconds(_second++), Shopper = shopper, Session = session, Kind = kind, Product = product, Position = position,
    });

    private ImpressionLog Read()
    {
        foreach (string id in (string[])["a", "b", "c"])
        {
            _builder.MentionProduct(id);
        }

        return ImpressionLog.Of(_builder.Build(new ShopInfo { Name = "Tiny" }), CancellationToken.None);
    }
}
