using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Behavior;

/// <summary>A shop's shoppers as a table: what each had done by a day, and whether they bought within the weeks after it.</summary>
internal static class ReturnTable
{
    public const string Returns = "returns";

    /// <summary>Days after the cut in which a purchase counts as coming back.</summary>
    public const int Days = 28;

    private const long Day = 24L * 60 * 60 * 1_000_000;

    /// <param name="at">The cut, in days since 1970; only what was done before it is a feature.</param>
    /// <returns>A row for each shopper who had done something; the target is empty where the history ends before the weeks do.</returns>
    public static Table Of(Snapshot shop, long at)
    {
        InteractionColumns rows = shop.Interactions;
        long end = rows.Count == 0 ? 0 : rows.At.Max() / Day;
        var cells = new List<Dictionary<string, string>>();
        for (int s = 0; s < shop.Shoppers.Count; s++)
        {
            LiveEvent[] before = [.. Enumerable.Range(rows.ShopperStart[s], rows.ShopperStart[s + 1] - rows.ShopperStart[s]).Where(i => rows.At[i] / Day < at).Select(shop.EventAt)];
            if (before.Length > 0)
            {
                Dictionary<string, string> row = RowOf(before, shop.Shoppers[s].Attributes, at);
                row["shopper"] = shop.Shoppers[s].Id;
                bool came = Enumerable.Range(rows.ShopperStart[s], rows.ShopperStart[s + 1] - rows.ShopperStart[s])
                    .Any(i => rows.Kind[i] == InteractionKind.Purchase && rows.At[i] / Day >= at && rows.At[i] / Day < at + Days);
                row[Returns] = at + Days > end + 1 ? "" : came ? "yes" : "no";
                cells.Add(row);
            }
        }

        string[] names = [.. cells.SelectMany(row => row.Keys).Distinct(StringComparer.Ordinal)];
        return new Table(shop.Info.Name, [.. names.Select(name => new TableColumn(name, [.. cells.Select(row => row.GetValueOrDefault(name, ""))]))]);
    }

    /// <summary>The latest cut after which the weeks are known, in days since 1970.</summary>
    /// <exception cref="ValidationException">The times only keep an order, or the history is too short.</exception>
    public static long LatestCut(Snapshot shop)
    {
        if (!shop.Info.HasRealTimes)
        {
            throw new ValidationException("The shop's times only keep the order of what was done (times \"order\" in shop.json), so coming back within weeks can't be told.");
        }

        // Up to the last purchase: a view long after it would leave weeks in which nobody could be seen to buy.
        InteractionColumns rows = shop.Interactions;
        long[] days = [.. Enumerable.Range(0, rows.Count).Where(i => rows.Kind[i] == InteractionKind.Purchase && rows.Shopper[i] >= 0).Select(i => rows.At[i] / Day)];
        return days.Length > 0 && days.Max() - days.Min() >= 2 * Days ? days.Max() + 1 - Days
            : throw new ValidationException($"The shop's history is too short: {2 * Days} days are the fewest, so that there is something to learn from and {Days} days to see who came back.");
    }

    /// <summary>What is known of a shopper by a day.</summary>
    /// <param name="before">What they had done, oldest first; at least one.</param>
    /// <param name="at">The day, in days since 1970.</param>
    public static Dictionary<string, string> RowOf(IReadOnlyList<LiveEvent> before, IReadOnlyDictionary<string, string> attributes, long at)
    {
        long[] bought = [.. before.Where(IsPurchase).Select(DayOf).Distinct()];
        double spent = before.Where(e => IsPurchase(e) && !float.IsNaN(e.Price)).Sum(e => e.Price * (double)e.Quantity);
        int Recent(InteractionKind kind, int days) => before.Count(e => e.Interaction.Kind == kind && DayOf(e) >= at - days);
        var row = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["days since the first visit"] = Text(at - DayOf(before[0])),
            ["days since the last visit"] = Text(at - DayOf(before[^1])),
            ["days with a purchase"] = Text(bought.Length),
            ["days since the last purchase"] = bought.Length == 0 ? "" : Text(at - bought[^1]),
            ["days between purchases"] = bought.Length < 2 ? "" : Text((bought[^1] - bought[0]) / (bought.Length - 1.0)),
            ["spent"] = Text(spent),
            ["views in 7 days"] = Text(Recent(InteractionKind.View, 7)),
            ["views in 28 days"] = Text(Recent(InteractionKind.View, 28)),
            ["carts in 28 days"] = Text(Recent(InteractionKind.Cart, 28)),
            ["purchases in 28 days"] = Text(Recent(InteractionKind.Purchase, 28)),
            ["purchases in 84 days"] = Text(Recent(InteractionKind.Purchase, 84)),
            ["returns of goods"] = Text(before.Count(e => e.Interaction.Kind == InteractionKind.Return)),
            ["sessions"] = Text(before.Where(e => e.Session is not null).Select(e => e.Session).Distinct(StringComparer.Ordinal).Count()),
        };
        foreach ((string name, string value) in attributes)
        {
            row[$"attribute {name}"] = value;
        }

        return row;
    }

    /// <summary>Days since 1970.</summary>
    public static long DayOf(LiveEvent item) => ShopTime.ToMicroseconds(item.Interaction.At) / Day;

    private static bool IsPurchase(LiveEvent item) => item.Interaction.Kind == InteractionKind.Purchase;

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
