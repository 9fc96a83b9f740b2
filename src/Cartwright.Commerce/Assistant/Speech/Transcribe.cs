using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Writes down what is said in a recording.</summary>
/// <example>cartwright assistant transcribe ./question.wav</example>
public sealed record TranscribeRequest
{
    /// <summary>Longest recording that a request may carry, in base64: some 4 MB of file, two minutes of speech.</summary>
    public const int MostCharacters = 5_600_000;

    /// <summary>A WAV file on this machine.</summary>
    [PathField(IsPositional = true)]
    public string? Path { get; init; }

    /// <summary>The WAV file itself in base64: PCM, µ-law or A-law, at most two minutes. What stands before a comma is left away, as in a data URL.</summary>
    [StringLength(MostCharacters)]
    public string? Sound { get; init; }

    /// <summary>"ctc", the shop's own network, "pocketsphinx", the decoder of the system, or "best": the one that made fewer errors when it was judged.</summary>
    [HearingEngine]
    public string Engine { get; init; } = ServedVoice.BestEngine;
}

/// <param name="Text">What was heard, in small letters; empty where nothing was.</param>
/// <param name="Confidence">From 0 to 1: the mean over the words; 0 where nothing was heard.</param>
/// <param name="Words">In their order.</param>
/// <param name="Seconds">How long the recording is.</param>
/// <param name="Engine">Which one heard: "ctc" or "pocketsphinx".</param>
/// <param name="Version">The model version that answered; null where none is trained and the decoder heard with the catalog's phrases.</param>
public sealed record TranscribeResponse(string Text, double Confidence, IReadOnlyList<HeardWord> Words, double Seconds, string Engine, string? Version);

/// <summary>The name of an engine that hears, or "best".</summary>
internal sealed class HearingEngineAttribute() : OneOfAttribute("engine")
{
    protected override IReadOnlyCollection<string> Allowed => [ServedVoice.BestEngine, VoiceEvaluation.Letters, VoiceEvaluation.Decoder];
}
