namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Sound of one channel.</summary>
/// <param name="Samples">From -1 to 1.</param>
/// <param name="Rate">Samples a second.</param>
internal sealed record Waveform(float[] Samples, int Rate)
{
    /// <summary>The rate that all models here hear: speech has little above 8 kHz.</summary>
    public const int SpeechRate = 16_000;

    public double Seconds => (double)Samples.Length / Rate;

    /// <summary>The same sound at <see cref="SpeechRate"/>.</summary>
    public Waveform ForSpeech() => Rate == SpeechRate ? this : new Waveform(Resampler.Resample(Samples, Rate, SpeechRate), SpeechRate);

    /// <summary>As 16-bit numbers, what is too loud cut off.</summary>
    public short[] ToPcm() => Array.ConvertAll(Samples, x => (short)Math.Clamp(MathF.Round(x * short.MaxValue), short.MinValue, short.MaxValue));

    /// <param name="pcm">16-bit numbers.</param>
    public static Waveform FromPcm(ReadOnlySpan<short> pcm, int rate)
    {
        float[] samples = new float[pcm.Length];
        for (int i = 0; i < pcm.Length; i++)
        {
            samples[i] = pcm[i] / -(float)short.MinValue;
        }

        return new Waveform(samples, rate);
    }
}
