using System.Numerics.Tensors;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>What networks hear of a sound: the logarithm of the energy in mel bands, a row for every hundredth of a second.</summary>
/// <remarks>
/// Davis and Mermelstein, "Comparison of Parametric Representations for Monosyllabic Word Recognition", 1980, without the cosine transform: windows of
/// 25 ms under a Hann window, 10 ms apart. Each band is brought to mean 0 and deviation 1 over the recording, so that loudness and microphone count for little.
/// </remarks>
internal static class LogMel
{
    public const int BandCount = 40;

    /// <summary>Samples from one row to the next.</summary>
    public const int Hop = Waveform.SpeechRate / 100;

    private const int Window = Waveform.SpeechRate / 40;
    private const int TransformSize = 512;
    private const double Lowest = 60;
    private const double Highest = 7_600;
    private const float Quiet = 1e-7f;                           // far below a quiet room; keeps silence from minus infinity
    private const float LeastDeviation = 0.1f;

    private static readonly float[] Hann = [.. Enumerable.Range(0, Window).Select(i => (float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * i / (Window - 1)))))];
    private static readonly FourierTransform Transform = new(TransformSize);
    private static readonly MelFilterBank Bank = new(BandCount, TransformSize, Waveform.SpeechRate, Lowest, Highest);

    /// <param name="samples">At <see cref="Waveform.SpeechRate"/>.</param>
    /// <returns>[rows, <see cref="BandCount"/>], normalized; one row at least.</returns>
    public static float[] Rows(ReadOnlySpan<float> samples)
    {
        float[] rows = Energies(samples);
        Normalize(rows);
        return rows;
    }

    /// <returns><see cref="Rows"/> of each recording.</returns>
    /// <param name="sounds">At <see cref="Waveform.SpeechRate"/>.</param>
    public static float[][] OfAll(IReadOnlyList<Waveform> sounds)
    {
        var rows = new float[sounds.Count][];
        Parallel.For(0, sounds.Count, i => rows[i] = Rows(sounds[i].Samples));
        return rows;
    }

    /// <returns>ln of the energies, as they are: [rows, <see cref="BandCount"/>].</returns>
    public static float[] Energies(ReadOnlySpan<float> samples)
    {
        int count = Math.Max(1, 1 + ((samples.Length - Window) / Hop));
        float[] rows = new float[count * BandCount];
        Span<float> windows = stackalloc float[2 * TransformSize];
        Span<float> powers = stackalloc float[TransformSize + 2];
        int bins = (TransformSize / 2) + 1;
        for (int i = 0; i < count; i += 2)
        {
            windows.Clear();
            Take(samples, i, windows);
            if (i + 1 < count)
            {
                Take(samples, i + 1, windows[TransformSize..]);
            }

            Transform.Powers(windows[..TransformSize], windows[TransformSize..], powers[..bins], powers[bins..]);
            Bank.Apply(powers[..bins], rows.AsSpan(i * BandCount, BandCount));
            if (i + 1 < count)
            {
                Bank.Apply(powers[bins..], rows.AsSpan((i + 1) * BandCount, BandCount));
            }
        }

        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = MathF.Log(rows[i] + Quiet);
        }

        return rows;
    }

    private static void Take(ReadOnlySpan<float> samples, int row, Span<float> window)
    {
        int start = row * Hop;
        int length = Math.Clamp(samples.Length - start, 0, Window);
        TensorPrimitives.Multiply(samples.Slice(Math.Min(start, samples.Length), length), Hann.AsSpan(0, length), window[..length]);
    }

    private static void Normalize(float[] rows)
    {
        int count = rows.Length / BandCount;
        for (int band = 0; band < BandCount; band++)
        {
            (double sum, double squares) = (0, 0);
            for (int i = band; i < rows.Length; i += BandCount)
            {
                sum += rows[i];
                squares += (double)rows[i] * rows[i];
            }

            double mean = sum / count;
            float deviation = MathF.Max(LeastDeviation, (float)Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean))));
            for (int i = band; i < rows.Length; i += BandCount)
            {
                rows[i] = (rows[i] - (float)mean) / deviation;
            }
        }
    }
}
