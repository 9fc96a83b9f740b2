using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Vision;

namespace Cartwright.Commerce.Tests.Vision;

public sealed class TitleDraftTests
{
    private static readonly string[] Colors = ["Red", "Blue", "Black"], Cloths = ["Cotton", "Silk", "Wool"];

    /// <summary>Every color and cloth of two kinds: "Red Silk Evening Dress", "Blue Cotton Shirt 42".</summary>
    private static readonly Product[] Products =
    [
        .. from kind in (string[])["Dress", "Shirt"]
           from color in Colors
           from cloth in Cloths
           select new Product
           {
               Id = $"{kind}-{color}-{cloth}",
               Title = kind == "Dress" ? $"{color} {cloth} Evening Dress" : $"{color} {cloth} Shirt 42",
               Category = kind,
               Attributes = new Dictionary<string, string> { ["color"] = color, ["material"] = cloth },
           },
    ];

    [Fact]
    public void A_title_says_what_was_predicted_in_the_words_of_the_shop()
    {
        DraftTitle title = Write("Dress", [new DraftValue("color", "Blue", 0.9, 0.8), new DraftValue("material", "Silk", 0.7, 0.6)], "Dress")!;

        Assert.Equal("Blue Silk Evening Dress", title.Text);
        Assert.InRange(title.Confidence, 0.7, 1);
    }

    [Theory]
    [InlineData("Red")]
    [InlineData("Blue")]
    [InlineData("Black")]
    public void A_title_claims_nothing_that_was_not_predicted(string color)
    {
        string[] words = Write("Shirt", [new DraftValue("color", color, 0.9, 0.8)], "Shirt")?.Text.Split(' ') ?? [];

        Assert.DoesNotContain(words, word => Cloths.Contains(word) || word.Any(char.IsDigit));
        Assert.DoesNotContain(words, word => Colors.Contains(word) && word != color);
    }

    [Fact]
    public void A_word_that_may_not_be_said_is_passed_over()
    {
        Product[] branded = [.. Products.Select((product, i) => product with { Title = $"Maker{i % 4} {product.Title}", Brand = $"Maker{i % 4}" })];

        DraftTitle title = TitleDraft.Of(branded).Write(
            new PictureTag("Dress", 0.9), [new DraftValue("color", "Black", 0.9, 0.8), new DraftValue("material", "Wool", 0.9, 0.8)], [],
            [.. branded.Where(product => product.Category == "Dress").Select(product => (product, 1.0))])!;

        Assert.Equal("Black Wool Evening Dress", title.Text);
    }

    [Fact]
    public void Without_titles_there_is_none()
    {
        Product[] untitled = [.. Products.Select(product => product with { Title = product.Id })];

        Assert.Null(TitleDraft.Of(untitled).Write(new PictureTag("Dress", 1), [], [], [.. untitled.Select(product => (product, 1.0))]));
    }

    [Fact]
    public void The_chances_of_what_comes_next_sum_to_less_than_one_by_what_was_never_seen()
    {
        var model = new TitleModel(Products.Select(product => (product.Title, product.Category!)));
        string[] all = [.. Products.SelectMany(product => TitleModel.WordsOf(product.Title)).Select(TitleModel.Key).Append("\u0003").Distinct()];

        double known = all.Sum(word => model.Chance("Dress", "red", "silk", word));

        Assert.InRange(known, 0.9, 1);
        Assert.True(model.Chance("Dress", "red", "silk", "evening") > model.Chance("Shirt", "red", "silk", "evening"));
        Assert.InRange(model.Chance("Dress", "red", "silk", "unheard"), 1e-9, 0.1);
    }

    private static DraftTitle? Write(string kind, DraftValue[] attributes, string label) => TitleDraft.Of(Products).Write(
        new PictureTag(label, 0.95), attributes, [], [.. Products.Where(product => product.Category == kind).Select(product => (product, 1.0))]);
}
