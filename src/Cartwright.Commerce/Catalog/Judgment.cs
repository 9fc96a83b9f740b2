namespace Cartwright.Commerce.Catalog;

/// <summary>How well a product answers a query, as somebody judged it.</summary>
public sealed record Judgment
{
    public required string Query { get; init; }

    public required string Product { get; init; }

    /// <summary>Higher is better; the scale is the data's own.</summary>
    public required double Grade { get; init; }
}
