using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Teaches each engine from the same recordings.</summary>
internal sealed class VoiceLesson(
    SlotVocabulary vocabulary, bool isLabeled, IReadOnlyList<Recording> train, IReadOnlyList<Recording> validation, IReadOnlyList<string> phrases, int? epochs, int seed, TimeProvider clock,
    IProgress<RunProgress>? progress, CancellationToken cancellation)
{
    private const int LeastEpochs = 25;
    private const int MostEpochs = 120;
    private const int RecordingsHeard = 60_000;                  // in a training, where the epochs' bounds allow it

    private readonly SlotPhrases _spoken = new(vocabulary);

    /// <summary>Our network with a head for each slot.</summary>
    public Func<IReadOnlyList<Waveform>, IReadOnlyList<IReadOnlyDictionary<string, string>>> Heads()
    {
        var network = new HeadNetwork(new SpeechEncoderOptions(), [.. vocabulary.Values.Select(values => values.Count)], Seeds.Random((ulong)seed, 1));
        HeadTraining.Train(network, Taught(train), Taught(validation), epochs ?? EpochsFor(train.Count), new SoundAugmentation(),
            seed, clock, progress, cancellation);
        return sounds => [.. HeadTraining.Chances(network, LogMel.OfAll(sounds)).Select(heads => vocabulary.SaidBy([.. heads.Select(chances =>
            System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(chances))]))];
    }

    /// <summary>Our network that writes, read through the phrases of the slots.</summary>
    public Func<IReadOnlyList<Waveform>, IReadOnlyList<IReadOnlyDictionary<string, string>>> Letters() =>
        new CtcLesson(vocabulary, _spoken, isLabeled, train, phrases, epochs, seed, clock, progress, cancellation).Teach();

    /// <summary>Passes over so many recordings: more for fewer.</summary>
    public static int EpochsFor(int recordings) => Math.Clamp(RecordingsHeard / recordings, LeastEpochs, MostEpochs);

    /// <summary>The system's decoder with a grammar of the slots' values.</summary>
    public Func<IReadOnlyList<Waveform>, IReadOnlyList<IReadOnlyDictionary<string, string>>> Decoder()
    {
        using var files = new DecoderFiles();
        string[] words = [.. phrases.SelectMany(phrase => phrase.Split(' ')).Distinct(StringComparer.Ordinal)];
        string dictionary = files.WriteDictionary([.. _spoken.Spoken.SelectMany(of => of), .. SlotPhrases.Carriers, .. SlotPhrases.Joints, .. words]);
        var decoder = new PocketSphinx(_spoken.Grammar(isLabeled, words), dictionary);
        return sounds =>
        {
            using (decoder)
            {
                return [.. sounds.Select(sound => _spoken.Read(decoder.Hear(sound).Text))];
            }
        };
    }

    private TaughtRecordings Taught(IReadOnlyList<Recording> recordings) =>
        new([.. recordings.Select(recording => recording.Sound.Samples)], [.. recordings.Select(recording => vocabulary.NumbersOf(recording.Slots))]);
}
