using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Inventory;

/// <summary>A trained ensemble with what it takes to ask it about the days to come.</summary>
/// <param name="Period">What it was trained on.</param>
/// <param name="Horizon">Periods it was trained to forecast.</param>
/// <param name="Known">Columns that were planned ahead when it learned.</param>
internal sealed record ForecastService(ForecastEnsemble Model, ForecastIntervals Intervals, DemandPeriod Period, int Horizon, IReadOnlyList<string> Known)
{
    private const int SeasonsBack = 8;

    /// <summary>Forecasts the periods after the last of a panel.</summary>
    /// <param name="plan">What is planned for them.</param>
    /// <returns>The panel with the days to come, and the forecast of them.</returns>
    /// <exception cref="ModelNotTrainedException">The sales have other columns than those that were learned from.</exception>
    public (DemandPanel Panel, ForecastGrid Grid) Ahead(DemandPanel panel, DemandPlan plan)
    {
        if (!panel.Known.SequenceEqual(Known, StringComparer.Ordinal))
        {
            throw new ModelNotTrainedException("The columns of the sales that are planned ahead have changed since the model learned: "
                + $"now [{string.Join(", ", panel.Known)}], then [{string.Join(", ", Known)}]. Train again: 'cartwright inventory train'.");
        }

        DemandPanel longer = Extend(panel, plan.Promoted);
        plan.Write(longer, panel.Length);
        return (longer, Model.Forecast(longer, panel.Length, Horizon));
    }

    private DemandPanel Extend(DemandPanel panel, IReadOnlySet<DateOnly> promoted)
    {
        int length = panel.Length + Horizon;
        var longer = new DemandPanel
        {
            Info = panel.Info,
            FirstDay = panel.FirstDay,
            Period = panel.Period,
            Length = length,
            Known = panel.Known,
            IsPlanned = panel.IsPlanned,
            Series = panel.Series,
        };
        float[] shares = [.. Enumerable.Range(panel.Length, Horizon).Select(t =>
            Enumerable.Range(0, panel.DaysPerPeriod).Count(day => promoted.Contains(longer.DateOf(t).AddDays(day))) / (float)panel.DaysPerPeriod)];
        return longer.With([.. panel.Series.Select(series => Extend(panel, series, shares))]);
    }

    // The price stays as it was; a weekday is open where it mostly was of late; what else is planned is as on an ordinary day.
    private DemandSeries Extend(DemandPanel panel, DemandSeries series, float[] promoted)
    {
        float last = series.Price.LastOrDefault(price => !float.IsNaN(price), float.NaN);
        int week = panel.Period == DemandPeriod.Day ? 7 : 1;
        return new DemandSeries
        {
            Product = series.Product,
            Store = series.Store,
            Units = [.. series.Units, .. Enumerable.Repeat(float.NaN, Horizon)],
            IsOpen = [.. series.IsOpen, .. Enumerable.Range(panel.Length, Horizon).Select(t => IsMostlyOpen(series, t, week, panel.Length))],
            Price = [.. series.Price, .. Enumerable.Repeat(last, Horizon)],
            Promoted = [.. series.Promoted, .. promoted],
            Known = [.. series.Known.Select(known => (float[])[.. known, .. new float[Horizon]])],
        };
    }

    private static bool IsMostlyOpen(DemandSeries series, int period, int week, int length)
    {
        (int open, int asked) = (0, 0);
        for (int t = period - week; t >= 0 && asked < SeasonsBack; t -= week)
        {
            if (t < length)
            {
                open += series.IsOpen[t] ? 1 : 0;
                asked++;
            }
        }

        return asked == 0 || 2 * open >= asked;
    }
}
