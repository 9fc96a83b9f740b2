using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Teaches the network that writes, from recordings of which slots are known and words are not.</summary>
/// <remarks>
/// First from sentences that the system's voices speak. Then the recordings are read, each with the values that it is known to have, in the order and
/// with the words around them that the network finds likeliest; what was read is taught, and read anew when the network knows better
/// (the hard form of Dempster, Laird and Rubin's expectation maximization, 1977). So the order of slots is learned too.
/// </remarks>
internal sealed class CtcLesson(
    SlotVocabulary vocabulary, SlotPhrases spoken, bool isLabeled, IReadOnlyList<Recording> train, IReadOnlyList<string> phrases, int? epochs, int seed, TimeProvider clock,
    IProgress<RunProgress>? progress, CancellationToken cancellation)
{
    private const int SpokenSentences = 800;
    private const int FirstEpochs = 14;
    private const float FirstRate = 0.003f;
    private const float Rate = 0.002f;

    private static readonly int[] RoundEpochs = [8, 10, 22];
    private static readonly Dictionary<(int Kind, string Text), int> NothingCounted = [];

    /// <summary>Recordings without words need the system's voices to begin with.</summary>
    public Func<IReadOnlyList<Waveform>, IReadOnlyList<IReadOnlyDictionary<string, string>>> Teach()
    {
        var network = new TextNetwork(new SpeechEncoderOptions(), Seeds.Random((ulong)seed, 2));
        var augmentation = new SoundAugmentation();
        var order = new PhraseOrder(vocabulary.Slots.Count, []);
        IReadOnlyDictionary<(int Kind, string Text), int> counts = NothingCounted;
        if (isLabeled)
        {
            TextTraining.Train(network, [.. train.Select(recording => new SpokenText(recording.Sound.Samples, PhraseFile.Spoken(recording.Slots.Values.First())))],
                epochs ?? VoiceLesson.EpochsFor(train.Count), Rate, augmentation, seed, clock, "letters", progress, cancellation);
        }
        else
        {
            string[] sentences = [.. new PhraseSampler(vocabulary, spoken, [.. train.Select(recording => recording.Slots)]).Draw(SpokenSentences, seed),
                .. phrases.Take(SpokenSentences)];
            IReadOnlyList<SpokenText> voices = SpokenPhrases.Speak(sentences, SystemVoice.Names, seed, progress, cancellation);
            TextTraining.Train(network, voices, FirstEpochs, FirstRate, augmentation, seed, clock, "letters by voices", progress, cancellation, SpokenSentences);
            foreach ((int round, int roundEpochs) in RoundEpochs.Index())
            {
                List<SpokenText> read = Read(network, ref order, ref counts);
                TextTraining.Train(network, [.. read, .. voices.Take(read.Count / 2)], epochs ?? roundEpochs, Rate, augmentation, seed + round + 1, clock, $"letters, round {round + 1}",
                    progress, cancellation);
            }

            Read(network, ref order, ref counts);
        }

        var graph = new PhraseGraph(spoken.Phrases(vocabulary, counts), order);
        return sounds =>
        {
            float[][] rows = LogMel.OfAll(sounds);
            return [.. rows.Select(heard => new PhraseDecoder(graph).Decode(network.Hear(heard), needsAll: false) is { } found
                ? spoken.Read(string.Join(' ', found.Phrases.Select(phrase => graph.Phrases[phrase].Text)))
                : new Dictionary<string, string>(StringComparer.Ordinal))];
        };
    }

    /// <summary>Reads each recording with the values that it is known to have, and learns from all of them what follows what.</summary>
    private List<SpokenText> Read(TextNetwork network, ref PhraseOrder order, ref IReadOnlyDictionary<(int Kind, string Text), int> counts)
    {
        var read = new List<SpokenText>();
        var sentences = new List<IReadOnlyList<int>>();
        var said = new Dictionary<(int Kind, string Text), int>();
        progress?.Report(new RunProgress("reading the recordings' slots", 0, train.Count, "recordings"));
        foreach (Recording recording in train)
        {
            cancellation.ThrowIfCancellationRequested();
            var graph = new PhraseGraph(spoken.Phrases(vocabulary, counts, recording.Slots), order);
            if (new PhraseDecoder(graph).Decode(network.Hear(LogMel.Rows(recording.Sound.Samples)), needsAll: true) is not { } found)
            {
                continue;                                        // the values do not fit into the recording: its index is wrong, or it was cut
            }

            Phrase[] phrasesRead = [.. found.Phrases.Select(phrase => graph.Phrases[phrase])];
            read.Add(new SpokenText(recording.Sound.Samples, string.Join(' ', phrasesRead.Select(phrase => phrase.Text))));
            sentences.Add([.. phrasesRead.Select(phrase => phrase.Kind)]);
            foreach (Phrase phrase in phrasesRead)
            {
                said[(phrase.Kind, phrase.Text)] = said.GetValueOrDefault((phrase.Kind, phrase.Text)) + 1;
            }
        }

        (order, counts) = (new PhraseOrder(vocabulary.Slots.Count, sentences), said);
        return read;
    }
}
