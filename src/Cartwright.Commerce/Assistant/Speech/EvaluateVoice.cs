using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant.Speech;

/// <summary>Measures how well recordings are understood: our network and the system's decoder, baselines beside them.</summary>
/// <example>cartwright assistant evaluate-voice --recordings ./orders.zip --index ./orders.csv --json</example>
public sealed record EvaluateVoiceRequest
{
    /// <summary>WAV files to learn from, and to test where no others are given: a folder, or a zip.</summary>
    [Required]
    [PathField]
    public required string Recordings { get; init; }

    /// <summary>A CSV that names them: the column file, and a column of labels or slots (a JSON object of texts). Its column split (train, valid, test) is the split; without one a fifth tests.</summary>
    [Required]
    [PathField]
    public required string Index { get; init; }

    /// <summary>Recordings never heard, all of them tested; nothing is learned or chosen from them.</summary>
    [PathField]
    public string? TestRecordings { get; init; }

    /// <summary>The CSV that names those.</summary>
    [PathField]
    public string? TestIndex { get; init; }

    /// <summary>Sentences as people say them, one a line, that the language models learn from as well.</summary>
    [PathField]
    public string? Phrases { get; init; }

    /// <summary>"slot-heads", "ctc", "pocketsphinx", or "all". The baselines always run.</summary>
    [VoiceModelName]
    public string Model { get; init; } = "all";

    /// <summary>Passes over the recordings; more for fewer of them where none is said.</summary>
    [Range(1, 1_000)]
    public int? Epochs { get; init; }

    /// <summary>Same seed and same recordings give the same figures.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>The name of an engine that understands recordings, or "all".</summary>
internal sealed class VoiceModelNameAttribute() : OneOfAttribute("engine")
{
    protected override IReadOnlyCollection<string> Allowed => ["all", .. VoiceEvaluation.Engines];
}
