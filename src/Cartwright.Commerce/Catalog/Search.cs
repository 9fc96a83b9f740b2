namespace Cartwright.Commerce.Catalog;

/// <summary>A search as it was answered: what was shown and what was clicked.</summary>
public sealed record Search
{
    /// <summary>Makes importing it twice count once. Where none is given one is derived from the content.</summary>
    public string? Id { get; init; }

    public DateTimeOffset? At { get; init; }

    public string? Session { get; init; }

    public string? Shopper { get; init; }

    public required string Query { get; init; }

    /// <summary>Product ids in the order they were shown. Such ids hold no space.</summary>
    public IReadOnlyList<string> Shown { get; init; } = [];

    /// <summary>Places in <see cref="Shown"/> that were clicked, from 1, in the order of the clicks.</summary>
    public IReadOnlyList<int> Clicked { get; init; } = [];
}
