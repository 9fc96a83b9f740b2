namespace Cartwright.Commerce.Access;

/// <summary>What the holder of a key may do. Admin may do all.</summary>
[Flags]
public enum ApiRoles
{
    None = 0,

    /// <summary>Post interactions.</summary>
    Ingest = 1,

    /// <summary>Ask questions.</summary>
    Query = 2,

    /// <summary>Change the catalog, train, manage keys.</summary>
    Admin = 4,
}

/// <summary>A key for the HTTP API and the dashboard. The key itself is shown once and kept only as a hash.</summary>
public sealed record ApiKey
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required ApiRoles Roles { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Keeps the shop's keys.</summary>
public interface IApiKeyStore
{
    Task AddKeyAsync(ApiKey key, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken = default);

    /// <returns>False where no key has this id.</returns>
    Task<bool> DeleteKeyAsync(string id, CancellationToken cancellationToken = default);
}
