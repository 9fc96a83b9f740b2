using Cartwright.Commerce.Catalog;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>What shoppers search for most, counted over the first searches and kept for ten minutes.</summary>
internal sealed class AskedWords(Shop shop, TimeProvider clock)
{
    /// <summary>Rows that are looked at of each kind, so that a page of a large shop does not wait for all of them.</summary>
    private const int MaxRows = 200_000;
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(10);

    private (DateTimeOffset At, string[] Queries) _kept;

    /// <returns>Most asked first; the words that were judged where nobody searched yet.</returns>
    public async Task<IReadOnlyList<string>> MostAskedAsync(int count, CancellationToken cancellationToken = default)
    {
        if (_kept.Queries is null || clock.GetUtcNow() - _kept.At >= Freshness)
        {
            using IShopReading reading = await shop.Store.BeginReadingAsync(cancellationToken);
            _kept = (clock.GetUtcNow(), await Task.Run(() => Count(reading), cancellationToken));
        }

        return [.. _kept.Queries.Take(count)];
    }

    private static string[] Count(IShopReading reading)
    {
        IEnumerable<string> asked = reading.Searches().Take(MaxRows).Select(search => search.Query)
            .Concat(reading.Interactions().Take(MaxRows).Where(one => one.Kind == InteractionKind.Search).Select(one => one.Query).OfType<string>());
        string[] most = Most(asked);
        return most.Length > 0 ? most : Most(reading.Judgments().Take(MaxRows).Select(judgment => judgment.Query));
    }

    private static string[] Most(IEnumerable<string> queries) =>
        [.. queries.CountBy(query => query, StringComparer.OrdinalIgnoreCase).OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Take(100).Select(one => one.Key)];
}
