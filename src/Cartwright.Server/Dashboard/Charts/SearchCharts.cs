using System.Globalization;
using Cartwright.Commerce.Search;

namespace Cartwright.Server.Dashboard.Charts;

/// <summary>How clicks fall with the place of a result.</summary>
internal static class SearchCharts
{
    public static Chart Clicks(ClicksResponse clicks) => new()
    {
        Name = "clicks",
        AxisName = "Place",
        ValueName = "Share of the times something stood there, %",
        Axis = [.. clicks.Curve.Select(place => place.Place.ToString(CultureInfo.InvariantCulture))],
        Series =
        [
            new("Clicked", ChartShape.Bar, [.. clicks.Curve.Select(place => (double?)Percent(place.Clicked))]),
            new("Looked at", ChartShape.Line, [.. clicks.Curve.Select(place => (double?)Percent(place.Examined))]),
            new("Attractive once looked at", ChartShape.Line, [.. clicks.Curve.Select(place => (double?)Percent(place.Attraction))]),
        ],
    };

    private static double Percent(double share) => Math.Round(share * 100, 2);
}
