using Cartwright.Cli.Output;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Cli.Answers;

internal static class EvaluationAnswer
{
    public static void Write(Terminal terminal, EvaluationReport report)
    {
        terminal.Heading($"{report.Data}: {report.Protocol}, {Wording.Plural(report.TestCount, "target")}, "
            + $"{Wording.Count(report.Candidates)} candidates each, seed {report.Seed}");
        string[] metrics = [.. report.Models.SelectMany(model => model.Metrics.Keys).Distinct(StringComparer.Ordinal)];
        string leading = metrics.FirstOrDefault(metric => metric.StartsWith("ndcg", StringComparison.Ordinal)) ?? metrics.FirstOrDefault() ?? "";
        double best = report.Models.Max(model => Value(model, leading));
        var table = new TextTable(["Model", .. metrics.Select(metric => "#" + metric), "", "#Training", "#Memory"]);
        foreach (ModelEvaluation model in report.Models.OrderByDescending(model => Value(model, leading)))
        {
            table.Row(
            [
                model.Role == "baseline" ? $"{model.Model} (baseline)" : model.Model,
                .. metrics.Select(metric => model.Metrics.TryGetValue(metric, out MetricEstimate? estimate) ? Figure(estimate) : "–"),
                best > 0 ? terminal.Bar(Value(model, leading) / best) : "",
                Wording.Duration(TimeSpan.FromSeconds(model.TrainSeconds)),
                Wording.Bytes(model.PeakMemoryBytes),
            ]);
        }

        terminal.Write(table);
        terminal.Line("Fractions, the 95 % interval in brackets; all products are candidates, ties count against the model.");
    }

    private static double Value(ModelEvaluation model, string metric) =>
        model.Metrics.TryGetValue(metric, out MetricEstimate? estimate) ? estimate.Value : 0;

    private static string Figure(MetricEstimate estimate) =>
        FormattableString.Invariant($"{estimate.Value:0.0000} ({estimate.Low:0.000}–{estimate.High:0.000})");
}
