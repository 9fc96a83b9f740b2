using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Catalog;

/// <summary>What each product sold day by day, counted from what shoppers did.</summary>
/// <remarks>
/// A product is on sale from the first day on which anybody did anything with it to the last one; a day between on which nobody bought it
/// sold 0. Days on which nothing happened in the whole shop were closed and are left out. What interactions name and the catalog does not have is no product.
/// </remarks>
internal static class DailyPurchases
{
    /// <exception cref="ValidationException">The shop's times only keep an order.</exception>
    public static IReadOnlyList<SalesSeries> Of(Snapshot shop, CancellationToken cancellation)
    {
        if (!shop.Info.HasRealTimes)
        {
            throw new ValidationException("The shop's times only keep an order (shop.json says \"times\": \"order\"), so its purchases say nothing of days. Give it a sales.csv.");
        }

        TimeZoneInfo zone = ActivityByDay.ZoneOf(shop.Info);
        InteractionColumns all = shop.Interactions;
        var open = new SortedSet<int>();
        var said = new List<Row>?[shop.Products.Count];
        var first = new int[shop.Products.Count];
        var last = new int[shop.Products.Count];
        for (int i = 0; i < all.Count; i++)
        {
            if (i % 65_536 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            int day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(ShopTime.FromMicroseconds(all.At[i]), zone).DateTime).DayNumber;
            open.Add(day);
            if (all.Product[i] is var product and not Snapshot.None)
            {
                first[product] = first[product] == 0 ? day : Math.Min(first[product], day);
                last[product] = Math.Max(last[product], day);
                bool isPurchase = all.Kind[i] == InteractionKind.Purchase;
                if (isPurchase || all.Price[i] > 0)
                {
                    (said[product] ??= []).Add(new Row(day, isPurchase, isPurchase ? all.Quantity[i] : 0, all.Price[i]));
                }
            }
        }

        int[] days = [.. open];
        return [.. Enumerable.Range(0, said.Length).Where(product => !shop.Products[product].IsMentioned && said[product]?.Exists(row => row.IsPurchase) == true)
            .OrderBy(product => shop.Products[product].Id, StringComparer.Ordinal)
            .Select(product => SeriesOf(shop.Products[product].Id, said[product]!, Between(days, first[product], last[product])))];
    }

    private readonly record struct Row(int Day, bool IsPurchase, float Units, float Price);

    private static int[] Between(int[] days, int first, int last)
    {
        int start = Array.BinarySearch(days, first);
        return days[start..(Array.BinarySearch(days, last) + 1)];
    }

    private static SalesSeries SeriesOf(string product, List<Row> rows, int[] days)
    {
        float[] units = new float[days.Length];
        float[] price = new float[days.Length];
        Array.Fill(price, float.NaN);
        foreach (IGrouping<int, Row> day in rows.GroupBy(row => row.Day))
        {
            int at = Array.BinarySearch(days, day.Key);
            units[at] = day.Sum(row => row.Units);
            price[at] = Asked(day.Where(row => row.IsPurchase)) ?? Asked(day) ?? float.NaN;
        }

        // A price stands until another one is seen; before the first one seen, that one.
        float known = Array.Find(price, p => p > 0);
        for (int i = 0; i < price.Length; i++)
        {
            known = price[i] > 0 ? price[i] : known;
            price[i] = known > 0 ? known : float.NaN;
        }

        return new SalesSeries { Product = product, Store = "", Day = days, Units = units, Price = price, Promoted = new float[days.Length], IsSoldOut = new bool[days.Length], Known = [] };
    }

    /// <summary>The median of the prices that were seen: a bulk buyer's discount is not the price of the day.</summary>
    private static float? Asked(IEnumerable<Row> rows)
    {
        float[] prices = [.. rows.Select(row => row.Price).Where(price => price > 0).Order()];
        return prices.Length == 0 ? null : prices[prices.Length / 2];
    }
}
