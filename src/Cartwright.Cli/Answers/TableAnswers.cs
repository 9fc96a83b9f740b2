using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Tables;

namespace Cartwright.Cli.Answers;

/// <summary>What any slice answers that learns from a table.</summary>
internal static class TableAnswers
{
    public static void Write(Terminal terminal, TableTrainResponse trained)
    {
        terminal.Heading(trained.Summary);
        string[][] names = [.. trained.Estimates.Keys.Select(name => name.Split(' ', 2))];
        string[] metrics = [.. names.Select(parts => parts[1]).Distinct(StringComparer.Ordinal)];
        var table = new TextTable(["Model", .. metrics.Select(metric => "#" + metric)]);
        foreach (string model in names.Select(parts => parts[0]).Distinct(StringComparer.Ordinal))
        {
            table.Row([model, .. metrics.Select(metric => trained.Estimates.TryGetValue($"{model} {metric}", out MetricEstimate? estimate) ? Figure(estimate) : "–")]);
        }

        terminal.Write(table);
        terminal.Line("On what was kept aside and no model learned from; the 95 % interval in brackets.");
        if (trained.Columns.Count > 0)
        {
            terminal.Line("Columns were taken for: " + string.Join(", ", trained.Columns.GroupBy(column => column.Kind)
                .Select(kind => $"{kind.Key.ToString().ToLowerInvariant()} ({string.Join(", ", kind.Take(12).Select(column => column.Name))}{(kind.Count() > 12 ? ", …" : "")})")) + ". Change it with --kinds.");
        }

        terminal.Line($"Version {trained.Version}, trained in {Wording.Duration(TimeSpan.FromSeconds(trained.TrainSeconds))}.");
    }

    private static string Figure(MetricEstimate estimate) =>
        string.Create(CultureInfo.InvariantCulture, $"{estimate.Value:#,0.####} ({estimate.Low:#,0.###}–{estimate.High:#,0.###})");
}
