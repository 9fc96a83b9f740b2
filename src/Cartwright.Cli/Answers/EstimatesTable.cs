using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Cli.Answers;

/// <summary>What a training measured: a row for each model, a column for each metric.</summary>
internal static class EstimatesTable
{
    /// <param name="estimates">By model and metric, the metric last: "ensemble wape", "attribute color accuracy".</param>
    public static void Write(Terminal terminal, IReadOnlyDictionary<string, MetricEstimate> estimates)
    {
        (string Model, string Metric)[] names = [.. estimates.Keys.Select(name => (name[..name.LastIndexOf(' ')], name[(name.LastIndexOf(' ') + 1)..]))];
        string[] metrics = [.. names.Select(name => name.Metric).Distinct(StringComparer.Ordinal)];
        var table = new TextTable(["Model", .. metrics.Select(metric => "#" + metric)]);
        foreach (string model in names.Select(name => name.Model).Distinct(StringComparer.Ordinal))
        {
            table.Row([model, .. metrics.Select(metric => estimates.TryGetValue($"{model} {metric}", out MetricEstimate? estimate) ? Figure(estimate) : "–")]);
        }

        terminal.Write(table);
    }

    private static string Figure(MetricEstimate estimate) =>
        string.Create(CultureInfo.InvariantCulture, $"{estimate.Value:#,0.####} ({estimate.Low:#,0.###}–{estimate.High:#,0.###})");
}
