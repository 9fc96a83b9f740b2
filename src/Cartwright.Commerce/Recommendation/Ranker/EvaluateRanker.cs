using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Measures a ranker of candidates on what was shown after it learned: chances of clicks beside plain ones, its order beside the generators' own.</summary>
/// <remarks>Generators learn from the first half of the time, the ranker from most of the rest, and the last tenth of the pages judges.</remarks>
/// <example>cartwright recommendation evaluate-ranker --data ./shop-folder --generators item-knn,als --json</example>
public sealed record EvaluateRankerRequest
{
    /// <summary>Shop folder to read into memory; the shop's own data where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Models that generate candidates, by name; those of a blend where none is given.</summary>
    [ItemCount(0, 20)]
    public IReadOnlyList<string> Generators { get; init; } = [];

    /// <summary>Same seed and same data give the same figures.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Passes over the data, at most, of the ranker and of each generator.</summary>
    [Range(1, 10_000)]
    public int? Epochs { get; init; }
}
