namespace Cartwright.Commerce.Assistant;

/// <summary>The slots that a shopper's words may fill, as every shop's own model knows them.</summary>
public static class ShopSlots
{
    /// <summary>A product by its title or a part of it, or a word for one that was shown: "it".</summary>
    public const string Product = "product";
    public const string Brand = "brand";
    public const string Category = "category";
    public const string Color = "color";

    /// <summary>A value of any other attribute: a size, a material.</summary>
    public const string Attribute = "attribute";
    public const string PriceMin = "price-min";
    public const string PriceMax = "price-max";
    public const string Count = "count";

    /// <summary>A product by its place among those shown: "the second one", "last".</summary>
    public const string Ordinal = "ordinal";

    /// <summary>"cheapest", "newest", "most popular".</summary>
    public const string Sort = "sort";
    public const string OrderId = "order-id";
    public const string Postcode = "postcode";

    /// <summary>What a question about the shop is about: "delivery", "returns".</summary>
    public const string Topic = "topic";
}
