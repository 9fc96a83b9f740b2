using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Inventory;

/// <summary>Makes a panel of demand from sales, or from purchases where a shop has no sales.</summary>
internal static class DemandReader
{
    /// <summary>Demand from sales. A day without a row counts as closed.</summary>
    /// <param name="period">Null takes weeks where all rows of a series lie whole weeks apart, and else days.</param>
    /// <param name="endDay">The last day of the last whole week; the last day with sales where it is null.</param>
    public static DemandPanel Of(SalesHistory history, DemandPeriod? period, int? endDay = null)
    {
        int first = history.Series.Min(s => s.Day[0]);
        int last = history.Series.Max(s => s.Day[^1]);
        bool isWeekly = history.Series.All(s => s.Day.All(day => (day - first) % 7 == 0)) && last > first;
        DemandPeriod chosen = period ?? (isWeekly ? DemandPeriod.Week : DemandPeriod.Day);
        if (isWeekly && chosen == DemandPeriod.Day)
        {
            throw new ValidationException("The sales are weekly: every row lies whole weeks from the others. Leave out --period, or say --period week.");
        }

        // Whole weeks alone, counted back from the last day whose sales are known.
        (int start, int length) = chosen == DemandPeriod.Day ? (first, last - first + 1)
            : isWeekly ? (first, ((last - first) / 7) + 1)
            : Weeks(first, last, endDay ?? last);
        int days = chosen == DemandPeriod.Day ? 1 : 7;
        return new DemandPanel
        {
            Info = history.Info,
            FirstDay = start,
            Period = chosen,
            Length = length,
            Known = history.Known,
            IsPlanned = true,
            Series = [.. history.Series.Select(series => SeriesOf(series, start, days, length))],
        };
    }

    /// <summary>Demand from purchases: a period in which nobody bought is a demand of 0, from the first purchase on.</summary>
    /// <param name="shops">A shop, and what continues it.</param>
    /// <exception cref="ValidationException">A shop's times only keep an order, or there are no purchases.</exception>
    public static DemandPanel Of(IReadOnlyList<Snapshot> shops, DemandPeriod? period, int? endDay = null)
    {
        List<Purchase> purchases = [.. shops.SelectMany(PurchasesOf)];
        if (purchases.Count == 0)
        {
            throw new ValidationException("There is nothing to forecast from: the shop has neither sales nor purchases. Import some with 'cartwright catalog import <folder>'.");
        }

        (int first, int last) = (purchases.Min(p => p.Day), purchases.Max(p => p.Day));
        DemandPeriod chosen = period ?? DemandPeriod.Week;
        int days = chosen == DemandPeriod.Day ? 1 : 7;
        (int start, int length) = chosen == DemandPeriod.Day ? (first, last - first + 1) : Weeks(first, last, endDay ?? last);
        var sold = new SortedDictionary<string, (float[] Units, float[] Money)>(StringComparer.Ordinal);
        foreach (Purchase purchase in purchases)
        {
            int at = (int)Math.Floor((purchase.Day - start) / (double)days);
            if (at < 0 || at >= length)
            {
                continue;
            }

            if (!sold.TryGetValue(purchase.Product, out (float[] Units, float[] Money) of))
            {
                sold[purchase.Product] = of = (new float[length], new float[length]);
            }

            of.Units[at] += purchase.Units;
            of.Money[at] += purchase.Units * purchase.Price;
        }

        return new DemandPanel
        {
            Info = shops[0].Info,
            FirstDay = start,
            Period = chosen,
            Length = length,
            Known = [],
            IsPlanned = false,
            Series = [.. sold.Select(of => SeriesOf(of.Key, of.Value.Units, of.Value.Money))],
        };
    }

    /// <summary>The last day on which somebody bought; null where nobody did.</summary>
    public static int? LastDay(Snapshot shop) => PurchasesOf(shop).Select(p => (int?)p.Day).Max();

    private static IEnumerable<Purchase> PurchasesOf(Snapshot shop)
    {
        if (!shop.Info.HasRealTimes)
        {
            throw new ValidationException("The shop's times only keep an order (shop.json says \"times\": \"order\"), so nothing can be said of days or weeks.");
        }

        TimeZoneInfo zone = ActivityByDay.ZoneOf(shop.Info);
        InteractionColumns all = shop.Interactions;
        for (int i = 0; i < all.Count; i++)
        {
            if (all.Kind[i] == InteractionKind.Purchase && all.Product[i] != Snapshot.None)
            {
                DateTimeOffset at = TimeZoneInfo.ConvertTime(ShopTime.FromMicroseconds(all.At[i]), zone);
                yield return new Purchase(shop.Products[all.Product[i]].Id, DateOnly.FromDateTime(at.DateTime).DayNumber, all.Quantity[i], all.Price[i]);
            }
        }
    }

    private static (int Start, int Length) Weeks(int first, int last, int endDay)
    {
        int before = (endDay - first + 1) / 7;
        if (before == 0)
        {
            throw new ValidationException("There is less than a week of sales, so there are no weeks to forecast. Say --period day.");
        }

        return (endDay + 1 - (7 * before), before + ((last - endDay) / 7));
    }

    private static DemandSeries SeriesOf(string product, float[] units, float[] money)
    {
        float[] price = [.. units.Zip(money, (u, m) => u > 0 ? m / u : float.NaN)];
        int first = Array.FindIndex(units, u => u != 0);
        for (int t = 0; t < first; t++)
        {
            units[t] = float.NaN;
        }

        return new DemandSeries
        {
            Product = product,
            Store = "",
            Units = units,
            IsOpen = [.. units.Select(u => !float.IsNaN(u))],
            Price = price,
            Promoted = new float[units.Length],
            Known = [],
        };
    }

    private static DemandSeries SeriesOf(SalesSeries sales, int start, int days, int length)
    {
        float[] counts = new float[length];
        float[] units = Empty(float.NaN);
        float[] price = Empty(float.NaN);
        float[] promoted = Empty(0);
        float[][] known = [.. sales.Known.Select(_ => Empty(0))];
        for (int i = 0; i < sales.Count; i++)
        {
            int at = (int)Math.Floor((sales.Day[i] - start) / (double)days);
            if (at < 0 || at >= length)
            {
                continue;
            }

            // Running means of what is no sum.
            float share = 1 / ++counts[at];
            units[at] = float.IsNaN(units[at]) ? sales.Units[i] : units[at] + sales.Units[i];
            price[at] = float.IsNaN(price[at]) ? sales.Price[i] : float.IsNaN(sales.Price[i]) ? price[at] : price[at] + ((sales.Price[i] - price[at]) * share);
            promoted[at] += (sales.Promoted[i] - promoted[at]) * share;
            for (int k = 0; k < known.Length; k++)
            {
                known[k][at] += (sales.Known[k][i] - known[k][at]) * share;
            }
        }

        return new DemandSeries
        {
            Product = sales.Product,
            Store = sales.Store,
            Units = units,
            IsOpen = [.. counts.Select(c => c > 0)],
            Price = price,
            Promoted = promoted,
            Known = known,
        };

        float[] Empty(float value)
        {
            float[] empty = new float[length];
            Array.Fill(empty, value);
            return empty;
        }
    }

    private readonly record struct Purchase(string Product, int Day, float Units, float Price);
}
