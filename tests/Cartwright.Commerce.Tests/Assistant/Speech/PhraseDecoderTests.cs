using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Commerce.Tests.Assistant.Speech;

public sealed class PhraseDecoderTests
{
    private static readonly SlotVocabulary Vocabulary = new(
        [SlotPhrasesTests.Said(("drink", "coffee"), ("size", "small")), SlotPhrasesTests.Said(("drink", "tea"), ("size", "tall")), SlotPhrasesTests.Said(("drink", "toffee"))]);

    private static readonly SlotPhrases Spoken = new(Vocabulary);

    [Theory]
    [InlineData("i want a small coffee")]
    [InlineData("tea")]
    [InlineData("tall toffee please")]
    public void Reads_what_was_clearly_heard(string text) => Assert.Equal(text, Read(Heard(text, 0.9), Spoken.Phrases(Vocabulary, Nothing)));

    [Fact]
    public void Mends_letters_that_were_not()
    {
        float[] heard = Heard("i want a smoll koffee", 0.6);

        Assert.Equal("i want a small coffee", Read(heard, Spoken.Phrases(Vocabulary, Nothing)));
    }

    [Fact]
    public void Says_no_slot_twice()
    {
        string? read = Read(Heard("tea coffee", 0.5), Spoken.Phrases(Vocabulary, Nothing));

        Assert.True(read is null || Spoken.Read(read).Count <= 1 || !read.Contains("tea", StringComparison.Ordinal) || !read.Contains("coffee", StringComparison.Ordinal), read);
    }

    [Fact]
    public void Finds_how_a_known_sentence_was_said()
    {
        IReadOnlyList<Phrase> known = Spoken.Phrases(Vocabulary, Nothing, SlotPhrasesTests.Said(("drink", "coffee"), ("size", "tall")));

        string? read = Read(Heard("can i get coffee with tall", 0.4), known, needsAll: true);

        Assert.Equal("can i get coffee with tall", read);
    }

    [Fact]
    public void Finds_nothing_where_the_values_do_not_fit_into_the_recording()
    {
        IReadOnlyList<Phrase> known = Spoken.Phrases(Vocabulary, Nothing, SlotPhrasesTests.Said(("drink", "coffee"), ("size", "tall")));

        Assert.Null(Read(Heard("tea", 0.9)[..(2 * SpeechAlphabet.ClassCount)], known, needsAll: true));
    }

    [Fact]
    public void Learns_what_follows_what()
    {
        var order = new PhraseOrder(2, [[0, 1], [0, 1], [0, 1]]);

        Assert.True(order.Log(PhraseOrder.Edge(2), 0) > order.Log(PhraseOrder.Edge(2), 1));
        Assert.True(order.Log(0, 1) > order.Log(1, 0));
        Assert.Equal(double.NegativeInfinity, order.Log(0, PhraseOrder.Carrier(2)));
        Assert.Equal(1, Enumerable.Range(0, 5).Sum(kind => Math.Exp(order.Log(0, kind))), 9);
    }

    private static Dictionary<(int Kind, string Text), int> Nothing => [];

    private static string? Read(float[] heard, IReadOnlyList<Phrase> phrases, bool needsAll = false)
    {
        var graph = new PhraseGraph(phrases, new PhraseOrder(Vocabulary.Slots.Count, []));
        return new PhraseDecoder(graph).Decode(heard, needsAll) is { } found ? string.Join(' ', found.Phrases.Select(phrase => phrases[phrase].Text)) : null;
    }

    /// <summary>What a network would give that hears each letter with this chance for two steps, a blank behind it.</summary>
    private static float[] Heard(string text, double sure)
    {
        var logs = new List<float>();
        foreach (int label in SpeechAlphabet.Encode(text))
        {
            foreach (int step in (int[])[label, label, SpeechAlphabet.Blank])
            {
                logs.AddRange(Enumerable.Range(0, SpeechAlphabet.ClassCount).Select(of => (float)Math.Log(of == step ? sure : (1 - sure) / (SpeechAlphabet.ClassCount - 1))));
            }
        }

        return [.. logs];
    }
}
