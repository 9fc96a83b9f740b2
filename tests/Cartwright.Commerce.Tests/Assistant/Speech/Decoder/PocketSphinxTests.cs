using Cartwright.Commerce.Assistant.Speech;

namespace Cartwright.Commerce.Tests.Assistant.Speech.Decoder;

public sealed class PocketSphinxTests
{
    private static readonly SlotVocabulary Vocabulary = new(
        [SlotPhrasesTests.Said(("drink", "coffee"), ("size", "small")), SlotPhrasesTests.Said(("drink", "green tea"), ("size", "large")), SlotPhrasesTests.Said(("drink", "water"))]);

    [SystemSpeechFact(Hears = true)]
    public void Hears_what_a_voice_says_through_a_grammar_of_the_slots()
    {
        var phrases = new SlotPhrases(Vocabulary);
        using var files = new DecoderFiles();
        string dictionary = files.WriteDictionary([.. phrases.Spoken.SelectMany(of => of), .. SlotPhrases.Carriers, .. SlotPhrases.Joints]);
        using var decoder = new PocketSphinx(phrases.Grammar(isLabeled: false, []), dictionary);

        HeardText heard = decoder.Hear(SystemVoice.Speak("can i get a large green tea please", "slt"));

        Assert.Equal(SlotPhrasesTests.Said(("drink", "green tea"), ("size", "large")), phrases.Read(heard.Text));
        Assert.All(heard.Words.Zip(heard.Words.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start + 0.011));
    }

    [SystemSpeechFact]
    public void Voices_stretch_and_differ()
    {
        Waveform quick = SystemVoice.Speak("a small coffee", "rms");
        Waveform slow = SystemVoice.Speak("a small coffee", "rms", stretch: 1.5f);

        Assert.InRange(slow.Seconds / quick.Seconds, 1.2, 1.7);
        Assert.NotEqual(quick.Samples.Length, SystemVoice.Speak("a small coffee", "slt").Samples.Length);
    }

    [Theory]
    [InlineData("nordvik", "N AO R D V IH K")]
    [InlineData("shone", "SH AA N")]
    [InlineData("quick", "K W IH K")]
    public void Names_that_no_dictionary_has_are_said_by_their_spelling(string word, string sounds) => Assert.Equal(sounds, Pronunciations.Guess(word));
}
