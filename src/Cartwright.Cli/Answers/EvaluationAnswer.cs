using Cartwright.Cli.Output;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Cli.Answers;

internal static class EvaluationAnswer
{
    private const string ByPlace = "perplexity@";

    /// <summary>In the name of a difference: "ndcg@10 over bm25".</summary>
    private const string Above = " over ";

    private const int MostPlaces = 10;

    public static void Write(Terminal terminal, EvaluationReport report)
    {
        bool ranks = report.Candidates > 0;
        terminal.Heading($"{report.Data}: {report.Protocol}, {Wording.Plural(report.TestCount, ranks ? "target" : "row")}, "
            + (ranks ? $"{Wording.Count(report.Candidates)} candidates each, " : "") + $"seed {report.Seed}");
        string[] all = [.. report.Models.SelectMany(model => model.Metrics.Keys).Distinct(StringComparer.Ordinal)];
        string[] metrics = [.. all.Where(metric => !metric.StartsWith(ByPlace, StringComparison.Ordinal) && !metric.Contains(Above, StringComparison.Ordinal) && !ListTraits.IsTrait(metric))];
        string leading = metrics.FirstOrDefault(metric => metric.StartsWith("ndcg", StringComparison.Ordinal)) ?? metrics.FirstOrDefault(metric => metric == "auc")
            ?? metrics.FirstOrDefault() ?? "";
        double best = ranks ? report.Models.Max(model => Value(model, leading)) : 0;
        var table = new TextTable(["Model", .. metrics.Select(metric => "#" + metric), "", "#Training", "#Memory"]);
        foreach (ModelEvaluation model in (ranks ? report.Models.OrderByDescending(model => Value(model, leading)) : report.Models.AsEnumerable()))
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
        foreach (string note in report.Notes ?? [])
        {
            terminal.Line(note);
        }

        if (Array.Exists(all, ListTraits.IsTrait))
        {
            WriteTraits(terminal, report, [.. all.Where(ListTraits.IsTrait)]);
        }

        string[] byPlace = [.. all.Where(metric => metric.StartsWith(ByPlace, StringComparison.Ordinal))];
        if (byPlace.Length > 0)
        {
            WriteByPlace(terminal, report, byPlace);
        }

        foreach ((ModelEvaluation model, string metric) in report.Models.SelectMany(model => model.Metrics.Keys.Where(metric => metric.Contains(Above, StringComparison.Ordinal)), (model, metric) => (model, metric)))
        {
            MetricEstimate by = model.Metrics[metric];
            terminal.Line(FormattableString.Invariant($"{model.Model} is {by.Value:+0.0000;-0.0000} in {metric} ({by.Low:+0.0000;-0.0000} to {by.High:+0.0000;-0.0000}), the same cases for both."));
        }

        terminal.Line(ranks ? "Fractions, the 95 % interval in brackets; all products are candidates, ties count against the model."
            : "The 95 % interval in brackets; shares are fractions, errors in the target's unit.");
    }

    /// <summary>Every pair of models, the larger differences first.</summary>
    public static void WritePairs(Terminal terminal, CompareResponse compared)
    {
        var table = new TextTable("Better", "Than", $"#By, {compared.Metric}", "Sure");
        foreach (ModelPair pair in compared.Pairs)
        {
            table.Row(pair.Better, pair.Other, Figure(pair.Difference), pair.IsSure ? "yes" : "no: the interval holds 0");
        }

        terminal.Write(table);
    }

    /// <summary>What lists are like and what an answer costs, in a table of its own.</summary>
    private static void WriteTraits(Terminal terminal, EvaluationReport report, string[] traits)
    {
        var table = new TextTable(["What lists are like", .. traits.Select(metric => "#" + metric), "#Answer"]);
        foreach (ModelEvaluation model in report.Models)
        {
            table.Row(
            [
                model.Model,
                .. traits.Select(metric => model.Metrics.TryGetValue(metric, out MetricEstimate? estimate) ? FormattableString.Invariant($"{estimate.Value:0.000}") : "–"),
                model.AnswerMilliseconds is { } milliseconds ? FormattableString.Invariant($"{milliseconds:0.00} ms") : "–",
            ]);
        }

        terminal.Write(table);
    }

    /// <summary>Perplexity place by place, in a table of its own: ten columns more would be read by nobody.</summary>
    private static void WriteByPlace(Terminal terminal, EvaluationReport report, string[] metrics)
    {
        string[] shown = metrics.Length <= MostPlaces ? metrics : metrics[..MostPlaces];
        var table = new TextTable(["Perplexity at place", .. shown.Select(metric => "#" + metric[ByPlace.Length..])]);
        foreach (ModelEvaluation model in report.Models)
        {
            table.Row([model.Model, .. shown.Select(metric => FormattableString.Invariant($"{Value(model, metric):0.0000}"))]);
        }

        terminal.Write(table);
    }

    private static double Value(ModelEvaluation model, string metric) =>
        model.Metrics.TryGetValue(metric, out MetricEstimate? estimate) ? estimate.Value : 0;

    private static string Figure(MetricEstimate estimate) =>
        estimate.Value >= 10
        ? FormattableString.Invariant($"{estimate.Value:#,0.0} ({estimate.Low:#,0.0}–{estimate.High:#,0.0})")
        : FormattableString.Invariant($"{estimate.Value:0.0000} ({estimate.Low:0.000}–{estimate.High:0.000})");
}
