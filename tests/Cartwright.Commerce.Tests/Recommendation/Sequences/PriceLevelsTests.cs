using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class PriceLevelsTests
{
    [Fact]
    public void A_price_is_dear_or_cheap_among_the_prices_of_its_category()
    {
        Product[] products =
        [
            .. Enumerable.Range(0, 11).Select(i => Of($"pan{i}", "Pans", 20 + i)),
            .. Enumerable.Range(0, 11).Select(i => Of($"oven{i}", "Ovens", 500 + i)),
            Of("dear pan", "Pans", 25 * 2.72m), Of("cheap oven", "Ovens", 505 / 2.72m), Of("gift", "Gifts", null),
        ];

        int[] levels = PriceLevels.Of(products);

        Assert.Equal([4, 4, 6, 2, PriceLevels.Unknown], [levels[5], levels[16], .. levels[^3..]]);
    }

    [Fact]
    public void A_category_with_few_prices_is_compared_with_the_whole_catalog()
    {
        Product[] products = [.. Enumerable.Range(0, 20).Select(i => Of($"pan{i}", "Pans", 10)), Of("oven", "Ovens", 10_000)];

        Assert.Equal(PriceLevels.Count - 1, PriceLevels.Of(products)[^1]);
    }

    private static Product Of(string id, string category, decimal? price) => new() { Id = id, Category = category, Price = price };
}
