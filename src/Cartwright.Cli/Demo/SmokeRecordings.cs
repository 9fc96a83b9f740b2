using System.Globalization;

namespace Cartwright.Cli.Demo;

/// <summary>Recordings of two tones, named by an index, for the verbs that hear.</summary>
internal static class SmokeRecordings
{
    private const int Rate = 8_000;
    private const int Count = 36;

    /// <returns>What to type so that they are heard.</returns>
    public static string[] Write(string folder)
    {
        string recordings = Directory.CreateDirectory(Path.Combine(folder, "recordings")).FullName;
        var index = new List<string> { "file,tone,split" };
        for (int i = 0; i < Count; i++)
        {
            string file = string.Create(CultureInfo.InvariantCulture, $"{i}.wav");
            WriteTone(Path.Combine(recordings, file), i % 2 == 0 ? 300 : 900, Rate / 5);
            index.Add($"{file},{(i % 2 == 0 ? "low" : "high")},{(i % 9 == 0 ? "test" : "train")}");
        }

        string path = Path.Combine(folder, "recordings.csv");
        File.WriteAllLines(path, index);
        return ["--recordings", recordings, "--index", path];
    }

    /// <returns>A WAV file of one tone, in base64.</returns>
    public static string ToneText(string folder)
    {
        string path = Path.Combine(folder, "tone.wav");
        WriteTone(path, hertz: 440, Rate / 5);
        return Convert.ToBase64String(File.ReadAllBytes(path));
    }

    /// <summary>Writes PCM of 16 bits.</summary>
    private static void WriteTone(string path, double hertz, int samples)
    {
        const int HeaderBytes = 36;
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write("RIFF"u8);
        writer.Write(HeaderBytes + (samples * sizeof(short)));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(Rate);
        writer.Write(Rate * sizeof(short));
        writer.Write((short)sizeof(short));
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(samples * sizeof(short));
        for (int i = 0; i < samples; i++)
        {
            writer.Write((short)(8_000 * Math.Sin(2 * Math.PI * hertz * i / Rate)));
        }
    }
}
