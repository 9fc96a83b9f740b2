using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Inventory;

/// <summary>Finds the demand to forecast: a folder's sales or purchases, or the shop's own.</summary>
internal sealed class DemandSource(ShopCatalog catalog)
{
    /// <param name="data">A shop folder; null for the shop itself.</param>
    /// <param name="test">A shop folder whose days follow those of the data.</param>
    /// <returns>The panel, and the first period of the test folder's where there is one.</returns>
    public async Task<(DemandPanel Panel, int? Origin)> ReadAsync(string? data, string? test, DemandPeriod? period, CancellationToken cancellation)
    {
        if (data is not null)
        {
            return HasSales(data)
                ? await Task.Run(() => OfSales(data, test, period, cancellation), cancellation)
                : await OfPurchasesAsync(data, test, period, cancellation);
        }

        SalesHistory sales = await catalog.ReadSalesAsync(cancellation);
        return sales.Series.Count > 0
            ? (DemandReader.Of(sales, period), null)
            : (DemandReader.Of([await catalog.Store.ReadSnapshotAsync(cancellation)], period), null);
    }

    private static bool HasSales(string folder) => ShopFolder.Open(folder).Has("sales");

    private static (DemandPanel Panel, int? Origin) OfSales(string data, string? test, DemandPeriod? period, CancellationToken cancellation)
    {
        SalesHistory history = SalesHistory.Read(data, cancellation);
        if (history.Series.Count == 0)
        {
            throw new ValidationException($"There are no sales in {data}.");
        }

        if (test is null)
        {
            return (DemandReader.Of(history, period), null);
        }

        int last = history.Series.Max(s => s.Day[^1]);
        DemandPanel panel = DemandReader.Of(SalesHistory.Read([data, test], cancellation), period, last);
        return (panel, OriginAfter(panel, last, test));
    }

    private static async Task<(DemandPanel Panel, int? Origin)> OfPurchasesAsync(string data, string? test, DemandPeriod? period, CancellationToken cancellation)
    {
        Snapshot shop = (await ShopFolder.ReadSnapshotAsync(data, cancellation)).Snapshot;
        if (test is null)
        {
            return (DemandReader.Of([shop], period), null);
        }

        Snapshot next = (await ShopFolder.ReadSnapshotAsync(test, cancellation)).Snapshot;
        int? last = DemandReader.LastDay(shop);
        DemandPanel panel = DemandReader.Of([shop, next], period, last);
        return (panel, last is { } day ? OriginAfter(panel, day, test) : null);
    }

    private static int OriginAfter(DemandPanel panel, int lastDay, string test)
    {
        int origin = ((lastDay - panel.FirstDay) / panel.DaysPerPeriod) + 1;
        return origin < panel.Length ? origin
            : throw new ValidationException($"There is no whole {(panel.Period == DemandPeriod.Day ? "day" : "week")} of sales in {test} after {DateOnly.FromDayNumber(lastDay):yyyy-MM-dd}, the last day of the data.");
    }
}
