using Cartwright.Commerce.Inventory;

namespace Cartwright.Server.Dashboard.Charts;

/// <summary>The forecast of one product, and the sentence that is its title.</summary>
internal static class StockCharts
{
    public static Chart Fan(ProductForecast forecast, DemandPeriod period)
    {
        int before = forecast.History.Count;
        IEnumerable<double?> None(int count) => Enumerable.Repeat((double?)null, count);
        DateOnly[] dates = [.. forecast.History.Select(h => h.Date), .. forecast.Periods.Select(p => p.Date)];
        return new Chart
        {
            Name = "forecast",
            AxisName = period == DemandPeriod.Day ? "Day" : "Week from",
            ValueName = $"Units per {(period == DemandPeriod.Day ? "day" : "week")}",
            Axis = [.. dates.Select(Figures.Day)],
            AxisInFile = [.. dates.Select(date => date.ToString("yyyy-MM-dd"))],
            Series =
            [
                new("Sold", ChartShape.Line, [.. forecast.History.Select(h => h.Units), .. None(forecast.Periods.Count)]),
                new("Forecast", ChartShape.Line, [.. None(before), .. forecast.Periods.Select(p => (double?)p.Units)]),
                new("Low", ChartShape.Reference, [.. None(before), .. forecast.Periods.Select(p => (double?)p.Low)]),
                new("High", ChartShape.Reference, [.. None(before), .. forecast.Periods.Select(p => (double?)p.High)]),
            ],
        };
    }

    /// <summary>"About 140 units of Green tea will sell from 28 Aug to 10 Sep 2024; four of five times 120 to 165".</summary>
    public static string Finding(ProductForecast forecast, string title)
    {
        string store = forecast.Store.Length == 0 ? "" : $" in {forecast.Store}";
        return forecast.Periods.Count == 0 ? $"{title}{store} is closed in all that is forecast"
            : $"About {Figures.Number(forecast.Total)} units of {title}{store} will sell in {Figures.Days(forecast.Periods[0].Date, forecast.Periods[^1].Date)}; four of five times {Figures.Number(forecast.Low)} to {Figures.Number(forecast.High)}";
    }
}
