using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Learns to write down what shoppers say: from the catalog's phrases, spoken by the system's voices with noise, rooms and other speeds, and from recordings where there are some.</summary>
/// <example>cartwright assistant train-voice</example>
public sealed record TrainVoiceRequest
{
    /// <summary>Recordings to learn from as well: WAV files in a folder or a zip.</summary>
    [PathField]
    public string? Recordings { get; init; }

    /// <summary>A CSV that names them: the column file, and text (word for word) or a column of labels, as the digits 0 to 9.</summary>
    [PathField]
    public string? Index { get; init; }

    /// <summary>Sentences as the shop's people say them, one a line, beside those made of the catalog.</summary>
    [PathField]
    public string? Phrases { get; init; }

    /// <summary>Sentences that the voices speak; more of them make it hear better and train longer.</summary>
    [Range(20, 20_000)]
    public int Spoken { get; init; } = 800;

    /// <summary>Passes over what was spoken.</summary>
    [Range(1, 1_000)]
    public int Epochs { get; init; } = 24;

    /// <summary>Same seed and same catalog give the same model, bit for bit.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Puts the new version into service even where it does not beat the one that is there.</summary>
    public bool Activate { get; init; }
}

/// <param name="Version">The new version.</param>
/// <param name="IsActive">Whether it is in service now.</param>
/// <param name="Summary">What was found, in a sentence or two.</param>
/// <param name="Phrases">Sentences of the shop that the language models know.</param>
/// <param name="Spoken">Of them, those that were spoken and learned from.</param>
/// <param name="Recordings">Recordings that were learned from beside them.</param>
/// <param name="Estimates">On sentences kept aside, spoken with noise by a voice that was not learned from, by engine and metric: "ctc wordErrorRate".</param>
public sealed record TrainVoiceResponse(string Version, bool IsActive, string Summary, int Phrases, int Spoken, int Recordings, IReadOnlyDictionary<string, MetricEstimate> Estimates, double TrainSeconds);

/// <summary>Which model of voices is in service, and which versions are kept.</summary>
/// <example>cartwright assistant voice-status</example>
public sealed record VoiceStatusRequest;

/// <summary>Puts a kept version of the model of voices into service: by hand, or to go back.</summary>
/// <example>cartwright assistant activate-voice --version 20260102-030405-ctc</example>
public sealed record ActivateVoiceRequest
{
    /// <summary>The version, as <c>voice-status</c> lists it.</summary>
    [Required]
    public required string Version { get; init; }
}
