using Cartwright.Commerce.Search;

namespace Cartwright.Commerce.Tests.Search;

public sealed class AnalyzerTests
{
    [Theory]
    [InlineData("Cast Iron Pan", "cast iron pan")]
    [InlineData("Crème BRÛLÉE", "creme brulee")]
    [InlineData("Cre\u0300me", "creme")]                       // the accent as a sign of its own
    [InlineData("Straße Ærø ＡＢＣ１", "strasse aero abc1")]
    [InlineData("Ёлка ΆΛΦΑ", "елка αλφα")]
    [InlineData("T-Shirt Wi-Fi", "t shirt tshirt wi fi wifi")]
    [InlineData("WH-1000XM4", "wh 1000xm4 wh1000xm4")]
    [InlineData("made-to-measure", "made to measure")]           // no code, and nobody types it together
    [InlineData("13.3 inch, 1,000 pcs, 2,5 l", "13 3 13.3 inch 13.3inch 1 000 1000 pcs 1000pcs 2 5 2.5 l 2.5l")]
    [InlineData("16 GB and 32  GB", "16 gb 16gb and 32 gb")]     // two spaces are no unit
    [InlineData("women's l'eau", "women womens l eau")]
    [InlineData("红色裙iphone", "红色 色裙 裙 iphone")]
    [InlineData("a/b c&d", "a b c d")]
    [InlineData("", "")]
    [InlineData("- . '", "")]
    public void Reads_words_as_shoppers_type_them(string text, string expected)
    {
        Assert.Equal(expected, string.Join(' ', Read(text).Select(token => token.Word)));
    }

    [Fact]
    public void A_joined_word_stands_at_the_place_of_its_first_part_and_covers_all_of_it()
    {
        (string Word, int Position, int Start, int End)[] tokens = [.. Read("my T-Shirt")];

        Assert.Equal([("my", 0, 0, 2), ("t", 1, 3, 4), ("shirt", 2, 5, 10), ("tshirt", 1, 3, 10)], tokens);
    }

    [Fact]
    public void Any_text_is_read_without_a_failure()
    {
        var random = new Random(3);
        const string Signs = "aZ1-.,'’ éß裙の한\u0301\ud83d\ude00/_%\0";
        for (int i = 0; i < 2000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 400)).Select(_ => Signs[random.Next(Signs.Length)]));

            Assert.All(Read(text), token =>
            {
                Assert.InRange(token.Word.Length, 1, 320);
                Assert.InRange(token.Start, 0, token.End);
                Assert.InRange(token.End, 1, text.Length);
            });
        }

        Assert.All(Read(new string('x', 10_000)), token => Assert.Equal(Analyzer.MaxWordLength, token.Word.Length));
    }

    private static List<(string Word, int Position, int Start, int End)> Read(string text)
    {
        var sink = new ListSink([]);
        Analyzer.Read(text, 0, ref sink);
        return sink.Tokens;
    }

    private readonly struct ListSink(List<(string Word, int Position, int Start, int End)> tokens) : ITokenSink
    {
        public List<(string Word, int Position, int Start, int End)> Tokens => tokens;

        public void Take(in Token token) => tokens.Add((token.Word.ToString(), token.Position, token.Start, token.End));
    }
}
