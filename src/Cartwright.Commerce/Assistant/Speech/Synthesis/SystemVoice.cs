using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using System.Text;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>The voices of the system: Flite, where it is installed. English only.</summary>
/// <remarks>Black and Lenzo, "Flite: A Small Fast Run-Time Synthesis Engine", 2001. Called straight from C#, one sentence at a time: the library shares tables.</remarks>
internal static unsafe class SystemVoice
{
    private const string Library = "libflite.so.1";
    private const int FeaturesOfVoice = 8;                       // offset of cst_voice.features, behind the name
    private const int MostCharacters = 2_000;

    private static readonly nint Flite = NativeLibrary.TryLoad(Library, out nint loaded) ? loaded : 0;
    private static readonly Lock Speaking = new();
    private static readonly Dictionary<string, nint> Voices = new(StringComparer.Ordinal);

    /// <summary>"slt" is a woman, the others are men; "awb" is from Scotland, "kal" is the smallest.</summary>
    public static IReadOnlyList<string> Names { get; } = ["slt", "rms", "awb", "kal"];

    public static bool IsInstalled => Flite != 0;

    public static string Missing => $"{Library} is not installed. On Debian: apt-get install libflite1.";

    /// <param name="voice">One of <see cref="Names"/>.</param>
    /// <param name="stretch">Of the durations: 2 is half as fast.</param>
    /// <param name="pitch">Mean pitch in hertz; null leaves the voice's own.</param>
    /// <exception cref="ValidationException">There is no such voice on this machine.</exception>
    public static Waveform Speak(string text, string voice, float stretch = 1, float? pitch = null)
    {
        lock (Speaking)
        {
            nint handle = VoiceOf(voice);
            nint features = *(nint*)(handle + FeaturesOfVoice);
            Set(features, "duration_stretch", stretch);
            if (pitch is { } hertz)
            {
                Set(features, "int_f0_target_mean", hertz);
            }

            fixed (byte* words = Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, MostCharacters)] + '\0'))
            {
                FliteWave* wave = ((delegate* unmanaged<byte*, nint, FliteWave*>)NativeLibrary.GetExport(Flite, "flite_text_to_wave"))(words, handle);
                if (wave is null)
                {
                    throw new InvalidOperationException("The voice could not speak the text.");
                }

                try
                {
                    return Waveform.FromPcm(new ReadOnlySpan<short>(wave->Samples, wave->Count), wave->Rate);
                }
                finally
                {
                    ((delegate* unmanaged<FliteWave*, void>)NativeLibrary.GetExport(Flite, "delete_wave"))(wave);
                }
            }
        }
    }

    private static void Set(nint features, string name, float value)
    {
        fixed (byte* text = NameBytes(name))
        {
            ((delegate* unmanaged<nint, byte*, float, void>)NativeLibrary.GetExport(Flite, "flite_feat_set_float"))(features, text, value);
        }
    }

    // The library keeps the pointer to the name, so it must never move or go.
    private static ReadOnlySpan<byte> NameBytes(string name) => name == "duration_stretch" ? "duration_stretch\0"u8 : "int_f0_target_mean\0"u8;

    private static nint VoiceOf(string name)
    {
        if (!IsInstalled)
        {
            throw new ValidationException($"Nothing can be spoken here: {Missing}");
        }

        if (!Voices.TryGetValue(name, out nint voice))
        {
            ((delegate* unmanaged<int>)NativeLibrary.GetExport(Flite, "flite_init"))();
            if (!NativeLibrary.TryLoad($"libflite_cmu_us_{name}.so.1", out nint library))
            {
                throw new ValidationException($"The voice '{name}' is not installed. On Debian: apt-get install libflite1.");
            }

            Voices[name] = voice = ((delegate* unmanaged<nint, nint>)NativeLibrary.GetExport(library, $"register_cmu_us_{name}"))(0);
        }

        return voice;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FliteWave
    {
        public nint Type;
        public int Rate;
        public int Count;
        public int Channels;
        public short* Samples;
    }
}
