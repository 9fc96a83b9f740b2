using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Sentences spoken by the system's voices, each in its turn, faster and slower, higher and lower.</summary>
internal static class SpokenPhrases
{
    private const float LeastStretch = 0.8f;
    private const float MostStretch = 1.25f;
    private const float LeastPitch = 85;
    private const float MostPitch = 230;
    private const int Edge = Waveform.SpeechRate / 10;           // of the silence that is left on both sides
    private const float Silence = 0.01f;

    /// <param name="sentences">As they are said.</param>
    /// <param name="voices">Of <see cref="SystemVoice.Names"/>.</param>
    public static List<SpokenText> Speak(IReadOnlyList<string> sentences, IReadOnlyList<string> voices, int seed, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        const int Told = 50;
        var spoken = new List<SpokenText>();
        foreach ((int i, string sentence) in sentences.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            var random = Seeds.Random((ulong)seed, (ulong)(i + 100));
            Waveform sound = SystemVoice.Speak(sentence, voices[i % voices.Count],
                LeastStretch + ((MostStretch - LeastStretch) * random.NextSingle()), LeastPitch + ((MostPitch - LeastPitch) * random.NextSingle())).ForSpeech();
            spoken.Add(new SpokenText(Trimmed(sound.Samples), sentence));
            if (i % Told == 0)
            {
                progress?.Report(new RunProgress("speaking phrases", i, sentences.Count, "phrases"));
            }
        }

        return spoken;
    }

    private static float[] Trimmed(float[] samples)
    {
        int first = Array.FindIndex(samples, x => Math.Abs(x) > Silence);
        int last = Array.FindLastIndex(samples, x => Math.Abs(x) > Silence);
        return first < 0 ? samples : samples[Math.Max(0, first - Edge)..Math.Min(samples.Length, last + Edge)];
    }
}
