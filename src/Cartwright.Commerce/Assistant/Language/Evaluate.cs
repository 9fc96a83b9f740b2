using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Assistant;

/// <summary>Measures how well sentences are understood, baselines beside the network. The shop stays as it is.</summary>
/// <example>cartwright assistant evaluate --data ./clinc150/shop --json</example>
public sealed record EvaluateRequest
{
    /// <summary>Utterances to learn from and to test: a shop folder with utterances.csv, or a file of that form. The shop's own where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Utterances never seen, all of them tested in place of the data's own test part; laid out in the same ways.</summary>
    [PathField]
    public string? Test { get; init; }

    /// <summary>Passes over the utterances; more for fewer utterances where none is said.</summary>
    [Range(1, 1_000)]
    public int? Epochs { get; init; }

    /// <summary>Same seed and same utterances give the same figures.</summary>
    public int Seed { get; init; } = 1;
}
