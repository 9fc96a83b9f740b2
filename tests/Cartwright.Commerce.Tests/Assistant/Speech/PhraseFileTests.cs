using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Commerce.Tests.Assistant.Speech;

public sealed class PhraseFileTests
{
    [Theory]
    [InlineData("I'd like two Café crèmes!", "i'd like two cafe cremes")]
    [InlineData("iPhone 12, 128 GB", "iphone twelve one hundred twenty eight gb")]
    [InlineData("  T-shirt  (red) ", "t shirt red")]
    [InlineData("‘quoted’", "quoted")]
    [InlineData("007", "zero zero seven")]
    [InlineData("1234567", "one two three four five six seven")]
    [InlineData("20340", "twenty thousand three hundred forty")]
    [InlineData("", "")]
    public void Says_a_text_as_people_do(string text, string spoken) => Assert.Equal(spoken, PhraseFile.Spoken(text));
}
