using Cartwright.Commerce.Access;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Catalog;

/// <summary>Keeps one shop: its catalog, its interactions, its runs and its keys.</summary>
/// <remarks>Safe to call from several threads. Every method throws <see cref="StorageException"/> where the store is away.</remarks>
public interface IShopStore : IRunStore, IApiKeyStore, IAsyncDisposable
{
    Task<ShopInfo> ReadInfoAsync(CancellationToken cancellationToken = default);

    /// <summary>Stores interactions durably, makes the shoppers that they name, and keeps the ids of products that the catalog does not have (yet).</summary>
    /// <remarks>All of them or none. Ids that are already stored are left out and counted.</remarks>
    Task<AppendOutcome> AppendAsync(IReadOnlyList<Interaction> interactions, CancellationToken cancellationToken = default);

    /// <summary>Starts an import that shows in the shop only when it is completed.</summary>
    Task<IShopImport> BeginImportAsync(CancellationToken cancellationToken = default);

    Task<Product?> FindProductAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Inserts or replaces a product.</summary>
    Task PutProductAsync(Product product, CancellationToken cancellationToken = default);

    /// <returns>False where no product has this id.</returns>
    Task<bool> DeleteProductAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Forgets a shopper: the row, their interactions, reviews, searches, orders, places in experiments and what waits for a person go, and what nobody
    /// signed in did in their sessions; runs, reports and notes that name them no longer do. The file holds none of it afterwards.</summary>
    /// <returns>What went; null where nothing names this shopper.</returns>
    Task<ForgottenShopper?> DeleteShopperAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>A consistent view of everything that is exported.</summary>
    Task<IShopReading> BeginReadingAsync(CancellationToken cancellationToken = default);

    /// <summary>A number that changes when another process has written to the store, and only then.</summary>
    Task<long> ReadOutsideVersionAsync(CancellationToken cancellationToken = default);

    Task<ShopCounts> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>An immutable view of the shop as it is now.</summary>
    Task<Snapshot> ReadSnapshotAsync(CancellationToken cancellationToken = default);

    /// <summary>Keeps what an import said, newest first in <see cref="ListImportReportsAsync"/>.</summary>
    Task SaveImportReportAsync(ImportReport report, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<ImportReport>> ListImportReportsAsync(int count, CancellationToken cancellationToken = default);
}

/// <summary>What became of interactions that were handed to the store.</summary>
/// <param name="Stored">The new ones, each with its id, in the order they were given.</param>
/// <param name="FirstSequence">The store's number of the first of them; the others follow it one by one.</param>
/// <param name="DuplicateCount">Interactions whose id was already there.</param>
public sealed record AppendOutcome(IReadOnlyList<Interaction> Stored, long FirstSequence, int DuplicateCount)
{
    /// <summary>The new ones that a snapshot up to <paramref name="sequence"/> does not hold.</summary>
    internal IReadOnlyList<Interaction> After(long sequence) => [.. Stored.Skip((int)Math.Clamp(sequence - FirstSequence + 1, 0, Stored.Count))];
}

/// <summary>What was deleted so that a shopper is forgotten.</summary>
/// <param name="Interactions">Interactions, those of their sessions before they signed in included.</param>
/// <param name="HandOvers">Conversations that the assistant left for a person.</param>
public sealed record ForgottenShopper(string ShopperId, long Interactions, long Reviews, long Searches, long Orders = 0, long HandOvers = 0)
{
    /// <summary>Results of runs that named them, which are gone.</summary>
    public int Results { get; init; }

    /// <summary>What could not be overwritten yet, and what to do; null where all is.</summary>
    public string? LeftBehind { get; init; }

    /// <summary>Ids by which they were known: their own, those of their sessions and of their orders.</summary>
    public IReadOnlyList<string> Traces { get; init; } = [];
}

public sealed record ShopCounts(long Products, long Shoppers, long Interactions)
{
    public DateTimeOffset? FirstInteractionAt { get; init; }

    public DateTimeOffset? LastInteractionAt { get; init; }
}
