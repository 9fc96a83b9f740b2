namespace Cartwright.Commerce.Catalog;

/// <summary>What shoppers did on each day, in the shop's own time zone, from the first to the last day on which anything happened.</summary>
/// <remarks>Means nothing where the shop's times only keep an order: ask <see cref="ShopInfo.HasRealTimes"/> first.</remarks>
public sealed class ActivityByDay
{
    private const long MicrosecondsPerDay = 86_400_000_000;
    private static readonly int KindCount = Enum.GetValues<InteractionKind>().Length;

    private readonly Snapshot _snapshot;
    private readonly long[] _dayStarts;
    private readonly int[] _counts;
    private readonly double[] _revenue;

    private ActivityByDay(Snapshot snapshot, TimeZoneInfo zone, DateOnly firstDay, long[] dayStarts)
    {
        _snapshot = snapshot;
        _dayStarts = dayStarts;
        Zone = zone;
        FirstDay = firstDay;
        _counts = new int[DayCount * KindCount];
        _revenue = new double[DayCount];
        InteractionColumns all = snapshot.Interactions;
        for (int i = 0; i < all.Count; i++)
        {
            int day = DayOf(all.At[i]);
            _counts[(day * KindCount) + (int)all.Kind[i]]++;
            if (all.Kind[i] == InteractionKind.Purchase && !float.IsNaN(all.Price[i]))
            {
                _revenue[day] += (double)all.Quantity[i] * all.Price[i];
            }
        }
    }

    /// <returns>Null where nothing has happened yet.</returns>
    public static ActivityByDay? Of(Snapshot snapshot)
    {
        long[] at = snapshot.Interactions.At;
        if (at.Length == 0)
        {
            return null;
        }

        TimeZoneInfo zone = ZoneOf(snapshot.Info);
        DateOnly first = LocalDay(at.Min(), zone);
        int dayCount = LocalDay(at.Max(), zone).DayNumber - first.DayNumber + 1;
        long[] starts = [.. Enumerable.Range(0, dayCount).Select(day => StartOf(first.AddDays(day), zone))];
        return new ActivityByDay(snapshot, zone, first, starts);
    }

    /// <summary>The shop's time zone; UTC where this machine does not know it.</summary>
    public static TimeZoneInfo ZoneOf(ShopInfo info) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(info.TimeZone, out TimeZoneInfo? zone) ? zone : TimeZoneInfo.Utc;

    public TimeZoneInfo Zone { get; }

    public DateOnly FirstDay { get; }

    public DateOnly LastDay => FirstDay.AddDays(DayCount - 1);

    public int DayCount => _dayStarts.Length;

    /// <summary>How often something was done from one day to another, both included. Days outside count 0.</summary>
    public long Count(InteractionKind kind, DateOnly from, DateOnly to)
    {
        (int start, int end) = Range(from, to);
        long count = 0;
        for (int day = start; day < end; day++)
        {
            count += _counts[(day * KindCount) + (int)kind];
        }

        return count;
    }

    /// <summary>What purchases brought before returns, in the shop's currency; purchases without a price count 0.</summary>
    public decimal Revenue(DateOnly from, DateOnly to)
    {
        (int start, int end) = Range(from, to);
        double revenue = 0;
        for (int day = start; day < end; day++)
        {
            revenue += _revenue[day];
        }

        return Math.Round((decimal)revenue, 2);
    }

    /// <summary>Shoppers who did anything from one day to another, both included.</summary>
    public int Shoppers(DateOnly from, DateOnly to)
    {
        (int start, int end) = Range(from, to);
        if (start >= end)
        {
            return 0;
        }

        InteractionColumns all = _snapshot.Interactions;
        long since = _dayStarts[start];
        long until = end < DayCount ? _dayStarts[end] : long.MaxValue;
        int count = 0;
        for (int shopper = 0; shopper + 1 < all.ShopperStart.Length; shopper++)
        {
            Span<long> at = all.At.AsSpan(all.ShopperStart[shopper]..all.ShopperStart[shopper + 1]);
            int found = at.BinarySearch(since);
            int index = found < 0 ? ~found : found;
            count += index < at.Length && at[index] < until ? 1 : 0;
        }

        return count;
    }

    private (int Start, int End) Range(DateOnly from, DateOnly to) =>
        (Math.Clamp(from.DayNumber - FirstDay.DayNumber, 0, DayCount), Math.Clamp(to.DayNumber - FirstDay.DayNumber + 1, 0, DayCount));

    private int DayOf(long at)
    {
        // Days are 23 to 25 hours long, so the guess is off by one at most.
        int day = Math.Clamp((int)((at - _dayStarts[0]) / MicrosecondsPerDay), 0, DayCount - 1);
        while (day > 0 && at < _dayStarts[day])
        {
            day--;
        }

        while (day < DayCount - 1 && at >= _dayStarts[day + 1])
        {
            day++;
        }

        return day;
    }

    private static DateOnly LocalDay(long at, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.UnixEpoch.AddMicroseconds(at), zone).DateTime);

    private static long StartOf(DateOnly day, TimeZoneInfo zone)
    {
        DateTime midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(15);   // Clocks went forward at midnight.
        }

        return (midnight - zone.GetUtcOffset(midnight) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }
}
