using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Inventory;

/// <summary>Learns forecasters up to an origin and measures them on what came after.</summary>
internal sealed class ForecastEvaluation(TimeProvider clock)
{
    /// <param name="panel">With the units to test.</param>
    /// <param name="origin">The first period to test; null cuts the last horizon off.</param>
    /// <exception cref="ValidationException">There is too little before the origin, or nothing after it.</exception>
    public EvaluationReport Run(EvaluateRequest request, DemandPanel panel, int? origin, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        int horizon = DefaultHorizon(request.Horizon, panel.Period);
        int first = origin ?? panel.Length - horizon;
        if (first < 2 * horizon)
        {
            throw new ValidationException($"The sales span {Words(panel.Length, panel.Period)}, too few to learn from and to forecast {horizon} of them. Forecast fewer with --horizon.");
        }

        panel = Largest(panel, first, request.ProductCount);
        HashSet<string> names = [.. ForecastLearner.Names.Where(name => request.Model is "all" or "ensemble" || name == request.Model || ForecastLearner.IsBaseline(name))];
        PeakMemory.Restart();
        LearnedForecasts learned = new ForecastLearner(clock).Fit(panel, first, horizon, names, request.Seed, request.Epochs, progress, cancellation);

        var models = new List<ModelEvaluation>();
        int count = 0;
        foreach ((string name, LearnedForecaster model) in learned.Models)
        {
            progress?.Report(new RunProgress($"testing {name}", models.Count, learned.Models.Count, "models"));
            var measure = new ForecastMeasure(panel, first);
            for (int from = first; from < panel.Length; from += horizon)
            {
                cancellation.ThrowIfCancellationRequested();
                measure.Add(from, model.Model.Forecast(panel.HideFrom(from), from, Math.Min(horizon, panel.Length - from)), model.Intervals);
            }

            count = Math.Max(count, measure.Count);
            models.Add(new ModelEvaluation(name, ForecastLearner.IsBaseline(name) ? "baseline" : "model", measure.Estimate(request.Seed), model.Seconds, PeakMemory.Bytes));
        }

        return new EvaluationReport
        {
            Data = panel.Info.Name,
            Protocol = request.Protocol,
            Seed = request.Seed,
            TestCount = count,
            Candidates = 0,
            Models = models,
        };
    }

    /// <summary>What is asked, or four weeks.</summary>
    public static int DefaultHorizon(int? asked, DemandPeriod period) => asked ?? (period == DemandPeriod.Day ? 28 : 4);

    /// <summary>"days" or "weeks".</summary>
    /// <summary>"1 day", "12 weeks".</summary>
    public static string Words(int count, DemandPeriod period) => $"{count} {(count == 1 ? Words(period)[..^1] : Words(period))}";

    public static string Words(DemandPeriod period) => period == DemandPeriod.Day ? "days" : "weeks";

    private static DemandPanel Largest(DemandPanel panel, int origin, int? productCount)
    {
        // What came into the shop after the origin has nothing to be forecast from.
        DemandSeries[] known = [.. panel.Series.Where(series => series.First < origin)];
        if (known.Length == 0)
        {
            throw new ValidationException("No product was sold before the periods to forecast.");
        }

        if (productCount is not { } most)
        {
            return panel.With(known);
        }

        HashSet<string> largest = [.. known.GroupBy(series => series.Product, StringComparer.Ordinal)
            .OrderByDescending(of => of.Sum(series => series.Units.Take(origin).Where(u => !float.IsNaN(u)).Sum(u => (double)u)))
            .ThenBy(of => of.Key, StringComparer.Ordinal)
            .Take(most)
            .Select(of => of.Key)];
        return panel.With([.. known.Where(series => largest.Contains(series.Product))]);
    }
}
