namespace Cartwright.Commerce.Catalog;

/// <summary>A person, or an account, that shops.</summary>
public sealed record Shopper
{
    public required string Id { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = EmptyAttributes.Instance;
}
