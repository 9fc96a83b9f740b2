using System.Globalization;

namespace Cartwright.Commerce.Automation;

/// <summary>Times by a line of five fields: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday).</summary>
/// <remarks>
/// Each is *, a number, a range 1-5, a list of those with commas, or any of them with a step behind it: */15. Where both days are restricted, either suffices, as in cron(5).
/// In the hour that a clock jumps over nothing happens; in the one it repeats, the first counts.
/// </remarks>
public sealed class CronSchedule
{
    private static readonly (string Name, int Low, int High)[] Fields = [("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7)];

    /// <summary>Beyond this a line that never comes true (30 February) is given up.</summary>
    private const int MostDays = 366 * 5;

    private readonly bool[][] _allowed;
    private readonly bool _anyDay;
    private readonly bool _anyWeekday;

    private CronSchedule(string[] fields)
    {
        _allowed = [.. fields.Select((field, i) => Read(field, Fields[i]))];
        _allowed[4][0] |= _allowed[4][7];
        (_anyDay, _anyWeekday) = (fields[2] == "*", fields[4] == "*");
    }

    /// <exception cref="FormatException">The line is none.</exception>
    public static CronSchedule Parse(string line)
    {
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == Fields.Length ? new CronSchedule(fields)
            : throw new FormatException($"The schedule '{line}' has {fields.Length} fields; it takes five: minute hour day month weekday, as in '30 5 * * *'");
    }

    /// <summary>What is wrong with a line; null where nothing is.</summary>
    public static string? Problem(string line)
    {
        try
        {
            return Parse(line).Next(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc) is null ? $"The schedule '{line}' never comes: no month has such a day" : null;
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>The first time after another; null where there is none in five years.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        DateTime local = TimeZoneInfo.ConvertTime(after, zone).DateTime;
        DateTime first = local.Date.AddMinutes((int)local.TimeOfDay.TotalMinutes);
        for (int days = 0; days < MostDays; days++)
        {
            DateTime date = first.Date.AddDays(days);
            if (!IsDay(date))
            {
                continue;
            }

            for (int minute = days == 0 ? (int)first.TimeOfDay.TotalMinutes : 0; minute < 24 * 60; minute++)
            {
                DateTime at = date.AddMinutes(minute);
                if (_allowed[1][at.Hour] && _allowed[0][at.Minute] && !zone.IsInvalidTime(at) && ToUtc(at, zone) is var utc && utc > after)
                {
                    return utc;
                }
            }
        }

        return null;
    }

    /// <summary>All times after one and up to another, at most so many of them.</summary>
    public IEnumerable<DateTimeOffset> Between(DateTimeOffset after, DateTimeOffset until, TimeZoneInfo zone, int most = 10_000)
    {
        for (DateTimeOffset? at = Next(after, zone); at <= until && most-- > 0; at = Next(at.Value, zone))
        {
            yield return at.Value;
        }
    }

    private static DateTimeOffset ToUtc(DateTime local, TimeZoneInfo zone)
    {
        // Of the two that a repeated hour may mean, the first has the larger offset.
        TimeSpan offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private bool IsDay(DateTime date)
    {
        bool day = _allowed[2][date.Day], weekday = _allowed[4][(int)date.DayOfWeek];
        return _allowed[3][date.Month] && (_anyDay || _anyWeekday ? day && weekday : day || weekday);
    }

    private static bool[] Read(string field, (string Name, int Low, int High) of)
    {
        bool[] allowed = new bool[of.High + 1];
        foreach (string part in field.Split(','))
        {
            string[] stepped = part.Split('/');
            int step = stepped.Length == 1 ? 1 : stepped.Length == 2 ? Number(stepped[1]) : throw Wrong();
            string[] ends = stepped[0].Split('-');
            (int low, int high) = stepped[0] == "*" ? (of.Low, of.High)
                : ends.Length == 2 ? (Number(ends[0]), Number(ends[1]))
                : ends.Length == 1 ? (Number(ends[0]), stepped.Length == 2 ? of.High : Number(ends[0]))
                : throw Wrong();
            if (step < 1 || low < of.Low || high > of.High || low > high)
            {
                throw Wrong();
            }

            for (int i = low; i <= high; i += step)
            {
                allowed[i] = true;
            }
        }

        return allowed;

        int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Wrong();

        FormatException Wrong() => new($"The {of.Name} '{field}' of the schedule is none; it takes {of.Low} to {of.High}, as in 5, 1-5, 1,15 or */15");
    }
}
