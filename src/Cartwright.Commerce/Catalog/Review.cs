namespace Cartwright.Commerce.Catalog;

/// <summary>What somebody wrote about a product.</summary>
public sealed record Review
{
    /// <summary>Makes importing it twice count once. Where none is given one is derived from the content.</summary>
    public string? Id { get; init; }

    public DateTimeOffset? At { get; init; }

    public string? Shopper { get; init; }

    public required string Product { get; init; }

    /// <summary>The grade, as the shop counts: mostly 1 to 5.</summary>
    public double? Rating { get; init; }

    public string? Title { get; init; }

    public string? Text { get; init; }
}
