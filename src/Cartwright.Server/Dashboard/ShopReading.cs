using Cartwright.Commerce.Catalog;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>What several cards of a page read of the shop, worked out once per snapshot.</summary>
internal sealed class ShopReading(Shop shop, TimeProvider clock)
{
    /// <summary>Figures of a large shop may be so much older than the shop.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    /// <summary>Up to so many interactions a page waits for the newest figures, some milliseconds; beyond, the next page has them.</summary>
    private const int QuickToMerge = 50_000;

    private readonly Lock _merging = new();
    private DateTimeOffset _mergedAt;
    private volatile Kept? _kept;

    public Task<LiveShop> LiveAsync(CancellationToken cancellationToken = default) => shop.Catalog.LiveAsync(cancellationToken);

    /// <summary>The product as it is now; what an answer said of it where it was removed since.</summary>
    public static Product Find(LiveShop live, string id, string title, decimal? price = null) =>
        live.ProductIndex(id) is >= 0 and int index ? live.Products[index] : new Product { Id = id, Title = title, Price = price };

    /// <summary>Null where nothing has happened yet, or where times only keep an order.</summary>
    public async Task<ActivityByDay?> ActivityAsync(CancellationToken cancellationToken = default) =>
        (await KeptAsync(cancellationToken)).Activity;

    /// <summary>What the shop holds, counted in memory: counting a million rows in the store takes a second.</summary>
    public async Task<ShopCounts> CountsAsync(CancellationToken cancellationToken = default)
    {
        Kept kept = await KeptAsync(cancellationToken);
        LiveShop live = await LiveAsync(cancellationToken);
        return new ShopCounts(live.ListedProducts.Count(), kept.Snapshot.Shoppers.Count, live.Snapshot.Interactions.Count + live.TailCount)
        {
            FirstInteractionAt = kept.FirstAt,
            LastInteractionAt = kept.LastAt,
        };
    }

    /// <summary>All category paths of the catalog, parents included, in order.</summary>
    public async Task<IReadOnlyList<string>> CategoriesAsync(CancellationToken cancellationToken = default) =>
        (await KeptAsync(cancellationToken)).Categories;

    private async Task<Kept> KeptAsync(CancellationToken cancellationToken)
    {
        LiveShop live = await LiveAsync(cancellationToken);
        await RenewAsync(live);
        Kept? kept = _kept;
        if (kept?.Snapshot != live.Snapshot)
        {
            _kept = kept = Read(live.Snapshot);
        }

        return kept;
    }

    private static Kept Read(Snapshot snapshot)
    {
        long[] at = snapshot.Interactions.At;
        return new Kept(snapshot, snapshot.Info.HasRealTimes ? ActivityByDay.Of(snapshot) : null, Categories(snapshot.Products))
        {
            FirstAt = at.Length == 0 ? null : DateTimeOffset.UnixEpoch.AddMicroseconds(at.Min()),
            LastAt = at.Length == 0 ? null : DateTimeOffset.UnixEpoch.AddMicroseconds(at.Max()),
        };
    }

    /// <summary>Brings what was posted since the snapshot into it.</summary>
    private async Task RenewAsync(LiveShop live)
    {
        bool isQuick = live.Snapshot.Interactions.Count + live.TailCount <= QuickToMerge;
        lock (_merging)
        {
            if (live.TailCount == 0 || (!isQuick && clock.GetUtcNow() - _mergedAt < Freshness))
            {
                return;
            }

            _mergedAt = clock.GetUtcNow();
        }

        Task merge = Task.Run(live.Merge);
        if (isQuick)
        {
            await merge;
        }
    }

    private static string[] Categories(IEnumerable<Product> products)
    {
        var paths = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string path in products.Select(p => p.Category).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            for (int end = path.IndexOf(" > ", StringComparison.Ordinal); end > 0; end = path.IndexOf(" > ", end + 3, StringComparison.Ordinal))
            {
                paths.Add(path[..end]);
            }

            paths.Add(path);
        }

        return [.. paths];
    }

    private sealed record Kept(Snapshot Snapshot, ActivityByDay? Activity, IReadOnlyList<string> Categories)
    {
        public DateTimeOffset? FirstAt { get; init; }

        public DateTimeOffset? LastAt { get; init; }
    }
}
