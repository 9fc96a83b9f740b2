using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Finds times that are still to come, or far from all others: a clock that was wrong, a date in another unit.</summary>
internal sealed class StrayTimes
{
    private const long Day = 24L * 60 * 60 * 1_000_000;

    /// <summary>A clock elsewhere may run ahead by so much.</summary>
    private const int SkewDays = 1;

    /// <summary>So many days without anything lie between what is stray and the shop's history.</summary>
    private const int GapDays = 60;

    private const double MostStray = 0.005;

    private readonly Snapshot _shop;
    private readonly long _now;

    public StrayTimes(Snapshot shop, DateTimeOffset now)
    {
        _shop = shop;
        _now = (ShopTime.ToMicroseconds(now) / Day) + SkewDays;
        (First, Last) = History();
    }

    /// <summary>First and last day of the shop's history, in days since 1970; what is stray lies outside.</summary>
    public long First { get; }

    public long Last { get; }

    public IEnumerable<Anomaly> Find()
    {
        InteractionColumns rows = _shop.Interactions;
        return Enumerable.Range(0, rows.Count).Where(i => !Holds(rows.At[i])).GroupBy(i => rows.Shopper[i] >= 0 ? (rows.Shopper[i], Snapshot.None) : (Snapshot.None, rows.Session[i]))
            .Select(of =>
            {
                int[] own = [.. of];
                int first = own[0];
                bool isAhead = rows.At[first] / Day > Last;
                return new Anomaly
                {
                    Kind = AnomalyKind.WrongTime,
                    Day = TrackingDays.DayOf(rows.At[first]),
                    ShopperId = rows.Shopper[first] >= 0 ? _shop.Shoppers[rows.Shopper[first]].Id : null,
                    SessionId = rows.Shopper[first] < 0 && rows.Session[first] >= 0 ? _shop.Sessions[rows.Session[first]] : null,
                    Rows = own.Length,
                    Score = AnomalySearch.MostScore,
                    Reason = string.Create(CultureInfo.InvariantCulture,
                        $"{own.Length:#,0} interactions at {ShopTime.FromMicroseconds(rows.At[first]):yyyy-MM-dd HH:mm}, {(isAhead ? rows.At[first] / Day > _now ? "which is still to come" : "long after all others" : "long before all others")}; the history goes from {TrackingDays.Date(First):yyyy-MM-dd} to {TrackingDays.Date(Last):yyyy-MM-dd}."),
                };
            });
    }

    public bool Holds(long at) => at / Day >= First && at / Day <= Last;

    /// <summary>From each end inward, up to a long gap before which hardly anything lies.</summary>
    private (long First, long Last) History()
    {
        long[] at = _shop.Interactions.At;
        if (at.Length == 0)
        {
            return (0, -1);
        }

        long start = at.Min() / Day;
        int[] counts = new int[(at.Max() / Day) - start + 1];
        foreach (long moment in at)
        {
            counts[(moment / Day) - start]++;
        }

        int present = (int)Math.Clamp(_now - start, 0, counts.Length - 1);
        int most = (int)(MostStray * at.Length);
        return (start + Inward(counts, 0, present, most), start + Inward(counts, present, 0, most));
    }

    /// <summary>The first day with anything behind the last long gap before which no more than some rows lie.</summary>
    private static int Inward(int[] counts, int from, int to, int most)
    {
        int step = from <= to ? 1 : -1;
        (int found, int before, int seen) = (-1, from, 0);
        for (int day = from; day != to + step && seen <= most; day += step)
        {
            if (counts[day] > 0)
            {
                found = found < 0 || Math.Abs(day - before) > GapDays ? day : found;
                seen += counts[day];
                before = day;
            }
        }

        return Math.Max(found, 0);
    }
}
