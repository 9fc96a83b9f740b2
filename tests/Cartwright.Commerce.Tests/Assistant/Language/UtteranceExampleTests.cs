using Cartwright.Commerce.Assistant;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Tests.Assistant;

public sealed class UtteranceExampleTests
{
    [Theory]
    [InlineData("O B-city I-city O B-day", "city 1-3, day 4-5")]
    [InlineData("B-city B-city I-city", "city 0-1, city 1-3")]
    [InlineData("B-city I-day I-day", "city 0-1, day 1-3")]
    [InlineData("O drink drink size", "drink 1-3, size 3-4")]
    [InlineData("O O", "")]
    public void Pieces_are_read_as_conlleval_reads_them(string tags, string pieces) =>
        Assert.Equal(pieces, string.Join(", ", UtteranceExample.Pieces(tags.Split(' ')).Select(piece => $"{piece.Slot} {piece.Start}-{piece.End}")));

    [Fact]
    public void A_token_of_several_words_hands_its_tag_on()
    {
        var example = UtteranceExample.Of(new Utterance { Text = "我要 红色", Intent = "find", Slots = ["O", "B-color"] });

        Assert.Equal(["O", "O", "B-color", "I-color"], example.Tags!);
    }

    [Theory]
    [InlineData("oos")]
    [InlineData("outofdomain")]
    [InlineData("out_of_scope")]
    public void What_nobody_should_answer_has_one_name(string intent) =>
        Assert.Equal(ShopIntents.OutOfScope, UtteranceExample.Of(new Utterance { Text = "what", Intent = intent }).Intent);
}
