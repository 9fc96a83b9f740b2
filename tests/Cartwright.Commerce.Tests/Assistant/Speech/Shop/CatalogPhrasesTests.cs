using Cartwright.Commerce.Assistant.Speech;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Assistant.Speech.Shop;

public sealed class CatalogPhrasesTests
{
    private static readonly Product[] Products =
    [
        new() { Id = "1", Title = "Nordvik Cast-Iron Pan 28 cm", Brand = "Nordvik", Category = "Kitchen > Pans" },
        new() { Id = "2", Title = "Café Crème", Brand = "Ferro", Category = "Pantry > Coffee", Attributes = new Dictionary<string, string> { ["color"] = "dark red" } },
    ];

    [Fact]
    public void Sentences_speak_of_the_catalog_in_words_that_can_be_said()
    {
        IReadOnlyList<string> phrases = CatalogPhrases.Of(Products, ["Do you GRIND it?"], 400, seed: 1);

        Assert.Equal("do you grind it", phrases[0]);
        Assert.Contains(phrases, phrase => phrase.Contains("nordvik cast iron pan twenty eight", StringComparison.Ordinal));
        Assert.Contains(phrases, phrase => phrase.Contains("cafe creme", StringComparison.Ordinal));
        Assert.Contains(phrases, phrase => phrase.Contains("dark red", StringComparison.Ordinal));
        Assert.All(phrases, phrase => Assert.Matches("^[a-z' ]+$", phrase));
        Assert.Equal(phrases.Distinct(StringComparer.Ordinal), phrases);
    }

    [Fact]
    public void The_same_seed_gives_the_same_sentences() =>
        Assert.Equal(CatalogPhrases.Of(Products, [], 300, seed: 4), CatalogPhrases.Of(Products, [], 300, seed: 4));

    [Fact]
    public void A_shop_without_products_still_has_what_is_always_said() => Assert.Contains("where is my order", CatalogPhrases.Of([], [], 300, seed: 1));
}
