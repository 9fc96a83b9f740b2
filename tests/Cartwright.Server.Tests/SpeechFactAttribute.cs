using System.Runtime.InteropServices;

namespace Cartwright.Server.Tests;

/// <summary>What of the system's voice and decoder is missing; null where it both speaks and hears.</summary>
internal static class SystemSpeech
{
    private static readonly string[] Libraries = ["libflite.so.1", "libflite_cmu_us_slt.so.1", "libpocketsphinx.so.3"];

    public static string? Missing { get; } = Libraries.FirstOrDefault(library => !NativeLibrary.TryLoad(library, out _)) is { } library ? $"{library} is not installed."
        : !Directory.Exists("/usr/share/pocketsphinx/model/en-us") ? "PocketSphinx's model of English is not installed."
        : null;
}

/// <summary>Skipped, with a word, where the system neither speaks nor hears.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SpeechFactAttribute : FactAttribute
{
    public SpeechFactAttribute() => Skip = SystemSpeech.Missing;
}
