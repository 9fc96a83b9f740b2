using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>What the ranker reads off a product's record.</summary>
/// <param name="Number">1 and up for a product that it learned from, 0 for any other.</param>
/// <param name="Bags">Features by field, in the order of <see cref="ClickCatalog.Fields"/>.</param>
/// <param name="Category">Whole path; null where none is known.</param>
/// <param name="Brand">Null where none is known.</param>
/// <param name="LogPrice">NaN where no price is known.</param>
/// <param name="CreatedAt">Microseconds since 1970-01-01 UTC; null where it is not known.</param>
internal sealed record ClickProduct(int Number, int[][] Bags, string? Category, string? Brand, float LogPrice, long? CreatedAt);

/// <summary>Products as the ranker knows them: ids and features by number, as they stood when it was trained.</summary>
internal sealed class ClickCatalog
{
    private const string Category = "category:";
    private const string Brand = "brand:";
    private const string Price = "price:";

    private readonly Dictionary<string, int> _numbers;
    private readonly ProductFeatures _features;
    private readonly int[] _fieldOf;

    /// <param name="productIds">By number, from 1.</param>
    /// <param name="features">Names by number, from 0.</param>
    public ClickCatalog(IReadOnlyList<string> productIds, IReadOnlyList<string> features)
    {
        ProductIds = productIds;
        _numbers = productIds.Index().ToDictionary(pair => pair.Item, pair => pair.Index + 1, StringComparer.Ordinal);
        _features = new ProductFeatures(features);
        _fieldOf = [.. features.Select(FieldOf)];
    }

    /// <summary>Category levels, brand, price to a factor of √2, and all else: tags, attributes, words of the title.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["category", "brand", "price", "rest"];

    public IReadOnlyList<string> ProductIds { get; }

    public IReadOnlyList<string> FeatureNames => _features.Names;

    public static ClickCatalog Of(IReadOnlyList<Product> products) =>
        new([.. products.Select(product => product.Id)], ProductFeatures.SharedBy(products).Names);

    public ClickProduct Read(Product product)
    {
        int[] features = _features.Of(product);
        return new ClickProduct(
            _numbers.GetValueOrDefault(product.Id),
            [.. Enumerable.Range(0, Fields.Count).Select(field => Array.FindAll(features, feature => _fieldOf[feature] == field))],
            string.IsNullOrEmpty(product.Category) ? null : product.Category,
            string.IsNullOrEmpty(product.Brand) ? null : product.Brand,
            product.Price is { } price and > 0 ? MathF.Log((float)price) : float.NaN,
            product.CreatedAt is { } at ? ShopTime.ToMicroseconds(at) : null);
    }

    private static int FieldOf(string name) => name.StartsWith(Category, StringComparison.Ordinal) ? 0
        : name.StartsWith(Brand, StringComparison.Ordinal) ? 1
        : name.StartsWith(Price, StringComparison.Ordinal) ? 2 : 3;
}
