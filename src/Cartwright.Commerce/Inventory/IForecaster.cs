namespace Cartwright.Commerce.Inventory;

/// <summary>Forecasts all series of a panel at once.</summary>
internal interface IForecaster
{
    /// <summary>Lower-case name from the paper: "deepar".</summary>
    string Name { get; }

    /// <param name="panel">Units from <paramref name="origin"/> on are not there, or not read.</param>
    /// <param name="origin">The first period to forecast.</param>
    /// <param name="horizon">Periods to forecast, 1 or more; they lie within the panel.</param>
    ForecastGrid Forecast(DemandPanel panel, int origin, int horizon);
}

/// <summary>Forecasts in ln(1 + units): for each series and step the center, and how far off it may be.</summary>
internal sealed class ForecastGrid(int seriesCount, int horizon)
{
    public int Horizon => horizon;

    /// <summary>[series][steps]</summary>
    public float[][] Center { get; } = [.. Enumerable.Range(0, seriesCount).Select(_ => new float[horizon])];

    /// <summary>About a standard deviation, more than 0; what it is worth is found on validation: [series][steps].</summary>
    public float[][] Spread { get; } = [.. Enumerable.Range(0, seriesCount).Select(_ => new float[horizon])];

    /// <summary>Centers by a rule for each series and step, the spread from the history.</summary>
    public static ForecastGrid Of(DemandPanel panel, int origin, int horizon, Func<int, int, float> center)
    {
        var grid = new ForecastGrid(panel.Series.Count, horizon);
        DemandProfile[] profiles = DemandProfile.Of(panel, origin);
        for (int s = 0; s < grid.Center.Length; s++)
        {
            Array.Fill(grid.Spread[s], profiles[s].Spread);
            for (int h = 0; h < horizon; h++)
            {
                grid.Center[s][h] = center(s, h);
            }
        }

        return grid;
    }
}
