namespace Cartwright.Commerce.Simulation;

/// <summary>What day of the real calendar a simulated day is, and what the time of the year does to sales.</summary>
/// <param name="first">Day 0.</param>
internal sealed class SimulatedCalendar(DateOnly first)
{
    private const int YearDays = 365;

    /// <summary>What a day of the week sells against the mean of all, from Monday on.</summary>
    public static readonly double[] Weekdays = [0.92, 0.9, 0.93, 0.98, 1.1, 1.22, 0.95];

    /// <summary>The calendar that a simulation has where nobody asks for another.</summary>
    public static SimulatedCalendar Usual { get; } = new(new DateOnly(2025, 1, 1));

    public DateOnly DateOf(int day) => first.AddDays(day);

    /// <summary>Midnight, in UTC, at which a day begins.</summary>
    public DateTimeOffset Midnight(int day) => new(DateOf(day), TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>What the day of the week and the weeks before Christmas do to everything.</summary>
    public double Activity(int day) => Weekdays[((int)DateOf(day).DayOfWeek + 6) % 7] * (DayOfYear(day) is >= 324 and <= 356 ? 1.45 : 1);

    /// <summary>How much more than its mean a category sells on a day.</summary>
    public double Season(int leaf, int day)
    {
        LeafWords words = ShopWords.Leaves[leaf];
        double peak = (words.PeakMonth - 0.5) * YearDays / 12;
        return 1 + (words.Season * Math.Cos(2 * Math.PI * (DayOfYear(day) - peak) / YearDays));
    }

    /// <summary>A summer sale and one before Christmas begin that day.</summary>
    public bool IsSale(int day) => DayOfYear(day) is 180 or 328;

    /// <summary>From 0.</summary>
    private int DayOfYear(int day) => DateOf(day).DayOfYear - 1;
}
