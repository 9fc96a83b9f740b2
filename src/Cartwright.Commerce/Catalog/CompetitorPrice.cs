namespace Cartwright.Commerce.Catalog;

/// <summary>What a competitor asked for a product at a moment.</summary>
public sealed record CompetitorPrice
{
    public required DateTimeOffset At { get; init; }

    public required string Product { get; init; }

    public required string Competitor { get; init; }

    /// <summary>Price of one unit, in the shop's currency, 0 or more.</summary>
    public required decimal Price { get; init; }
}
