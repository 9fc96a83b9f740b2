namespace Cartwright.Commerce.Inventory;

/// <summary>The mean of the last four weeks, for all periods to come.</summary>
internal sealed class RecentMean : IForecaster
{
    private const int Days = 28;

    public string Name => "recent-mean";

    public ForecastGrid Forecast(DemandPanel panel, int origin, int horizon) =>
        ForecastGrid.Of(panel, origin, horizon, (s, _) => Center(panel, panel.Series[s], origin));

    private static float Center(DemandPanel panel, DemandSeries series, int origin)
    {
        double sum = 0;
        int count = 0;
        for (int t = Math.Max(0, origin - (Days / panel.DaysPerPeriod)); t < origin; t++)
        {
            if (!float.IsNaN(series.Units[t]))
            {
                sum += Math.Max(0, series.Units[t]);
                count++;
            }
        }

        return count == 0 ? LastValue.Center(series, origin) : (float)Math.Log(1 + (sum / count));
    }
}
