namespace Cartwright.Commerce.Inventory;

/// <summary>The same weekday of the last week, or the same week of the last year; the last value where there is none.</summary>
/// <remarks>Closed days are passed over: the same weekday of the last week on which it was open, up to eight weeks back.</remarks>
internal sealed class SeasonalNaive : IForecaster
{
    private const int MostSeasonsBack = 8;

    public string Name => "seasonal-naive";

    public ForecastGrid Forecast(DemandPanel panel, int origin, int horizon) =>
        ForecastGrid.Of(panel, origin, horizon, (s, h) => Center(panel, panel.Series[s], origin, h));

    private static float Center(DemandPanel panel, DemandSeries series, int origin, int step)
    {
        int period = origin + step;
        int back = panel.Season * ((step / panel.Season) + 1);
        for (int seasons = 0; seasons < MostSeasonsBack && period - back >= 0; seasons++, back += panel.Season)
        {
            float log = series.Log(period - back);
            if (!float.IsNaN(log))
            {
                return log;
            }
        }

        return LastValue.Center(series, origin);
    }
}
