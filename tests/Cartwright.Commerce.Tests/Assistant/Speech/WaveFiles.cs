using System.Buffers.Binary;
using System.Text;

namespace Cartwright.Commerce.Tests.Assistant.Speech;

/// <summary>WAV files made byte by byte, and sounds to put into them.</summary>
internal static class WaveFiles
{
    public static byte[] Make(int coding, int bits, int channels, int rate, ReadOnlySpan<byte> data, int? saidLength = null)
    {
        var file = new MemoryStream();
        using var writer = new BinaryWriter(file, Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write(36 + data.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)coding);
        writer.Write((short)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((short)(channels * bits / 8));
        writer.Write((short)bits);
        writer.Write("data"u8);
        writer.Write(saidLength ?? data.Length);
        writer.Write(data);
        writer.Flush();
        return file.ToArray();
    }

    public static byte[] Pcm(float[] samples, int rate = 16_000)
    {
        byte[] data = new byte[2 * samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(2 * i), (short)Math.Clamp(samples[i] * 32_767, -32_768, 32_767));
        }

        return Make(1, 16, 1, rate, data);
    }

    /// <summary>A tone with a soft beginning and end, and a little noise under it.</summary>
    public static float[] Tone(double hertz, double seconds, Random random, int rate = 16_000)
    {
        float[] samples = new float[(int)(seconds * rate)];
        for (int i = 0; i < samples.Length; i++)
        {
            double share = i / (double)samples.Length;
            samples[i] = (float)((0.4 * Math.Sin(Math.PI * share) * Math.Sin(2 * Math.PI * hertz * i / rate)) + (0.002 * (random.NextDouble() - 0.5)));
        }

        return samples;
    }
}
