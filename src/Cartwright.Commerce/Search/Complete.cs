using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Search;

/// <summary>How what is being typed may go on.</summary>
/// <example>cartwright search complete "cast ir" --count 5</example>
public sealed record CompleteRequest
{
    /// <summary>What is typed so far; the last word may be a beginning. At least one letter.</summary>
    [Required, StringLength(200)]
    public required string Prefix { get; init; }

    /// <summary>Completions in the answer, at most.</summary>
    [Range(1, 100)]
    public int Count { get; init; } = 8;
}

/// <param name="Results">The one with most products first.</param>
public sealed record CompleteResponse(IReadOnlyList<Completion> Results);

/// <param name="Text">The whole query: what was typed, its last word complete.</param>
/// <param name="ProductCount">Products that a search for it finds.</param>
public sealed record Completion(string Text, int ProductCount);
