using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>Which products answer these words, best first.</summary>
/// <example>cartwright search search "cast iron pan" --facets brand,price --count 5</example>
public sealed record SearchRequest : ProductFilter
{
    /// <summary>Words as a shopper types them; all must be found, those in quotation marks together, and where no product has all of them the answer says which it left out. Empty: every product that the filters allow.</summary>
    [StringLength(500)]
    public required string Query { get; init; }

    /// <summary>Order of the answer: "relevance", "price" (cheapest first), "-price" (dearest first), "newest".</summary>
    [SearchSort]
    public string Sort { get; init; } = SearchSortAttribute.Relevance;

    /// <summary>What to count the found products by: "brand", "category", "price", or the name of an attribute.</summary>
    [ItemCount(0, 20)]
    public IReadOnlyList<string> Facets { get; init; } = [];

    /// <summary>Who ranks: "bm25", "tf-idf", "ranker"; where none is named the ranker in service, or bm25 where none is trained.</summary>
    [SearchRanking]
    public string? Ranking { get; init; }

    /// <summary>Adds the reasons of each product: what each word in each field is worth.</summary>
    public bool Explain { get; init; }

    /// <summary>Products to leave out at the beginning: the second page of ten has an offset of 10.</summary>
    [Range(0, 10_000)]
    public int Offset { get; init; }

    /// <summary>Takes the last word for a beginning: results while somebody types.</summary>
    public bool AsYouType { get; init; }

    /// <summary>Reads words that no product has as words they may have been meant to be.</summary>
    public bool Correct { get; init; } = true;
}

/// <param name="Results">In the order asked for.</param>
/// <param name="TotalCount">Products found, on all pages.</param>
/// <param name="Facets">In the order of the request.</param>
/// <param name="Corrected">What was read in place of which word.</param>
/// <param name="Relaxed">Words that were left out because no product has all of them.</param>
/// <param name="Ranking">Who ranked: "bm25", "tf-idf", "ranker".</param>
/// <param name="Version">Version of the ranker; null where words alone rank.</param>
public sealed record SearchResponse(
    IReadOnlyList<FoundProduct> Results,
    int TotalCount,
    IReadOnlyList<Facet> Facets,
    IReadOnlyList<Correction> Corrected,
    IReadOnlyList<string> Relaxed,
    string Ranking,
    string? Version);

/// <param name="Price">List price in <see cref="Currency"/>; null where it is not known.</param>
/// <param name="Score">Higher is better; comparable inside one answer only.</param>
public sealed record FoundProduct(string ProductId, string Title, decimal? Price, double Score)
{
    /// <summary>ISO 4217 code of the price.</summary>
    public required string Currency { get; init; }

    /// <summary>The title as HTML, escaped, with the words that were found in &lt;mark&gt;.</summary>
    public required string Highlight { get; init; }

    /// <summary>A few words of the description around what was found in it, as HTML like the title; null where nothing was.</summary>
    public string? Snippet { get; init; }

    /// <summary>Filled where the request said <c>explain</c>; their weights sum to the score. By the ranker they are its parts; of what stands behind those it put into order they are the words'.</summary>
    public IReadOnlyList<Reason>? Reasons { get; init; }
}

/// <summary>How the found products spread over the values of a field.</summary>
/// <param name="Name">"brand", "category", "price", or an attribute's name.</param>
/// <param name="Values">The most frequent ones, most frequent first; ranges of prices cheapest first.</param>
public sealed record Facet(string Name, IReadOnlyList<FacetValue> Values);

/// <param name="Value">A filter takes it as it is; of prices in words: "20 to 50".</param>
/// <param name="Count">Found products that have it.</param>
public sealed record FacetValue(string Value, int Count)
{
    /// <summary>Lowest price of a range of prices; null elsewhere.</summary>
    public decimal? PriceFrom { get; init; }

    /// <summary>Highest price of a range of prices; null elsewhere.</summary>
    public decimal? PriceTo { get; init; }
}

/// <param name="Word">As it was typed.</param>
/// <param name="ReadAs">The word of the shop that was looked for in its place.</param>
public sealed record Correction(string Word, string ReadAs);

/// <summary>The field holds the name of an order.</summary>
internal sealed class SearchSortAttribute() : OneOfAttribute("order")
{
    public const string Relevance = "relevance";
    public const string Price = "price";
    public const string PriceDescending = "-price";
    public const string Newest = "newest";

    protected override IReadOnlyCollection<string> Allowed => [Relevance, Price, PriceDescending, Newest];
}

/// <summary>The field holds the name of a way to rank.</summary>
internal sealed class SearchRankingAttribute() : OneOfAttribute("ranking")
{
    public const string Bm25 = "bm25";
    public const string TfIdf = "tf-idf";
    public const string Ranker = "ranker";

    protected override IReadOnlyCollection<string> Allowed => [Bm25, TfIdf, Ranker];
}
