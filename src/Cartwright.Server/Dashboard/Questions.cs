using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Server.Dashboard;

/// <summary>What the recommendations page was asked, as it stands in its address.</summary>
/// <param name="Attributes">Conditions with commas between them: "color=red, size>=2".</param>
/// <param name="Filtered">Set once the form was sent: from then on a box that is not ticked is absent.</param>
public sealed record RecommendationQuestion(string? Shopper, string? Category, string? PriceFrom, string? PriceTo,
    string? Brand, string? Tag, string? Attributes, string? InStock, string? ExcludeBought, string? ExcludeSeen, string? Filtered)
{
    public bool OnlyInStock => Filtered is null || InStock is not null;

    public bool WithoutBought => Filtered is null || ExcludeBought is not null;

    public bool WithoutSeen => ExcludeSeen is not null;

    /// <param name="model">Null for the one in service.</param>
    public RecommendRequest Ask(string? model) => new()
    {
        Explore = false,
        ShopperId = Shopper,
        Count = 10,
        Category = Text(Category),
        Brand = Text(Brand),
        Tags = Text(Tag) is { } tag ? [tag] : [],
        Attributes = (Attributes ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        PriceFrom = Money(PriceFrom),
        PriceTo = Money(PriceTo),
        InStock = OnlyInStock,
        ExcludeBought = WithoutBought,
        ExcludeSeen = WithoutSeen,
        Model = model,
        Explain = model is null,
    };

    public static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static decimal? Money(string? value) =>
        decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal money) && money >= 0 ? money : null;
}

/// <summary>What the catalog page was asked, as it stands in its address.</summary>
public sealed record CatalogQuestion(string? Search, string? Category, string? InStock, int? Page)
{
    public const int PageSize = 25;

    public bool OnlyInStock => InStock is not null;

    public bool Fits(Product product)
    {
        string? words = RecommendationQuestion.Text(Search);
        string? category = RecommendationQuestion.Text(Category);
        return (words is null || Has(product.Title, words) || Has(product.Id, words) || Has(product.Brand, words))
            && (category is null || product.Category == category
                || product.Category?.StartsWith(category + " > ", StringComparison.Ordinal) == true)
            && (!OnlyInStock || product.IsInStock);
    }

    /// <summary>The address of another page of the same answer.</summary>
    public string At(int page) => $"/catalog?search={Uri.EscapeDataString(Search ?? "")}&category={Uri.EscapeDataString(Category ?? "")}"
        + (OnlyInStock ? "&inStock=on" : "") + $"&page={page}";

    private static bool Has(string? text, string words) => text?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;
}
