using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Commerce.Tests.Assistant.Speech.Shop;

public sealed class LetterModelTests
{
    private static readonly LetterModel Model = new(["show me pans", "show me pots", "how much is the red pan"]);

    [Theory]
    [InlineData("")]
    [InlineData("show me p")]
    [InlineData("never seen")]
    public void Chances_of_what_follows_sum_to_one(string before)
    {
        int[] history = SpeechAlphabet.Encode(before);

        double sum = Enumerable.Range(1, SpeechAlphabet.ClassCount - 1).Sum(letter => Math.Exp(Model.Log(history, letter)));

        Assert.Equal(1, sum, 9);
    }

    [Fact]
    public void What_was_said_is_likelier_than_what_was_not()
    {
        int[] history = SpeechAlphabet.Encode("show me p");

        Assert.True(Model.Log(history, Letter('o')) > Model.Log(history, Letter('x')) + 2);
        Assert.True(Model.Log([], Letter('s')) > Model.Log([], Letter('e')));
    }

    [Fact]
    public void Letters_far_back_still_count()
    {
        Assert.True(Model.Log(SpeechAlphabet.Encode("the red"), Letter(' ')) > Math.Log(0.5));
        Assert.True(Model.Log(SpeechAlphabet.Encode("xxxxred"), Letter(' ')) < Model.Log(SpeechAlphabet.Encode("the red"), Letter(' ')));
    }

    private static int Letter(char letter) => SpeechAlphabet.Encode(letter.ToString())[0];
}
