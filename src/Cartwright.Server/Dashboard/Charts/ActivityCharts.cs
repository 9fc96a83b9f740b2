using Cartwright.Commerce.Catalog;

namespace Cartwright.Server.Dashboard.Charts;

/// <summary>The charts of what shoppers did, and the sentences that are their titles.</summary>
internal static class ActivityCharts
{
    /// <summary>Kinds that a merchant follows over time, with the plural they are called by.</summary>
    public static IReadOnlyList<(InteractionKind Kind, string Name)> Kinds { get; } =
    [
        (InteractionKind.Purchase, "Purchases"),
        (InteractionKind.Cart, "Added to cart"),
        (InteractionKind.View, "Views"),
        (InteractionKind.Click, "Clicks"),
        (InteractionKind.Search, "Searches"),
        (InteractionKind.Rating, "Ratings"),
        (InteractionKind.Return, "Returns"),
        (InteractionKind.Impression, "Impressions"),
        (InteractionKind.Block, "Not interested"),
        (InteractionKind.Unblock, "Interested again"),
    ];

    /// <summary>One kind, with the period before as a broken line.</summary>
    public static Chart OfKind(ActivityByDay activity, Period period, InteractionKind kind)
    {
        Period[] points = [.. period.Points()];
        string unit = period.DaysPerPoint == 1 ? "day" : "week";
        string name = NameOf(kind);
        List<ChartSeries> series = [new(name, ChartShape.Bar, Values(points, p => activity.Count(kind, p.From, p.To)))];
        if (period.CanCompare(activity))
        {
            int back = period.DayCount;
            series.Add(new($"The {Words(back)} before", ChartShape.Reference,
                Values(points, p => activity.Count(kind, p.From.AddDays(-back), p.To.AddDays(-back)))));
        }

        return new Chart
        {
            Name = $"{kind.ToString().ToLowerInvariant()}-by-{unit}",
            AxisName = period.DaysPerPoint == 1 ? "Day" : "Week from",
            ValueName = $"{name} per {unit}",
            Axis = [.. points.Select(p => Figures.Day(p.From))],
            AxisInFile = [.. points.Select(p => p.From.ToString("yyyy-MM-dd"))],
            Series = series,
        };
    }

    /// <summary>The kinds that shoppers do, on top of each other; at most five.</summary>
    public static Chart OfAll(ActivityByDay activity, Period period)
    {
        Period[] points = [.. period.Points()];
        string unit = period.DaysPerPoint == 1 ? "day" : "week";
        // What shoppers did; what they were merely shown would dwarf it.
        var kinds = Enum.GetValues<InteractionKind>().Where(kind => kind != InteractionKind.Impression)
            .Select(kind => (Kind: kind, Count: activity.Count(kind, period.From, period.To)))
            .Where(k => k.Count > 0).OrderByDescending(k => k.Count).Select(k => k.Kind).ToArray();
        InteractionKind[] own = kinds.Length <= 5 ? kinds : kinds[..4];
        InteractionKind[] rest = kinds[own.Length..];
        List<ChartSeries> series = [.. own.Select(kind => new ChartSeries(NameOf(kind), ChartShape.Bar, Values(points, p => activity.Count(kind, p.From, p.To))))];
        if (rest.Length > 0)
        {
            series.Add(new("All others", ChartShape.Bar, Values(points, p => rest.Sum(kind => activity.Count(kind, p.From, p.To)))));
        }

        return new Chart
        {
            Name = $"interactions-by-{unit}",
            AxisName = period.DaysPerPoint == 1 ? "Day" : "Week from",
            ValueName = $"Interactions per {unit}",
            Axis = [.. points.Select(p => Figures.Day(p.From))],
            AxisInFile = [.. points.Select(p => p.From.ToString("yyyy-MM-dd"))],
            Series = series,
            IsStacked = true,
        };
    }

    /// <summary>"Purchases are 8 % above the 30 days before."</summary>
    public static string Finding(ActivityByDay activity, Period period, InteractionKind kind)
    {
        string name = NameOf(kind);
        long now = activity.Count(kind, period.From, period.To);
        if (!period.CanCompare(activity))
        {
            return $"{name}: {Figures.Count(now)} in {Words(period.DayCount)}";
        }

        long before = activity.Count(kind, period.Before.From, period.Before.To);
        return (now, before) switch
        {
            (0, 0) => $"{name}: none in {Words(period.DayCount)}",
            (_, 0) => $"{name}: {Figures.Count(now)}, none in the {Words(period.DayCount)} before",
            _ => Compare(name, now, before, period.DayCount),
        };
    }

    public static string NameOf(InteractionKind kind) =>
        Kinds.FirstOrDefault(k => k.Kind == kind).Name ?? (kind == InteractionKind.Uncart ? "Taken out of cart" : kind.ToString());

    public static string Words(int days) => days == 1 ? "day" : $"{Figures.Count(days)} days";

    private static string Compare(string name, long now, long before, int days)
    {
        // Counts of independent events wander by about the square root of their number.
        double difference = now - before;
        double change = difference / before;
        string verb = name == "Added to cart" ? "Additions to cart are" : $"{name} are";
        return Math.Abs(difference) < 2 * Math.Sqrt(now + before)
            ? $"{verb} about where they were in the {Words(days)} before"
            : $"{verb} {Figures.Percent(Math.Abs(change))} {(change > 0 ? "above" : "below")} the {Words(days)} before";
    }

    private static double?[] Values(Period[] points, Func<Period, long> count) => [.. points.Select(p => (double?)count(p))];
}
