using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Assistant;

public sealed class ShopUtterancesTests
{
    internal static IReadOnlyList<Product> Products { get; } =
    [
        Product("1", "Ferro Alba Cast Iron Pan, black", "Kitchen > Pans", "Ferro", 39.9m, "black", "iron"),
        Product("2", "Ferro Steel Pot, silver", "Kitchen > Pots", "Ferro", 54m, "silver", "steel"),
        Product("3", "Velo Trail Running Shoes, red", "Sport > Shoes", "Velo", 120m, "red", "mesh"),
        Product("4", "Velo City Bike Helmet, blue", "Sport > Helmets", "Velo", 60m, "blue", "foam"),
    ];

    [Fact]
    public void Every_word_has_a_tag_and_every_intent_its_sentences()
    {
        UtterancePart[] made = Make(1);

        Assert.All(made, one => Assert.Null(CatalogRules.Check(one.Utterance)));
        Assert.All(made, one => Assert.DoesNotContain('{', one.Utterance.Text));
        Assert.Equal([.. ShopPhrases.Patterns.Keys.Append(ShopIntents.OutOfScope).Order(StringComparer.Ordinal)], made.Select(one => one.Utterance.Intent).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            ["attribute", "brand", "category", "color", "count", "order-id", "ordinal", "postcode", "price-max", "price-min", "product", "sort", "topic"],
            made.SelectMany(one => one.Utterance.Slots).Select(UtteranceExample.SlotOf).Where(slot => slot.Length > 0).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Slots_hold_the_catalogs_own_words()
    {
        string[] brands = Values("brand", Make(1));

        Assert.NotEmpty(brands);
        Assert.True(brands.Count(brand => brand.Trim('?', '.', '!').ToUpperInvariant() is "FERRO" or "VELO") > 0.9 * brands.Length);   // the others are mistyped
    }

    [Fact]
    public void The_same_seed_says_the_same_and_another_something_else()
    {
        Assert.Equal(Make(1).Select(one => one.Utterance.Text), Make(1).Select(one => one.Utterance.Text));
        Assert.NotEqual(Make(1).Select(one => one.Utterance.Text), Make(2).Select(one => one.Utterance.Text));
    }

    [Fact]
    public void A_catalog_without_brands_or_attributes_says_nothing_of_them()
    {
        UtterancePart[] made = new ShopUtterances(new CatalogWords([new Product { Id = "1", Title = "Plain Thing" }], []), 1).Make();

        Assert.DoesNotContain("B-brand", made.SelectMany(one => one.Utterance.Slots));
        Assert.Contains("B-product", made.SelectMany(one => one.Utterance.Slots));
    }

    [Theory]
    [InlineData("(a|b)", "a,b")]
    [InlineData("(a|) c", " c,a c")]
    [InlineData("x (a|(b|c)d) y", "x a y,x bd y,x cd y")]
    public void A_pattern_says_each_of_its_choices(string pattern, string all)
    {
        var random = new Random(1);

        Assert.Equal(all.Split(','), Enumerable.Range(0, 200).Select(_ => PhrasePattern.Choose(pattern, random)).Distinct().Order(StringComparer.Ordinal));
    }

    private static UtterancePart[] Make(int seed) => new ShopUtterances(new CatalogWords(Products, ["click and collect"]), seed).Make();

    private static string[] Values(string slot, UtterancePart[] made) => [.. made.SelectMany(one => one.Utterance.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Zip(one.Utterance.Slots).Where(word => word.Second == $"B-{slot}").Select(word => word.First))];

    private static Product Product(string id, string title, string category, string brand, decimal price, string color, string material) => new()
    {
        Id = id, Title = title, Category = category, Brand = brand, Price = price,
        Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["color"] = color, ["material"] = material },
    };
}
