using System.Buffers.Binary;
using Cartwright.Commerce.Assistant.Speech;
using Cartwright.Storage;

namespace Cartwright.Server.Tests.Dashboard;

/// <summary>A WAV file of a spoken sentence, with silence before it: a browser plays its fake microphone from when it is opened, and the line opens a little later, on a busy machine by seconds.</summary>
internal static class SpokenFile
{
    /// <summary>What a test may wait for the words of a short sentence, in milliseconds: the silence, the sentence and the quiet behind it take seven seconds on a machine that rests.</summary>
    public const float Patience = 30_000;

    private const int HeaderBytes = 44;
    private const int SilentBytes = 3 * VoiceListener.Rate * sizeof(short);   // three seconds

    public static async Task WriteAsync(Shop shop, string sentence, string path)
    {
        byte[] spoken = Convert.FromBase64String((await shop.AssistantVoice.SpeakAsync(new SpeakRequest { Text = sentence, Voice = "slt" })).Sound!);
        byte[] file = [.. spoken.AsSpan(0, HeaderBytes), .. new byte[SilentBytes], .. spoken.AsSpan(HeaderBytes)];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(HeaderBytes - 4), file.Length - HeaderBytes);
        await File.WriteAllBytesAsync(path, file);
    }
}
