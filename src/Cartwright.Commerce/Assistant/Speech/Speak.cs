using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Speaks a text with a voice of the system. English.</summary>
/// <example>cartwright assistant speak "The pan is in stock." --output ./answer.wav</example>
public sealed record SpeakRequest
{
    /// <summary>What to say.</summary>
    [Required]
    [StringLength(2_000)]
    public required string Text { get; init; }

    /// <summary>"slt" (a woman), "rms", "awb" or "kal" (men).</summary>
    [VoiceName]
    public string Voice { get; init; } = SystemVoice.Names[0];

    /// <summary>How fast: 1 as the voice speaks by itself, 2 twice as fast.</summary>
    [Range(0.5, 2.0)]
    public double Speed { get; init; } = 1;

    /// <summary>A WAV file to write in place of the sound in the answer.</summary>
    [PathField]
    public string? Output { get; init; }
}

/// <param name="Sound">The WAV file in base64; null where it was written to a file.</param>
/// <param name="Seconds">How long it lasts.</param>
/// <param name="Output">The file that was written.</param>
public sealed record SpeakResponse(string Voice, double Seconds, string? Sound, string? Output);

/// <summary>The name of a voice.</summary>
internal sealed class VoiceNameAttribute() : OneOfAttribute("voice")
{
    protected override IReadOnlyCollection<string> Allowed => [.. SystemVoice.Names];
}
