using Cartwright.Commerce.Catalog;

namespace Cartwright.Server.Dashboard;

/// <summary>The last so many days of what is known, and as many before them to compare with.</summary>
internal sealed record Period(DateOnly From, DateOnly To)
{
    private const int LongestByDay = 92;

    public static IReadOnlyList<int> Choices { get; } = [7, 30, 90, 365];

    public int DayCount => To.DayNumber - From.DayNumber + 1;

    /// <summary>The period of the same length just before.</summary>
    public Period Before => new(From.AddDays(-DayCount), From.AddDays(-1));

    /// <summary>True where all days of the period before are known too.</summary>
    public bool CanCompare(ActivityByDay activity) => Before.From >= activity.FirstDay;

    /// <summary>One day up to a quarter, else a week.</summary>
    public int DaysPerPoint => DayCount <= LongestByDay ? 1 : 7;

    /// <summary>The period cut in days or weeks, oldest first.</summary>
    public IEnumerable<Period> Points()
    {
        for (DateOnly day = From; day <= To; day = day.AddDays(DaysPerPoint))
        {
            yield return new Period(day, day.AddDays(DaysPerPoint - 1));
        }
    }

    public static Period Last(ActivityByDay activity, int days)
    {
        int known = Math.Min(days, activity.DayCount);
        int whole = known > LongestByDay ? known / 7 * 7 : known;   // Whole weeks: part of one would look like a slump.
        return new Period(activity.LastDay.AddDays(1 - whole), activity.LastDay);
    }
}
