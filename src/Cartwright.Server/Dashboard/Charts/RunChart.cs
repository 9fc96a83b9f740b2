using Cartwright.Commerce.Runs;

namespace Cartwright.Server.Dashboard.Charts;

/// <summary>How the loss and the quality of a training move as it goes on.</summary>
internal static class RunChart
{
    private const int MaxPoints = 400;
    private const int MaxSeries = 4;

    /// <summary>True where there is anything to draw.</summary>
    public static bool HasPoints(IReadOnlyList<RunPoint> points) => points.Any(point => point.Progress.Values.Count > 0);

    public static Chart Of(Run run, IReadOnlyList<RunPoint> points)
    {
        RunPoint[] drawn = Thin([.. points.Where(point => point.Progress.Values.Count > 0)]);
        // The loss first, against the left axis; what it leads to (ndcg, recall) against the right one.
        string[] names = [.. drawn.SelectMany(point => point.Progress.Values.Keys).Distinct(StringComparer.Ordinal)
            .OrderBy(name => IsLoss(name) ? 0 : 1).ThenBy(name => name, StringComparer.Ordinal).Take(MaxSeries)];
        bool isMixed = names.Any(IsLoss) && !names.All(IsLoss);
        string unit = drawn.LastOrDefault()?.Progress.Unit ?? "steps";
        return new Chart
        {
            Name = $"run-{run.Id}",
            AxisName = unit.Length > 0 ? char.ToUpperInvariant(unit[0]) + unit[1..] : "Steps",
            ValueName = names.Any(IsLoss) ? "Loss" : "Value",
            Axis = [.. drawn.Select(point => point.Progress.Done.ToString("#,0.##"))],
            Series = [.. names.Select(name => new ChartSeries(Name(name), ChartShape.Line, Values(drawn, name))
            {
                OwnAxis = isMixed && !IsLoss(name) ? "Quality on held-out shoppers" : null,
            })],
            FromZero = false,
        };
    }

    /// <summary>"The loss fell from 8.92 to 6.31", or null where there is nothing to compare yet. A resumed run says where its first points are.</summary>
    public static string? Finding(Run run, IReadOnlyList<RunPoint> points)
    {
        string since = RunWords.ResumedRun(run) is { } earlier ? $" since run {earlier} was resumed" : "";
        double[] losses = [.. points.Select(point => point.Progress.Values.TryGetValue("loss", out double loss) ? loss : double.NaN).Where(double.IsFinite)];
        return losses.Length switch
        {
            0 => null,
            1 => $"The loss stands at {Figures.Number(losses[0])}{since}",
            _ => $"The loss {(losses[^1] < losses[0] ? "fell" : "went")} from {Figures.Number(losses[0])} to {Figures.Number(losses[^1])}{since}",
        };
    }

    private static bool IsLoss(string name) => name.Contains("loss", StringComparison.OrdinalIgnoreCase);

    private static string Name(string name) => IsLoss(name) ? char.ToUpperInvariant(name[0]) + name[1..] : name;

    private static double?[] Values(RunPoint[] points, string name) =>
        [.. points.Select(point => point.Progress.Values.TryGetValue(name, out double value) && double.IsFinite(value) ? (double?)value : null)];

    private static RunPoint[] Thin(RunPoint[] points)
    {
        if (points.Length <= MaxPoints)
        {
            return points;
        }

        int step = (points.Length + MaxPoints - 1) / MaxPoints;
        return [.. points.Where((_, i) => i % step == 0 || i == points.Length - 1)];
    }
}
