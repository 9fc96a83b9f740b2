namespace Cartwright.Commerce.Catalog;

/// <summary>An order as the shop's own system tells of it, so that whoever placed it can be told where it is.</summary>
/// <remarks>Only shown to its shopper, or to who knows its id and its postcode.</remarks>
public sealed record Order
{
    public required string Id { get; init; }

    /// <summary>When it was placed.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Shopper id; null where it was placed without signing in.</summary>
    public string? Shopper { get; init; }

    /// <summary>Where it stands, in the merchant's own word: "shipped".</summary>
    public required string Status { get; init; }

    /// <summary>When it should arrive.</summary>
    public DateTimeOffset? ExpectedAt { get; init; }

    public string? Carrier { get; init; }

    /// <summary>The carrier's number of the parcel.</summary>
    public string? Tracking { get; init; }

    /// <summary>Of the address it goes to.</summary>
    public string? Postcode { get; init; }

    /// <summary>Ids of what was ordered, one for each unit; empty where nobody said.</summary>
    public IReadOnlyList<string> Products { get; init; } = [];
}
