namespace Cartwright.Commerce.Catalog;

/// <summary>A sentence that somebody said or typed to a shop, with what was meant.</summary>
public sealed record Utterance
{
    public required string Text { get; init; }

    public required string Intent { get; init; }

    /// <summary>One tag for each space-separated token of <see cref="Text"/>, O outside; empty where nobody marked slots.</summary>
    public IReadOnlyList<string> Slots { get; init; } = [];

    /// <summary>train, valid, test, or null.</summary>
    public string? Split { get; init; }
}
