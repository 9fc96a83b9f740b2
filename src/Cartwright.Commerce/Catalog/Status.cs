namespace Cartwright.Commerce.Catalog;

/// <summary>What the shop holds.</summary>
/// <example>cartwright catalog status</example>
public sealed record StatusRequest;

public sealed record StatusResponse(ShopInfo Info, ShopCounts Counts);
