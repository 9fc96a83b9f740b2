using System.Globalization;
using System.Text;
using Cartwright.Commerce.Search;

namespace Cartwright.Server.Storefront;

/// <summary>What a list of products was asked for, as it stands in its address.</summary>
/// <param name="Query">Words; empty for all of a category.</param>
/// <param name="Attribute">Each "name=value".</param>
public sealed record StoreQuestion(string? Query, string? Category, string? Brand, string? PriceFrom, string? PriceTo,
    string[]? Attribute, string? InStock, string? Sort, int? Page)
{
    public const int PageSize = 24;

    /// <summary>The last page that can be asked for: who has not found it by then asks otherwise.</summary>
    public const int MaxPage = 400;

    private static readonly string[] Sorts = ["relevance", "price", "-price", "newest"];

    public string Words => Query?.Trim() ?? "";

    public int PageNumber => Math.Clamp(Page ?? 1, 1, MaxPage);

    public string Order => Sorts.Contains(Sort) ? Sort! : Sorts[0];

    public bool HasFilter => Brand is { Length: > 0 } || Money(PriceFrom) is not null || Money(PriceTo) is not null || Attribute is { Length: > 0 } || InStock is not null;

    /// <param name="facets">Attributes to count beside brand and price.</param>
    public SearchRequest Ask(IEnumerable<string> facets) => new()
    {
        Query = Words.Length > 500 ? Words[..500] : Words,
        Category = Text(Category),
        Brand = Text(Brand),
        PriceFrom = Money(PriceFrom) is { } from && from > Money(PriceTo) ? Money(PriceTo) : Money(PriceFrom),   // the wrong way round
        PriceTo = Money(PriceTo) is { } to && to < Money(PriceFrom) ? Money(PriceFrom) : Money(PriceTo),
        Attributes = [.. (Attribute ?? []).Where(value => value.IndexOf('=', StringComparison.Ordinal) > 0).Take(20)],
        InStock = InStock is not null,
        Sort = Order,
        Facets = ["category", "brand", "price", .. facets],
        Count = PageSize,
        Offset = (PageNumber - 1) * PageSize,
    };

    /// <summary>The address of this question, page 1 unless another is said.</summary>
    public string Address(int page = 1)
    {
        var address = new StringBuilder($"{StorefrontHosting.Root}/search?query={Uri.EscapeDataString(Words)}");
        Add("category", Text(Category));
        Add("brand", Text(Brand));
        Add("priceFrom", Text(PriceFrom));
        Add("priceTo", Text(PriceTo));
        foreach (string attribute in Attribute ?? [])
        {
            Add("attribute", attribute);
        }

        Add("inStock", InStock is null ? null : "on");
        Add("sort", Order == Sorts[0] ? null : Order);
        Add("page", page == 1 ? null : page.ToString(CultureInfo.InvariantCulture));
        return address.ToString();

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                address.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }
    }

    public StoreQuestion Toggle(string attribute) => this with
    {
        Attribute = Attribute?.Contains(attribute) == true ? [.. Attribute.Where(one => one != attribute)] : [.. Attribute ?? [], attribute],
    };

    public static StoreQuestion Of(string words = "", string? category = null) => new(words, category, null, null, null, null, null, null, null);

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    /// <summary>"20.50" and "20,50" alike: shoppers write both.</summary>
    private static decimal? Money(string? value) =>
        decimal.TryParse(value?.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal money) && money is >= 0 and <= 1_000_000_000_000m ? money : null;
}
