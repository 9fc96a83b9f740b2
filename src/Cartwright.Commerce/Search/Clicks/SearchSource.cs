using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Catalog.Csv;

namespace Cartwright.Commerce.Search;

/// <summary>Finds the searches to learn from: a folder's searches.csv or the shop's own, or what the interactions tell of them.</summary>
internal sealed class SearchSource(ShopCatalog catalog)
{
    /// <param name="data">A shop folder; null for the shop itself.</param>
    /// <exception cref="ValidationException">Nothing was searched, or nothing was clicked.</exception>
    public async Task<(ShopInfo Info, IReadOnlyList<Catalog.Search> Searches)> ReadAsync(string? data, CancellationToken cancellation)
    {
        (ShopInfo info, List<Catalog.Search> searches) = data is null ? await OfShopAsync(cancellation) : await OfFolderAsync(data, cancellation);
        string where = data ?? "The shop";
        return searches.Count == 0
            ? throw new ValidationException($"{where} holds no searches. They stand in searches.csv with query, shown and clicked, or in interactions: impressions, and then views or clicks, with query and position.")
            : !searches.Exists(search => search.Clicked.Count > 0)
            ? throw new ValidationException($"{where} holds {searches.Count:N0} searches, but nothing was clicked in any of them, so there is nothing to learn from.")
            : (info, searches);
    }

    private async Task<(ShopInfo, List<Catalog.Search>)> OfShopAsync(CancellationToken cancellation)
    {
        using IShopReading reading = await catalog.Store.BeginReadingAsync(cancellation);
        return await Task.Run(() =>
        {
            List<Catalog.Search> kept = [.. Stopping(reading.Searches(), cancellation)];
            return (reading.Info, kept.Count > 0 ? kept : [.. SearchPages.Of(Stopping(reading.Interactions(), cancellation))]);
        }, cancellation);
    }

    internal static Task<(ShopInfo Info, List<Catalog.Search> Searches)> OfFolderAsync(string path, CancellationToken cancellation) =>
        Task.Run(() => OfFolder(path, cancellation), cancellation);

    private static (ShopInfo, List<Catalog.Search>) OfFolder(string path, CancellationToken cancellation)
    {
        ShopFolder folder = ShopFolder.Open(path);
        var log = new ImportLog();
        if (folder.Read(new SearchesCsv(), log) is { } searches)
        {
            using (searches)
            {
                return (folder.ReadInfo(), [.. Stopping(searches.Read(), cancellation)]);
            }
        }

        using CsvRecords<Interaction>? interactions = folder.Read(new InteractionsCsv(), log);
        return (folder.ReadInfo(), [.. SearchPages.Of(Stopping(interactions?.Read() ?? [], cancellation))]);
    }

    private static IEnumerable<T> Stopping<T>(IEnumerable<T> records, CancellationToken cancellation)
    {
        foreach (T record in records)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return record;
        }
    }
}
