using Cartwright.Commerce.Assistant;

namespace Cartwright.Commerce.Tests.Assistant;

public sealed class UtteranceWordTests
{
    [Fact]
    public void Words_stand_without_the_punctuation_around_them_and_know_their_place()
    {
        const string Text = "Do you have  \"red\" shoes, size 42?";

        UtteranceWord[] words = UtteranceWord.Split(Text);

        Assert.Equal(["do", "you", "have", "red", "shoes", "size", "00"], words.Select(word => word.Form));
        Assert.Equal(["Do", "you", "have", "red", "shoes", "size", "42"], words.Select(word => Text.Substring(word.Start, word.Length)));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], words.Select(word => word.Token));
    }

    [Fact]
    public void Each_Chinese_character_is_a_word_of_its_token()
    {
        UtteranceWord[] words = UtteranceWord.Split("我要 红色iPhone手机");

        Assert.Equal(["我", "要", "红", "色", "iphone", "手", "机"], words.Select(word => word.Form));
        Assert.Equal([0, 0, 1, 1, 1, 1, 1], words.Select(word => word.Token));
    }

    [Fact]
    public void Punctuation_alone_is_a_word_and_nothing_is_none()
    {
        Assert.Equal(["?"], UtteranceWord.Split(" ? ").Select(word => word.Form));
        Assert.Equal(["$00"], UtteranceWord.Split("$40.").Select(word => word.Form));
        Assert.Empty(UtteranceWord.Split("   "));
    }
}
