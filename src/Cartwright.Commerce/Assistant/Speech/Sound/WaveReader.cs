using System.Buffers.Binary;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Reads WAV files: PCM of 8, 16, 24 and 32 bits, 32-bit floats, and the µ-law and A-law of telephones; channels are averaged.</summary>
/// <remarks>
/// RIFF chunks as in "Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft, 1991); the laws as in ITU-T G.711. A file
/// that says it is longer than it is, as one that was cut off or streamed, is read to its end.
/// </remarks>
internal static class WaveReader
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const int MostBytes = 20_000_000;

    /// <summary>Longest recording that is read; a longer one is refused before it is decoded.</summary>
    public const int MostSeconds = 120;

    private const int ChunkHeader = 8;
    private const int RiffHeader = 12;
    private const int LeastFormat = 16;
    private const int ExtensibleFormat = 26;                    // where the format proper begins behind the header of an extensible one
    private const int LeastRate = 4_000;
    private const int MostRate = 192_000;
    private const int MostChannels = 8;

    private enum Coding
    {
        Pcm = 1,
        Float = 3,
        ALaw = 6,
        MuLaw = 7,
        Extensible = 0xFFFE,
    }

    /// <exception cref="ImportFormatException">The file is missing, too large, or no WAV file that can be read.</exception>
    public static Waveform ReadFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new ImportFormatException(path, null, Directory.Exists(path) ? "this is a folder; name a WAV file." : "there is no such file.");
        }

        if (new FileInfo(path).Length > MostBytes)
        {
            throw TooLarge(path);
        }

        return Read(File.ReadAllBytes(path), path);
    }

    /// <param name="name">For errors.</param>
    /// <exception cref="ImportFormatException">It is no WAV file, of a kind that is not read, too long, or without sound.</exception>
    public static Waveform Read(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length > MostBytes)
        {
            throw TooLarge(name);
        }

        if (bytes.Length < RiffHeader || !bytes.StartsWith("RIFF"u8) || !bytes[8..].StartsWith("WAVE"u8))
        {
            throw new ImportFormatException(name, null, "this is no WAV file: it does not begin with RIFF and WAVE. Save the recording as WAV, PCM of 16 bits.");
        }

        ReadOnlySpan<byte> format = [];
        for (int at = RiffHeader; at + ChunkHeader <= bytes.Length;)
        {
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            int length = (int)Math.Min(size, (uint)(bytes.Length - at - ChunkHeader));
            ReadOnlySpan<byte> chunk = bytes.Slice(at + ChunkHeader, length);
            if (bytes[at..].StartsWith("fmt "u8))
            {
                format = chunk;
            }
            else if (bytes[at..].StartsWith("data"u8))
            {
                return Decode(format, chunk, name);
            }

            at += ChunkHeader + length + (length & 1);          // chunks begin at even places
        }

        throw new ImportFormatException(name, null, "the WAV file has no sound in it: there is no chunk \"data\".");
    }

    private static Waveform Decode(ReadOnlySpan<byte> format, ReadOnlySpan<byte> data, string name)
    {
        if (format.Length < LeastFormat)
        {
            throw new ImportFormatException(name, null, "the WAV file does not say how its sound is written: the chunk \"fmt \" is missing before \"data\", or cut off.");
        }

        var coding = (Coding)BinaryPrimitives.ReadUInt16LittleEndian(format);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        long rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (coding == Coding.Extensible && format.Length >= ExtensibleFormat)
        {
            coding = (Coding)BinaryPrimitives.ReadUInt16LittleEndian(format[(ExtensibleFormat - 2)..]);
        }

        bool isKnown = (coding, bits) is (Coding.Pcm, 8 or 16 or 24 or 32) or (Coding.Float, 32) or (Coding.ALaw or Coding.MuLaw, 8);
        if (!isKnown || channels is < 1 or > MostChannels || rate is < LeastRate or > MostRate)
        {
            throw new ImportFormatException(name, null, $"the WAV file has {channels} channels of {bits} bits in coding {(int)coding} at {rate} samples a second. "
                + $"Read are PCM of 8, 16, 24 and 32 bits, floats of 32, µ-law and A-law, 1 to {MostChannels} channels, {LeastRate} to {MostRate} samples a second.");
        }

        int frame = channels * bits / 8;
        int count = data.Length / frame;
        if (count == 0 || count > rate * MostSeconds)
        {
            throw new ImportFormatException(name, null, count == 0 ? "the WAV file has no sound in it." : $"the recording lasts {count / rate} seconds; at most {MostSeconds} are taken. Cut it.");
        }

        float[] samples = new float[count];
        for (int i = 0; i < count; i++)
        {
            float sum = 0;
            for (int channel = 0; channel < channels; channel++)
            {
                sum += Sample(data[((i * frame) + (channel * bits / 8))..], coding, bits);
            }

            samples[i] = sum / channels;
        }

        return new Waveform(samples, (int)rate);
    }

    private static float Sample(ReadOnlySpan<byte> at, Coding coding, int bits) => coding switch
    {
        Coding.ALaw => ALaw(at[0]) / 32_768f,
        Coding.MuLaw => MuLaw(at[0]) / 32_768f,
        Coding.Float => BinaryPrimitives.ReadSingleLittleEndian(at) is var x && float.IsFinite(x) ? Math.Clamp(x, -1, 1) : 0,
        _ => bits switch
        {
            8 => (at[0] - 128) / 128f,                           // the only one without a sign
            16 => BinaryPrimitives.ReadInt16LittleEndian(at) / 32_768f,
            24 => ((at[0] << 8) | (at[1] << 16) | (at[2] << 24)) / 2_147_483_648f,
            _ => BinaryPrimitives.ReadInt32LittleEndian(at) / 2_147_483_648f,
        },
    };

    /// <summary>G.711 µ-law: sign, three bits of exponent, four of mantissa, all turned over; 16 bits with the bias 132.</summary>
    internal static int MuLaw(byte code)
    {
        const int Bias = 132;
        int turned = ~code & 0xFF;
        int magnitude = ((((turned & 0xF) << 3) + Bias) << ((turned >> 4) & 7)) - Bias;
        return (turned & 0x80) != 0 ? -magnitude : magnitude;
    }

    /// <summary>G.711 A-law: every other bit turned over, sign, three bits of exponent, four of mantissa.</summary>
    internal static int ALaw(byte code)
    {
        int turned = code ^ 0x55;
        int exponent = (turned >> 4) & 7;
        int magnitude = ((turned & 0xF) << 4) + 8;
        magnitude = exponent == 0 ? magnitude : (magnitude + 0x100) << (exponent - 1);
        return (turned & 0x80) != 0 ? magnitude : -magnitude;
    }

    private static ImportFormatException TooLarge(string name) =>
        new(name, null, $"the file is larger than {MostBytes / 1_000_000} MB, the most that is read. Cut the recording.");
}
