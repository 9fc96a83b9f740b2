namespace Cartwright.Commerce.Inventory;

/// <summary>What was sold last, for all periods to come.</summary>
internal sealed class LastValue : IForecaster
{
    public string Name => "last-value";

    public ForecastGrid Forecast(DemandPanel panel, int origin, int horizon) =>
        ForecastGrid.Of(panel, origin, horizon, (s, _) => Center(panel.Series[s], origin));

    /// <summary>The last units before an origin, in ln(1 + units); 0 where there are none.</summary>
    public static float Center(DemandSeries series, int origin)
    {
        for (int t = origin - 1; t >= 0; t--)
        {
            float log = series.Log(t);
            if (!float.IsNaN(log))
            {
                return log;
            }
        }

        return 0;
    }
}
