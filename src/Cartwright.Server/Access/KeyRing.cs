using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Cartwright.Commerce.Access;

namespace Cartwright.Server.Access;

/// <summary>A new key with its secret, which is shown this once.</summary>
public sealed record NewKey(ApiKey Key, string Secret);

/// <summary>The shop's API keys in memory: who may come in, and what they may do.</summary>
/// <remarks>
/// A key is 256 random bits; the shop keeps its SHA-256 alone. Keys made or revoked here count at once, those
/// that another process made or revoked (the command line) within <see cref="Freshness"/>.
/// </remarks>
public sealed class KeyRing(IApiKeyStore store, TimeProvider clock) : IDisposable
{
    /// <summary>After this time the store is asked again which keys there are.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    private const string Prefix = "cw_";

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Ring _ring = new([], DateTimeOffset.MinValue);

    /// <summary>Who holds this secret; null where nobody does.</summary>
    public async ValueTask<ApiKey?> FindAsync(string secret, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrEmpty(secret) || secret.Length > 200)
        {
            return null;
        }

        IReadOnlyList<ApiKey> keys = await ListAsync(cancellationToken);
        byte[] hash = HashOf(secret);
        ApiKey? found = null;
        foreach (ApiKey key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(key.Hash, hash))
            {
                found = key;   // goes on to the end, so that time says nothing of the place
            }
        }

        return found;
    }

    /// <summary>The key of this id as it is now; null once it is revoked.</summary>
    public async ValueTask<ApiKey?> FindByIdAsync(string id, CancellationToken cancellationToken = default) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(key => key.Id == id);

    public async ValueTask<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken = default)
    {
        Ring ring = _ring;
        if (clock.GetUtcNow() - ring.ReadAt < Freshness)
        {
            return ring.Keys;
        }

        return await ReadAsync(force: false, cancellationToken);
    }

    /// <summary>Makes a key. The secret is in the answer and nowhere else.</summary>
    public async Task<NewKey> CreateAsync(string name, ApiRoles roles, CancellationToken cancellationToken = default)
    {
        string secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var key = new ApiKey
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)),
            Name = name,
            Roles = roles,
            Hash = HashOf(secret),
            CreatedAt = clock.GetUtcNow(),
        };
        await store.AddKeyAsync(key, cancellationToken);
        await ReadAsync(force: true, cancellationToken);
        return new NewKey(key, secret);
    }

    /// <summary>Makes an admin key where the shop has no key at all; null where it has one.</summary>
    public async Task<NewKey?> CreateFirstAsync(CancellationToken cancellationToken = default) =>
        (await ReadAsync(force: true, cancellationToken)).Count > 0
            ? null
            : await CreateAsync("first admin", ApiRoles.Admin, cancellationToken);

    /// <returns>False where no key has this id.</returns>
    public async Task<bool> RevokeAsync(string id, CancellationToken cancellationToken = default)
    {
        bool wasThere = await store.DeleteKeyAsync(id, cancellationToken);
        await ReadAsync(force: true, cancellationToken);
        return wasThere;
    }

    public void Dispose() => _reading.Dispose();

    private async Task<IReadOnlyList<ApiKey>> ReadAsync(bool force, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (force || clock.GetUtcNow() - _ring.ReadAt >= Freshness)
            {
                DateTimeOffset at = clock.GetUtcNow();
                _ring = new Ring(await store.ListKeysAsync(cancellationToken), at);
            }

            return _ring.Keys;
        }
        finally
        {
            _reading.Release();
        }
    }

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private sealed record Ring(IReadOnlyList<ApiKey> Keys, DateTimeOffset ReadAt);
}
