using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Pricing;

/// <summary>How demand answers to price: by how many percent it changes where the price rises by one. From sales, or from purchases where there are none.</summary>
/// <example>cartwright pricing elasticity --data ./shop-folder</example>
public sealed record ElasticityRequest
{
    /// <summary>Shop folder with sales or purchases; the shop's own where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Products asked about; all with sales where none is named.</summary>
    [ItemCount(1, 10_000)]
    public IReadOnlyList<string>? ProductIds { get; init; }
}

/// <param name="Results">By product id.</param>
/// <param name="Categories">What the products of each category have in common, toward which each was drawn.</param>
public sealed record ElasticityResponse(IReadOnlyList<ProductElasticity> Results, IReadOnlyList<CategoryElasticity> Categories);

/// <param name="ProductId">The product.</param>
/// <param name="Category">Its category; empty where it has none.</param>
/// <param name="Value">Percent that demand changes by where the price rises by one percent: -2.5 loses two and a half. Null where it can't be told.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end of the 95 % interval.</param>
/// <param name="Alone">The same from the product's own sales alone, before it was drawn toward its category.</param>
/// <param name="Promotion">Factor on demand under a promotion at the same price; null where there was none.</param>
/// <param name="Rows">Sales that were learned from.</param>
/// <param name="Reason">Why there is no value; null where there is one.</param>
public sealed record ProductElasticity(
    string ProductId, string Category, double? Value, double? Low, double? High, double? Alone, double? Promotion, int Rows, string? Reason);

/// <param name="Category">The category; empty for products without one.</param>
/// <param name="Value">Mean elasticity of its products.</param>
/// <param name="Spread">Standard deviation among them beyond what chance explains.</param>
/// <param name="Products">How many could be told.</param>
public sealed record CategoryElasticity(string Category, double Value, double Spread, int Products);
