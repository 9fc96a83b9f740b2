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

    /// <summary>From the middle outward, up to a long gap behind which hardly anything lies.</summary>
    private (long First, long Last) History()
    {
        long[] days = [.. _shop.Interactions.At.Select(at => at / Day)];
        Array.Sort(days);
        if (days.Length == 0)
        {
            return (0, -1);
        }

        int most = (int)(MostStray * days.Length);
        int first = 0;
        for (int i = 1; i <= most; i++)
        {
            first = days[i] - days[i - 1] > GapDays ? i : first;
        }

        int last = days.Length - 1;
        while (last > 0 && days[last] > _now)
        {
            last--;
        }

        for (int i = last - 1, end = Math.Max(0, last - most); i >= end; i--)
        {
            last = days[i + 1] - days[i] > GapDays ? i : last;
        }

        return (days[first], days[last]);
    }
}
