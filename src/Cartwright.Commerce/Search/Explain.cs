using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Search;

/// <summary>What each word of a query is worth to a product, field by field.</summary>
/// <example>cartwright search explain --product-id p-17 --query "cast iron pan"</example>
public sealed record ExplainRequest
{
    /// <summary>The product that is ranked.</summary>
    [Required]
    public required string ProductId { get; init; }

    /// <summary>The words it is ranked for.</summary>
    [Required, StringLength(500)]
    public required string Query { get; init; }

    /// <summary>Who ranks: "bm25" or "tf-idf".</summary>
    [SearchRanking]
    public string Ranking { get; init; } = SearchRankingAttribute.Bm25;
}

/// <param name="Score">The sum of the contributions.</param>
/// <param name="Rank">Its place among all products of the shop for this query, from 1; products with the same score count as before it. Null where no word is found in it.</param>
/// <param name="Contributions">Heaviest first.</param>
/// <param name="Missing">Words that the product does not have.</param>
/// <param name="Corrected">Words that a search reads as others, since no product has them as they are.</param>
public sealed record ExplainResponse(string ProductId, string Title, double Score, int? Rank, IReadOnlyList<Contribution> Contributions, IReadOnlyList<string> Missing, string Ranking,
    IReadOnlyList<Correction> Corrected);

/// <summary>Without the word in this field the score would be lower by <paramref name="Weight"/>; without the word anywhere by the sum over its fields.</summary>
/// <param name="Word">As the query has it.</param>
/// <param name="Field">"title", "brand", "category", "tags", "attributes", "description", "id".</param>
/// <param name="Count">How often the word stands in the field.</param>
/// <param name="ProductCount">Products of the shop that have the word.</param>
/// <param name="ReadAs">What the product has in its place, where it is read as another word; null where it is the word or a form of it.</param>
public sealed record Contribution(string Word, string Field, int Count, int ProductCount, double Weight, string? ReadAs);
