using System.Globalization;
using System.Text;

namespace Cartwright.Server.Dashboard.Charts;

/// <summary>A chart's data as a CSV file (RFC 4180).</summary>
internal static class ChartCsv
{
    public static IResult Of(Chart chart)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', chart.Series.Select(s => s.Name).Prepend(chart.AxisName).Select(Field)).Append("\r\n");
        IReadOnlyList<string> labels = chart.AxisInFile ?? chart.Axis;
        for (int i = 0; i < chart.Axis.Count; i++)
        {
            text.AppendJoin(',', chart.Series
                .Select(s => s.Values[i]?.ToString("R", CultureInfo.InvariantCulture) ?? "")
                .Prepend(Field(labels[i]))).Append("\r\n");
        }

        return Results.File(Encoding.UTF8.GetBytes(text.ToString()), "text/csv; charset=utf-8", chart.Name + ".csv");
    }

    /// <summary>A value as it stands in a row, in quotes where it must.</summary>
    internal static string Field(string value) =>
        value.AsSpan().ContainsAny("\",\r\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
