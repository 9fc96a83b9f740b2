namespace Cartwright.Commerce.Catalog;

/// <summary>What <c>shop.json</c> says of a shop.</summary>
public sealed record ShopInfo
{
    public string Name { get; init; } = "shop";

    /// <summary>ISO 4217 code.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>BCP 47 tag of the catalog's language.</summary>
    public string Language { get; init; } = "en";

    /// <summary>IANA time zone, for days and hours as the merchant counts them.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>"real", or "order" where times keep the order of events and mean nothing else.</summary>
    public string Times { get; init; } = "real";

    public bool HasRealTimes => string.Equals(Times, "real", StringComparison.Ordinal);
}
