using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What happens between a model's scores and the list that is shown, as data: weights, ranker, diversity, merchandising rules.</summary>
/// <remarks>Whatever it says, a product that is not listed or has no stock (where the request asks for stock) never comes into a list.</remarks>
public sealed record RecommendationPipeline
{
    /// <summary>What a blend's models weigh, by name, in place of what was learned; a model that is not named keeps its weight.</summary>
    [ItemCount(0, 20)]
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Version of the ranker that puts the first candidates into a new order, as <c>rankers</c> lists it; none where it is null.</summary>
    public string? Ranker { get; init; }

    /// <summary>How much a product that is like those above it is put back: 0 by score alone, 1 by difference alone.</summary>
    [Range(0.0, 1.0)]
    public double Diversity { get; init; }

    /// <summary>Products of one category in a list, at most, while others are there; no limit where it is null.</summary>
    [Range(1, 100)]
    public int? CategoryCap { get; init; }

    /// <summary>Leaves some places to chance, so that other lists can be valued by what came of it; nothing is where it is null.</summary>
    public Exploration? Exploration { get; init; }

    /// <summary>What the merchant wants to see, applied in this order.</summary>
    [ItemCount(0, 200)]
    public IReadOnlyList<MerchandisingRule> Rules { get; init; } = [];

    /// <summary>True where it changes nothing: lists are the model's own order.</summary>
    [JsonIgnore]
    public bool IsEmpty => this is { Weights.Count: 0, Ranker: null, Diversity: 0, CategoryCap: null, Exploration: null, Rules.Count: 0 };
}

/// <summary>What a rule does with the products that it is about.</summary>
public enum MerchandisingAction
{
    /// <summary>Puts them at <see cref="MerchandisingRule.Place"/>.</summary>
    Pin,

    /// <summary>Lifts their scores by <see cref="MerchandisingRule.Strength"/>.</summary>
    Boost,

    /// <summary>Lowers their scores by <see cref="MerchandisingRule.Strength"/>.</summary>
    Bury,

    /// <summary>Never shows them.</summary>
    Hide,
}

/// <summary>What a merchant wants done with some products, always or in a window of time.</summary>
public sealed record MerchandisingRule
{
    /// <summary>Its own name: "summer-sale".</summary>
    [Required, StringLength(100)]
    public required string Id { get; init; }

    public required MerchandisingAction Action { get; init; }

    /// <summary>Products by id; any product where none is named.</summary>
    [ItemCount(0, 200)]
    public IReadOnlyList<string> ProductIds { get; init; } = [];

    /// <summary>This category and all below it.</summary>
    public string? Category { get; init; }

    public string? Brand { get; init; }

    public string? Tag { get; init; }

    /// <summary>Attributes that all must have the value: { "color": "red" }.</summary>
    [ItemCount(0, 20)]
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Boost and bury: by how many standard deviations of all scores.</summary>
    [Range(0.0, 100.0)]
    public double Strength { get; init; } = 1;

    /// <summary>Pin: the place in the list, from 1. Several products stand one after the other from there.</summary>
    [Range(1, 100)]
    public int Place { get; init; } = 1;

    /// <summary>From when on it holds; always where it is null.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Until when it holds, that moment not among it.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>False keeps the rule and lets it rest.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Which products it is about, in words: "brand Nordica, color red".</summary>
    [JsonIgnore]
    public string About => string.Join(", ",
    [
        .. ProductIds.Count > 3 ? [$"{ProductIds.Count} products"] : ProductIds,
        .. Category is null ? [] : (string[])[$"category {Category}"], .. Brand is null ? [] : (string[])[$"brand {Brand}"], .. Tag is null ? [] : (string[])[$"tag {Tag}"],
        .. Attributes.Select(attribute => $"{attribute.Key} {attribute.Value}"),
    ]);

    internal bool HoldsAt(DateTimeOffset now) => Enabled && (From is null || now >= From) && (Until is null || now < Until);
}
