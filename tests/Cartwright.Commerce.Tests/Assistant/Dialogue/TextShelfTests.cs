using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Tests.Assistant.Dialogue;

public sealed class TextShelfTests
{
    private static readonly TextShelf Shelf = new(SampleTexts.All);

    [Theory]
    [InlineData("do you ship abroad", "delivery-abroad")]
    [InlineData("what does postage cost", "delivery-cost")]
    [InlineData("how do I pay", "payment")]
    [InlineData("can I return a mug? return", "returns")]
    [InlineData("can I return food? return", "no-return")]
    [InlineData("what can't I send back? return", "no-return")]
    [InlineData("how do I send something back? return", "returns")]
    [InlineData("refund", "refund")]
    [InlineData("is there a guarantee", "warranty")]
    [InlineData("when do you close on sundays", "opening-hours")]
    [InlineData("can you wrap it as a gift", "gift-wrap")]
    [InlineData("I want to cancel my order", "change-order")]
    [InlineData("what is your phone number", "contact")]
    public void Finds_the_text_that_answers(string question, string expected) => Assert.Equal(expected, Shelf.Find(question)?.Text.Id);

    [Fact]
    public void Says_nothing_where_no_text_does() => Assert.Null(Shelf.Find("quantum chromodynamics"));

    [Fact]
    public void Cuts_sentences_and_no_numbers()
    {
        TextAnswer found = Shelf.Find("what does delivery cost")!;

        Assert.Equal(["Delivery costs 4.90 EUR.", "Orders of 50 EUR and more are delivered free of charge.", "Furniture is delivered by a forwarder for 29 EUR."], found.Sentences);
    }

    [Fact]
    public void Of_a_long_text_the_sentences_with_the_questions_words_are_said()
    {
        string text = string.Join(' ', Enumerable.Range(0, 30).Select(i => $"Rule {i} is about nothing much.")) + " Parrots may be returned within 3 days.";
        var shelf = new TextShelf([new ShopText { Id = "rules", Title = "Rules", Text = text }]);

        Assert.Contains("Parrots may be returned within 3 days.", shelf.Find("can I return a parrot")!.Sentences);
        Assert.Equal(3, shelf.Find("can I return a parrot")!.Sentences.Count);
    }
}
