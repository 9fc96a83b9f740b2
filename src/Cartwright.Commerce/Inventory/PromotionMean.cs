namespace Cartwright.Commerce.Inventory;

/// <summary>The mean of all that a series sold on that weekday with, or without, a promotion.</summary>
internal sealed class PromotionMean : IForecaster
{
    public string Name => "weekday-promotion-mean";

    public ForecastGrid Forecast(DemandPanel panel, int origin, int horizon)
    {
        double[][] means = [.. panel.Series.Select(series => MeansOf(panel, series, origin))];
        return ForecastGrid.Of(panel, origin, horizon, (s, h) => (float)Math.Log(1 + means[s][Cell(panel, panel.Series[s], origin + h)]));
    }

    private static int Cell(DemandPanel panel, DemandSeries series, int period) => (2 * panel.WeekdayOf(period)) + (series.IsPromoted(period) ? 1 : 0);

    private static double[] MeansOf(DemandPanel panel, DemandSeries series, int origin)
    {
        double[] sums = new double[14];
        int[] counts = new int[14];
        double sum = 0;
        int count = 0;
        for (int t = 0; t < origin; t++)
        {
            if (!float.IsNaN(series.Units[t]))
            {
                int cell = Cell(panel, series, t);
                sums[cell] += Math.Max(0, series.Units[t]);
                counts[cell]++;
                sum += Math.Max(0, series.Units[t]);
                count++;
            }
        }

        return [.. sums.Select((s, i) => counts[i] > 0 ? s / counts[i] : sum / Math.Max(1, count))];
    }
}
