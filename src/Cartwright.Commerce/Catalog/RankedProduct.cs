namespace Cartwright.Commerce.Catalog;

/// <summary>A product in an answer that ranks.</summary>
/// <param name="Price">List price in <see cref="Currency"/>; null where it is not known.</param>
/// <param name="Score">Higher is better; comparable inside one answer only.</param>
public sealed record RankedProduct(string ProductId, string Title, decimal? Price, double Score)
{
    /// <summary>ISO 4217 code of the price.</summary>
    public required string Currency { get; init; }

    /// <summary>The chance with which it was drawn for its place, given what stands above; null where its place was not left to chance.</summary>
    public double? Propensity { get; init; }

    /// <summary>Chance that the shopper clicks it when looking at it, as the pipeline's ranker sees it; null where none reordered the list.</summary>
    public double? ClickChance { get; init; }

    /// <summary>Filled where the request said <c>explain</c>.</summary>
    public IReadOnlyList<Reason>? Reasons { get; init; }

    /// <summary>What every stage added to the score, where the request said <c>explain</c>: models, ranker, rules, diversity.</summary>
    public IReadOnlyList<StageChange>? Stages { get; init; }
}
