using Cartwright.Learning.Losses;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>A trained network that writes what is said, with the phrases of the shop it was trained for.</summary>
/// <param name="phrases">As they are said: the language models learn from them.</param>
/// <param name="best">The engine that made fewer errors when it was judged: "ctc" or "pocketsphinx".</param>
internal sealed class VoiceModel(TextNetwork network, IReadOnlyList<string> phrases, string best)
{
    public const string Name = VoiceEvaluation.Letters;

    private const int BeamWidth = 16;
    private const double LanguageWeight = 0.7;
    private const double LetterWorth = 0.9;                      // so that longer readings are not punished for their length
    private const double StepSeconds = 2.0 * LogMel.Hop / Waveform.SpeechRate;

    private readonly Lazy<CtcDecoder> _decoder = new(() =>
    {
        var letters = new LetterModel(phrases);
        return new CtcDecoder(SpeechAlphabet.Blank, BeamWidth, (before, letter) => (LanguageWeight * letters.Log(before, letter)) + LetterWorth);
    });

    public TextNetwork Network { get; } = network;

    public IReadOnlyList<string> Phrases { get; } = phrases;

    public string Best { get; } = best;

    /// <param name="sound">At <see cref="Waveform.SpeechRate"/>.</param>
    public HeardText Hear(Waveform sound)
    {
        float[] logs = Network.Hear(LogMel.Rows(sound.Samples));
        int[] labels = [.. _decoder.Value.Beam(logs, SpeechAlphabet.ClassCount)[0].Labels];
        (int First, int Last, double Chance)[] steps = LetterAlignment.Align(logs, labels);
        var words = new List<HeardWord>();
        for (int start = 0; start < labels.Length;)
        {
            int end = Array.IndexOf(labels, SpeechAlphabet.Space, start);
            end = end < 0 ? labels.Length : end;
            if (end > start)
            {
                words.Add(new HeardWord(SpeechAlphabet.Decode(labels[start..end]), Math.Exp(steps[start..end].Average(step => Math.Log(Math.Max(step.Chance, 1e-6)))),
                    steps[start].First * StepSeconds, (steps[end - 1].Last + 1) * StepSeconds));
            }

            start = end + 1;
        }

        return new HeardText(words);
    }
}
