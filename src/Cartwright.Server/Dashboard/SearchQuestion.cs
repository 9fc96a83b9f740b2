using Cartwright.Commerce.Search;

namespace Cartwright.Server.Dashboard;

/// <summary>What the search lab was asked, as it stands in its address.</summary>
/// <param name="Left">Who ranks at the left: "bm25", "tf-idf" or "ranker".</param>
/// <param name="Product">The product whose score is taken apart.</param>
public sealed record SearchQuestion(string? Query, string? Left, string? Right, string? InStock, string? Product)
{
    /// <summary>Products in each list.</summary>
    public const int Count = 10;

    public static IReadOnlyList<string> Rankings { get; } = ["bm25", "tf-idf", "ranker"];

    public string Words => Query?.Trim() is { } words ? words[..Math.Min(words.Length, 500)] : "";

    public bool OnlyInStock => InStock is not null;

    public SearchRequest Ask(string ranking) => new() { Query = Words, Ranking = ranking, Count = Count, InStock = OnlyInStock, Explain = true };

    /// <summary>The address of the same lists with a product taken apart.</summary>
    public string About(string product, string left, string right) =>
        $"/search?query={Uri.EscapeDataString(Words)}&left={left}&right={right}{(OnlyInStock ? "&inStock=on" : "")}&product={Uri.EscapeDataString(product)}#apart";

    public static string Name(string ranking) => ranking switch
    {
        "bm25" => "BM25F",
        "tf-idf" => "TF-IDF",
        _ => "Learned",
    };
}
