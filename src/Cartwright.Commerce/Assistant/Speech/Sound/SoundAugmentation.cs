using System.Numerics.Tensors;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Changes a recording each time it is learned from, as other speakers, rooms and microphones would.</summary>
/// <remarks>
/// Speed as Ko et al., "Audio Augmentation for Speech Recognition", Interspeech 2015; hidden bands and times as Park et al., "SpecAugment",
/// Interspeech 2019; the room as noise that dies away exponentially, the simplest model of a reverberation.
/// </remarks>
internal sealed record SoundAugmentation
{
    /// <summary>Slowest and fastest, as shares of the speed; voices go up and down with it.</summary>
    public float LeastSpeed { get; init; } = 0.88f;

    public float MostSpeed { get; init; } = 1.14f;

    /// <summary>Share of the recordings that noise is added to.</summary>
    public float NoiseShare { get; init; } = 0.6f;

    /// <summary>Share of the recordings that are put into a room.</summary>
    public float RoomShare { get; init; } = 0.3f;

    /// <summary>Bands hidden at once, at most, and how often.</summary>
    public int HiddenBands { get; init; } = 8;

    public int HiddenBandRuns { get; init; } = 2;

    /// <summary>Share of the rows hidden at once, at most.</summary>
    public float HiddenTime { get; init; } = 0.08f;

    public int HiddenTimeRuns { get; init; } = 2;

    /// <returns>Normalized rows: [rows, bands].</returns>
    public float[] Apply(float[] samples, Random random)
    {
        float[] rows = LogMel.Rows(Change(samples, random));
        Hide(rows, random);
        return rows;
    }

    /// <summary>Another speed, a room and noise.</summary>
    public float[] Change(float[] samples, Random random)
    {
        const int Hundred = 100;
        int speed = random.Next((int)(LeastSpeed * Hundred), (int)(MostSpeed * Hundred) + 1);
        float[] changed = Resampler.Resample(samples, speed, Hundred);
        changed = ReferenceEquals(changed, samples) ? [.. samples] : changed;
        if (random.NextSingle() < RoomShare)
        {
            AddRoom(changed, random);
        }

        if (random.NextSingle() < NoiseShare)
        {
            AddNoise(changed, random);
        }

        return changed;
    }

    /// <summary>Noise from white to that of traffic (each sample a share of the one before), 5 to 30 dB below the speech.</summary>
    private static void AddNoise(float[] samples, Random random)
    {
        double power = Power(samples);
        float level = (float)Math.Sqrt(power * Math.Pow(10, -(5 + (25 * random.NextDouble())) / 10));
        float memory = 0.95f * random.NextSingle();
        float scale = level * MathF.Sqrt(1 - (memory * memory)) * MathF.Sqrt(3);
        float noise = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            noise = (memory * noise) + (scale * ((2 * random.NextSingle()) - 1));
            samples[i] += noise;
        }
    }

    /// <summary>A few dozen echoes over a fifth of a second, each weaker than the one before.</summary>
    private static void AddRoom(float[] samples, Random random)
    {
        const int Echoes = 24;
        const int Longest = Waveform.SpeechRate / 5;
        float[] dry = [.. samples];
        double decay = 0.02 + (0.06 * random.NextDouble());      // seconds until an echo has lost two thirds
        float wet = 0.1f + (0.35f * random.NextSingle());
        for (int echo = 0; echo < Echoes; echo++)
        {
            int delay = random.Next(Waveform.SpeechRate / 500, Longest);
            float share = wet * (float)Math.Exp(-delay / (decay * Waveform.SpeechRate)) * ((2 * random.NextSingle()) - 1);
            if (delay < samples.Length)
            {
                Span<float> later = samples.AsSpan(delay);
                TensorPrimitives.MultiplyAdd(dry.AsSpan(0, later.Length), share, later, later);
            }
        }
    }

    private static double Power(float[] samples)
    {
        return TensorPrimitives.SumOfSquares<float>(samples) / (double)Math.Max(1, samples.Length);
    }

    private void Hide(float[] rows, Random random)
    {
        int count = rows.Length / LogMel.BandCount;
        for (int run = 0; run < HiddenBandRuns; run++)
        {
            int width = random.Next(HiddenBands + 1);
            int start = random.Next(LogMel.BandCount - width + 1);
            for (int row = 0; row < count; row++)
            {
                rows.AsSpan((row * LogMel.BandCount) + start, width).Clear();
            }
        }

        for (int run = 0; run < HiddenTimeRuns; run++)
        {
            int length = random.Next((int)(HiddenTime * count) + 1);
            int start = random.Next(count - length + 1);
            rows.AsSpan(start * LogMel.BandCount, length * LogMel.BandCount).Clear();
        }
    }
}
