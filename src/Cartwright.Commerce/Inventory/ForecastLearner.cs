using Cartwright.Commerce.Runs;
using Cartwright.Learning.Training;
using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Inventory;

/// <summary>Learns all forecasters up to an origin and finds out on the horizons before it what each is worth.</summary>
/// <remarks>
/// Models learn from what lies before the held-out horizons, forecast those, and get intervals and weights in the ensemble from how they did. Those
/// that learn from everything then learn once more up to the origin.
/// </remarks>
internal sealed class ForecastLearner(TimeProvider clock)
{
    // All series are off together where a month is: one window would not know how far.
    private const int MostWindows = 3;
    private const int DefaultEpochs = 20;

    private static readonly string[] Baselines = ["last-value", "recent-mean", "seasonal-naive", "weekday-promotion-mean", "auto-ets"];

    /// <summary>Baselines first, the ensemble last.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Baselines, "trees", "deepar", "ensemble"];

    public static bool IsBaseline(string name) => Baselines.Contains(name, StringComparer.Ordinal);

    /// <summary>A model that learns nothing beforehand.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none of this name.</exception>
    public static IForecaster Simple(string name) => name switch
    {
        "last-value" => new LastValue(),
        "recent-mean" => new RecentMean(),
        "seasonal-naive" => new SeasonalNaive(),
        "weekday-promotion-mean" => new PromotionMean(),
        "auto-ets" => new AutoEts(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such model."),
    };

    /// <param name="panel">Units from the origin on are not read; plans may go on.</param>
    /// <param name="epochs">Passes of the recurrent network, at most.</param>
    /// <param name="names">Which models; the ensemble is of those that are there.</param>
    public LearnedForecasts Fit(DemandPanel panel, int origin, int horizon, IReadOnlySet<string> names, int seed, int? epochs, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        DemandPanel known = panel.HideFrom(origin);
        int[] windows = Windows(known, origin, horizon);
        DemandPanel[] past = [.. windows.Select(known.HideFrom)];
        var learned = new Dictionary<string, LearnedForecaster>(StringComparer.Ordinal);
        var judged = new List<(IForecaster Model, IReadOnlyList<(int Origin, ForecastGrid Grid)> Forecasts)>();
        foreach (string name in Names.Where(name => name != "ensemble" && names.Contains(name) && (!LearnsFromAll(name) || DemandTrees.CanLearn(known, windows[0], horizon))))
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new RunProgress($"learning {name}", learned.Count, names.Count, "models"));
            long start = clock.GetTimestamp();
            (IForecaster candidate, Func<IForecaster> serve) = Learn(name, known, windows, origin, horizon, seed, epochs, progress, cancellation);
            (int, ForecastGrid)[] forecasts = [.. windows.Select((window, i) => (window, candidate.Forecast(past[i], window, horizon)))];
            IForecaster serving = serve();
            learned[name] = new LearnedForecaster(serving, ForecastIntervals.Learn(known, forecasts), clock.GetElapsedTime(start).TotalSeconds);
            judged.Add((serving, forecasts));
        }

        if (names.Contains("ensemble"))
        {
            float[] weights = ForecastEnsemble.Choose(known, [.. judged.Select(j => j.Forecasts)]);
            (int, ForecastGrid)[] mixed = [.. windows.Select((window, i) =>
                (window, ForecastEnsemble.Mix([.. judged.Select(j => j.Forecasts[i].Grid)], weights)))];
            var ensemble = new ForecastEnsemble([.. judged.Select((j, i) => (j.Model, weights[i])).Where(m => m.Item2 > 0)]);
            learned["ensemble"] = new LearnedForecaster(ensemble, ForecastIntervals.Learn(known, mixed), learned.Values.Sum(l => l.Seconds));
        }

        return new LearnedForecasts(learned);
    }

    // A young shop has no past origins to learn from; the others do without.
    private static bool LearnsFromAll(string name) => name is "trees" or "deepar";

    private static int[] Windows(DemandPanel panel, int origin, int horizon)
    {
        int room = (origin - DemandTrees.FirstOrigin(panel, origin)) / horizon / 2;
        int count = Math.Clamp(room, 1, MostWindows);
        return [.. Enumerable.Range(1, count).Select(w => Math.Max(1, origin - (w * horizon))).Distinct().Order()];
    }

    private (IForecaster Candidate, Func<IForecaster> Serve) Learn(string name, DemandPanel panel, int[] windows, int origin, int horizon, int seed, int? epochs,
        IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        if (name == "trees")
        {
            var trees = DemandTrees.Choose(panel, windows, horizon, seed, Rounds("choosing trees"), cancellation);

            // How many rounds are right changes with what there is to learn from: found out again without the last horizon alone.
            DemandTrees Nearest() => windows.Length == 1 ? trees : DemandTrees.Choose(panel, windows[^1..], horizon, seed, Rounds("choosing rounds"), cancellation);
            return (trees, () => Nearest().Renew(panel, origin, horizon, seed, Rounds("growing trees"), cancellation));
        }

        if (name == "deepar")
        {
            var network = DeepArForecaster.Choose(panel, windows, horizon, epochs ?? DefaultEpochs, seed, clock, Epochs("choosing deepar"), cancellation);
            return (network, () => network.Renew(panel, origin, horizon, seed, clock, Epochs("training deepar"), cancellation));
        }

        IForecaster model = Simple(name);
        return (model, () => model);

        IProgress<TrainingProgress>? Epochs(string stage) => progress is null ? null : new EpochReport(progress, stage);

        IProgress<TreeProgress>? Rounds(string stage) => progress is null ? null : new TreeReport(progress, stage);
    }

    private sealed class EpochReport(IProgress<RunProgress> progress, string stage) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            var values = new Dictionary<string, double>(value.Metrics, StringComparer.Ordinal) { ["loss"] = value.Loss };
            progress.Report(new RunProgress(stage, value.Epoch - 1 + ((double)value.Step / value.StepsPerEpoch), value.Epochs, "epochs") { Values = values });
        }
    }

    private sealed class TreeReport(IProgress<RunProgress> progress, string stage) : IProgress<TreeProgress>
    {
        public void Report(TreeProgress value)
        {
            if (value.Round % 10 == 0)
            {
                progress.Report(new RunProgress(stage, value.Round, value.Rounds, "rounds") { Values = new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = value.Loss } });
            }
        }
    }
}

/// <param name="Models">By name.</param>
internal sealed record LearnedForecasts(IReadOnlyDictionary<string, LearnedForecaster> Models);

/// <param name="Seconds">Wall time of learning and of the held-out forecasts.</param>
internal sealed record LearnedForecaster(IForecaster Model, ForecastIntervals Intervals, double Seconds);
