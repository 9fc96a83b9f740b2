using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Cli.Answers;

internal static class RecommendationAnswers
{
    public static void Write(Terminal terminal, TuneResponse tuned)
    {
        var table = new TextTable("#Trial", $"#{tuned.Metric}", "", "Options", "#Took", "#Memory");
        double most = tuned.Trials.Max(trial => trial.Value);
        foreach (TuneTrial trial in tuned.Trials.OrderByDescending(trial => trial.Value).ThenBy(trial => trial.Number))
        {
            table.Row(Wording.Count(trial.Number), FormattableString.Invariant($"{trial.Value:0.0000}"), most > 0 ? terminal.Bar(trial.Value / most) : "",
                trial.Options.Count == 0 ? "the model's own choice" : string.Join(" ", trial.Options), Wording.Duration(TimeSpan.FromSeconds(trial.Seconds)), Wording.Bytes(trial.PeakMemoryBytes));
        }

        terminal.Write(table);
        terminal.Line(tuned.Summary);
    }

    public static void Write(Terminal terminal, TrainResponse trained)
    {
        terminal.Heading(trained.Summary);
        terminal.Write(ByModel(trained.Metrics, name => trained.Estimates.TryGetValue(name, out MetricEstimate? estimate)
            ? FormattableString.Invariant($"{estimate.Value:0.0000} ({estimate.Low:0.000}–{estimate.High:0.000})")
            : Figure(trained.Metrics[name])));
        if (trained.Estimates.Count > 0)
        {
            terminal.Line("On held-out interactions that no model learned from; the 95 % interval in brackets.");
        }

        terminal.Line($"Version {trained.Version}, trained in {Wording.Duration(TimeSpan.FromSeconds(trained.TrainSeconds))}, "
            + (trained.IsActive ? "now in service." : $"not in service. To use it: cartwright recommendation activate {trained.Version}"));
    }

    public static void Write(Terminal terminal, IReadOnlyList<RankedProduct> results, string model, string? version,
        string? fallback, string currency)
    {
        if (Write(terminal, results, fallback, currency))
        {
            terminal.Line(version is null ? $"Ranked by {model}." : $"Ranked by {model}, version {version}.");
        }
    }

    public static void Write(Terminal terminal, BuyAgainResponse list, string currency)
    {
        if (!Write(terminal, list.Results, list.Fallback, currency) || list.Due.Count == 0)
        {
            return;
        }

        var table = new TextTable("Product", "#Bought", "Last", "#Every", "Due");
        foreach (DuePurchase due in list.Due)
        {
            table.Row(due.ProductId, Wording.Count(due.Times) + "×", $"{due.LastAt:yyyy-MM-dd}", string.Create(CultureInfo.InvariantCulture, $"{due.EveryDays:0} days"), $"{due.DueAt:yyyy-MM-dd}");
        }

        terminal.Write(table);
    }

    /// <returns>False where no product fits.</returns>
    public static bool Write(Terminal terminal, IReadOnlyList<RankedProduct> results, string? fallback, string currency)
    {
        if (fallback is not null)
        {
            terminal.Line(fallback);
        }

        if (results.Count == 0)
        {
            terminal.Line("No product fits. Loosen the filters: --category, --brand, --tags, --attributes, --price-from, --price-to, --no-in-stock.");
            return false;
        }

        bool hasReasons = results.Any(result => result.Reasons is { Count: > 0 });
        string[] headings = ["#Rank", "Product", "Title", "#Price", "#Score"];
        var table = new TextTable(hasReasons ? [.. headings, "Why"] : headings);
        for (int i = 0; i < results.Count; i++)
        {
            RankedProduct result = results[i];
            string[] row =
            [
                Wording.Count(i + 1), result.ProductId, result.Title,
                result.Price is { } price ? price.ToString("#,0.00", CultureInfo.InvariantCulture) + " " + currency : "–",
                Wording.Number(result.Score),
            ];
            table.Row(hasReasons ? [.. row, string.Join("; ", (result.Reasons ?? []).Select(reason => reason.Text))] : row);
        }

        terminal.Write(table);
        return true;
    }

    public static void Write(Terminal terminal, ExplainResponse explained)
    {
        terminal.Heading($"Product {explained.ProductId} is number {Wording.Count(explained.Rank)} for this shopper "
            + $"(score {Wording.Number(explained.Score)}, {explained.Model}).");
        if (explained.Fallback is { } fallback)
        {
            terminal.Line(fallback);
        }

        if (explained.Parts.Count > 0)
        {
            double most = explained.Parts.Max(part => Math.Abs(part.Change));
            var parts = new TextTable("Stage", "#Adds", "");
            foreach (StageChange part in explained.Parts)
            {
                parts.Row(part.Stage, part.Change.ToString("+0.####;-0.####", System.Globalization.CultureInfo.InvariantCulture), part.Change > 0 ? terminal.Bar(part.Change / most) : "");
            }

            terminal.Write(parts);
        }

        if (explained.Reasons.Count == 0)
        {
            terminal.Line("No single interaction carries it: taking any one away would not lower the score.");
            return;
        }

        double heaviest = explained.Reasons.Max(reason => reason.Weight);
        var table = new TextTable("Why", "Product", "#Weight", "");
        foreach (Reason reason in explained.Reasons)
        {
            table.Row(reason.Text, reason.ProductId ?? "–", Wording.Number(reason.Weight),
                heaviest > 0 ? terminal.Bar(reason.Weight / heaviest) : "");
        }

        terminal.Write(table);
        terminal.Line("The weight is what the score loses when the reason is taken away.");
    }

    /// <summary>A row per model and a column per metric, from names such as "sasrec ndcg@10"; the best model first.</summary>
    private static TextTable ByModel(IReadOnlyDictionary<string, double> figures, Func<string, string> show)
    {
        string[][] names = [.. figures.Keys.Select(name => name.Split(' ', 2)).Where(parts => parts.Length == 2)];
        string[] metrics = [.. names.Select(parts => parts[1]).Distinct(StringComparer.Ordinal).OrderByDescending(metric => metric, StringComparer.Ordinal)];
        var table = new TextTable(["Model", .. metrics.Select(metric => "#" + metric)]);
        foreach (string model in names.Select(parts => parts[0]).Distinct(StringComparer.Ordinal)
            .OrderByDescending(model => figures.GetValueOrDefault($"{model} {metrics[0]}")))
        {
            table.Row([model, .. metrics.Select(metric => figures.ContainsKey($"{model} {metric}") ? show($"{model} {metric}") : "–")]);
        }

        return table;
    }

    private static string Figure(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
