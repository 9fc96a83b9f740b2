using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Commerce.Tests.Assistant.Speech;

public sealed class WordErrorsTests
{
    [Theory]
    [InlineData("show me pans", "show me pans", 0)]
    [InlineData("show me pans", "show pans", 1)]
    [InlineData("show me pans", "show me red pans please", 2)]
    [InlineData("show me pans", "so my pants", 3)]
    [InlineData("", "a b", 2)]
    [InlineData("a b", "", 2)]
    public void Counts_words_to_replace_insert_or_remove(string said, string heard, int errors) => Assert.Equal(errors, WordErrors.Count(said, heard));
}
