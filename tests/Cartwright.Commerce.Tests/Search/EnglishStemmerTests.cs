using Cartwright.Commerce.Search;

namespace Cartwright.Commerce.Tests.Search;

public sealed class EnglishStemmerTests
{
    // Of the sample vocabulary that snowballstem.org publishes beside the algorithm, and its special cases.
    [Theory]
    [InlineData("consign", "consign")]
    [InlineData("consigned", "consign")]
    [InlineData("consignment", "consign")]
    [InlineData("consistency", "consist")]
    [InlineData("consistently", "consist")]
    [InlineData("consolation", "consol")]
    [InlineData("consolatory", "consolatori")]
    [InlineData("conspicuous", "conspicu")]
    [InlineData("conspirator", "conspir")]
    [InlineData("constancy", "constanc")]
    [InlineData("knack", "knack")]
    [InlineData("kneeling", "kneel")]
    [InlineData("knightly", "knight")]
    [InlineData("knives", "knive")]
    [InlineData("knocker", "knocker")]
    [InlineData("knots", "knot")]
    [InlineData("skies", "sky")]
    [InlineData("dying", "die")]
    [InlineData("news", "news")]
    [InlineData("succeed", "succeed")]
    [InlineData("generous", "generous")]
    [InlineData("generate", "generat")]
    [InlineData("batteries", "batteri")]
    [InlineData("battery", "batteri")]
    [InlineData("headphones", "headphon")]
    [InlineData("glasses", "glass")]
    [InlineData("hopping", "hop")]
    [InlineData("hoping", "hope")]
    [InlineData("tied", "tie")]
    [InlineData("cries", "cri")]
    [InlineData("gas", "gas")]
    [InlineData("this", "this")]
    [InlineData("gaps", "gap")]
    [InlineData("yellow", "yellow")]
    [InlineData("played", "play")]
    [InlineData("rational", "ration")]
    [InlineData("relational", "relat")]
    [InlineData("hopefulness", "hope")]
    [InlineData("wirelessly", "wireless")]
    [InlineData("4k", "4k")]
    [InlineData("über", "über")]
    public void Takes_off_the_endings_that_porter_takes_off(string word, string expected)
    {
        Span<char> stem = stackalloc char[64];

        int length = EnglishStemmer.Stem(word, stem);

        Assert.Equal(expected, stem[..length].ToString());
    }
}
