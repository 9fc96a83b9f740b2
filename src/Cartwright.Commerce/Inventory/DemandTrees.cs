using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Inventory;

/// <summary>Boosted trees over all series at once: one model that sees calendar, plan and level of each.</summary>
/// <remarks>Learned from many past origins as it will be asked: all that is known at the origin, one row for each period after it.</remarks>
internal sealed class DemandTrees(BoostedTrees trees) : IForecaster
{
    private const int MostRows = 700_000;

    // A series that closed for rebuilding, or a typing error, is no example.
    private const float MostOff = 3;

    private static readonly BoostedTreesOptions Slow = new() { LearningRate = 0.08f, RoundCount = 300, LeafCount = 63, RowsPerLeaf = 50, L2 = 1, Patience = 20 };

    public string Name => "trees";

    public BoostedTrees Trees => trees;

    /// <summary>Learns from the units before the first origin that is held out; the forecasts from those tell how many rounds are right.</summary>
    /// <param name="held">Rising, at least one.</param>
    public static DemandTrees Choose(DemandPanel panel, IReadOnlyList<int> held, int horizon, int seed, IProgress<TreeProgress>? progress, CancellationToken cancellation)
    {
        DemandFeatures train = Examples(panel, held[0], horizon, cancellation);
        var judges = new DemandFeatures(panel);
        foreach (int origin in held)
        {
            judges.Add(origin, horizon, onlyKnown: true);
        }

        TreeValidation? validation = judges.Count == 0 ? null : new TreeValidation(judges.Columns(), [.. judges.Targets]);
        return new DemandTrees(BoostedTrees.Fit(train.Columns(), [.. train.Targets], OptionsFor(panel), validation, progress, (ulong)seed, cancellation));
    }

    /// <summary>The same model learned from all units before an origin.</summary>
    public DemandTrees Renew(DemandPanel panel, int origin, int horizon, int seed, IProgress<TreeProgress>? progress, CancellationToken cancellation)
    {
        DemandFeatures all = Examples(panel, origin, horizon, cancellation);
        BoostedTreesOptions options = OptionsFor(panel) with { RoundCount = Math.Max(1, trees.RoundCount) };
        return new DemandTrees(BoostedTrees.Fit(all.Columns(), [.. all.Targets], options, null, progress, (ulong)seed, cancellation));
    }

    /// <summary>The first origin from which there is enough history to learn from: sixteen weeks, or a third of all where that is less.</summary>
    public static int FirstOrigin(DemandPanel panel, int end) => panel.Period == DemandPeriod.Day ? Math.Clamp(end / 3, 28, 112) : Math.Clamp(end / 3, 4, 8);

    /// <summary>Whether there is a series with a history and a horizon behind it, all before a period.</summary>
    public static bool CanLearn(DemandPanel panel, int end, int horizon) =>
        end - horizon >= FirstOrigin(panel, end) && panel.Series.Any(series => series.First < end - horizon - (28 / panel.DaysPerPeriod));

    public ForecastGrid Forecast(DemandPanel panel, int origin, int horizon)
    {
        var rows = new DemandFeatures(panel);
        rows.Add(origin, horizon, onlyKnown: false);
        ForecastGrid grid = ForecastGrid.Of(panel, origin, horizon, (_, _) => float.NaN);
        if (rows.Count > 0)
        {
            float[] predicted = trees.Predict(rows.Columns());
            for (int i = 0; i < predicted.Length; i++)
            {
                (int series, int step) = rows.Places[i];
                grid.Center[series][step] = MathF.Max(0, predicted[i] + rows.Profiles[i]);
            }
        }

        return grid;
    }

    private static BoostedTreesOptions OptionsFor(DemandPanel panel) => Slow with { RowsPerLeaf = (long)panel.Series.Count * panel.Length < 100_000 ? 20 : 50 };

    private static DemandFeatures Examples(DemandPanel panel, int end, int horizon, CancellationToken cancellation)
    {
        // Origins as close as the memory for rows allows, and at most a horizon apart.
        long each = panel.Series.Sum(series => (long)series.Units.AsSpan(0, end).ToArray().Count(u => !float.IsNaN(u)));
        int step = (int)Math.Clamp((each * horizon / MostRows) + 1, 1, horizon);
        var rows = new DemandFeatures(panel.HideFrom(end));
        for (int origin = end - horizon; origin >= FirstOrigin(panel, end); origin -= step)
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Add(origin, horizon, onlyKnown: true);
        }

        for (int i = 0; i < rows.Count; i++)
        {
            rows.Targets[i] = Math.Clamp(rows.Targets[i], -MostOff, MostOff);
        }

        return rows;
    }
}
