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

    private static readonly Lazy<TitleWriter> Writer = new(() => Learn(Products)!);

    [Fact]
    public void A_title_says_what_was_predicted_in_the_words_of_the_shop()
    {
        DraftTitle title = Write("Dress", [Value("color", "Blue", 0.9), Value("material", "Silk", 0.7)])!;

        Assert.Equal("Blue Silk Evening Dress", title.Text);
        Assert.InRange(title.Confidence, 0.7, 1);
    }

    [Theory]
    [InlineData("Red")]
    [InlineData("Blue")]
    [InlineData("Black")]
    public void A_title_claims_nothing_that_was_not_predicted(string color)
    {
        string[] words = Write("Shirt", [Value("color", color, 0.9)])?.Text.Split(' ') ?? [];

        Assert.DoesNotContain(words, word => Cloths.Contains(word) || word.Any(char.IsDigit));
        Assert.DoesNotContain(words, word => Colors.Contains(word) && word != color);
    }

    [Fact]
    public void A_color_that_is_not_seen_is_not_said_though_every_look_alike_is_called_so()
    {
        Product[] plain = [.. Products.Select(product => product with { Title = product.Title.Replace("Red", "Navy", StringComparison.Ordinal), Attributes = new Dictionary<string, string>() })];
        Product[] navy = [.. plain.Where(product => product.Title.Contains("Navy Silk Evening", StringComparison.Ordinal))];
        var draft = new TitleDraft(Learn(plain)!, plain);

        string unseen = draft.Write(new PictureTag("Dress", 1), [], [new DraftColor("olive", "#555532", 1, 0.9)], [(navy[0], 1.0)])!.Text;
        string seen = draft.Write(new PictureTag("Dress", 1), [], [new DraftColor("navy", "#1e284b", 1, 0.9)], [(navy[0], 1.0)])!.Text;

        Assert.DoesNotContain("navy", unseen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("navy", seen, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_word_that_may_not_be_said_is_passed_over()
    {
        Product[] branded = [.. Products.Select((product, i) => product with { Title = $"Maker{i % 4} {product.Title}", Brand = $"Maker{i % 4}" })];

        DraftTitle title = new TitleDraft(Learn(branded)!, branded).Write(new PictureTag("Dress", 0.9), [Value("color", "Black", 0.9), Value("material", "Wool", 0.9)], [],
            [.. branded.Where(product => product.Category == "Dress").Select(product => (product, 1.0))])!;

        Assert.Equal("Black Wool Evening Dress", title.Text);
    }

    [Fact]
    public void Without_titles_there_is_no_writer() => Assert.Null(Learn([.. Products.Select(product => product with { Title = product.Id })]));

    [Fact]
    public void Facts_make_their_words_likelier_and_the_same_seed_learns_the_same()
    {
        int[]? told = Writer.Value.Write([("category", "Shirt"), ("color", "Black"), ("material", "Wool")], [], _ => true);
        int[]? again = Learn(Products)!.Write([("category", "Shirt"), ("color", "Black"), ("material", "Wool")], [], _ => true);

        Assert.Equal("black wool shirt", string.Join(' ', told!.Select(Writer.Value.Words.KeyOf)));
        Assert.Equal(told, again);
        Assert.InRange(Writer.Value.Perplexity, 1, 1.5);
    }

    [Fact]
    public void A_fact_that_no_title_tells_is_none_to_write_from()
    {
        var facts = TitleFacts.Of([.. Products.Select((product, i) => product with { Attributes = new Dictionary<string, string>(product.Attributes) { ["batch"] = $"b{i % 3}" } })]);

        Assert.Equal(["category", "color", "material"], facts.Names);
        Assert.Null(facts.Read("batch", "b1", Writer.Value.Words));
        Assert.Equal(-1, facts.Read("color", "Mauve", Writer.Value.Words)!.Number);
    }

    private static TitleWriter? Learn(Product[] products) => new TitleTraining(TimeProvider.System).Run(products, seed: 1, progress: null, CancellationToken.None);

    private static DraftValue Value(string name, string value, double confidence) => new(name, value, confidence, confidence, "picture");

    private static DraftTitle? Write(string kind, DraftValue[] attributes) => new TitleDraft(Writer.Value, Products).Write(
        new PictureTag(kind, 0.95), attributes, [], [.. Products.Where(product => product.Category == kind).Select(product => (product, 1.0))]);
}
