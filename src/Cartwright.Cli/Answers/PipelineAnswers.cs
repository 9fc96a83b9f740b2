using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Cli.Answers;

internal static class PipelineAnswers
{
    public static void Write(Terminal terminal, PipelineResponse told)
    {
        terminal.Heading(told.Version.Length == 0
            ? "No pipeline was set yet: lists are the model's own order."
            : $"Pipeline {told.Version}, {(told.IsInService ? "in service" : "not in service")}.");
        if (told.Version.Length > 0 && told.Pipeline.IsEmpty)
        {
            terminal.Line("It changes nothing: lists are the model's own order.");
        }

        foreach ((string model, double weight) in told.Pipeline.Weights)
        {
            terminal.Line($"{model} weighs {Wording.Number(weight)}{(told.Generators.TryGetValue(model, out double learned) ? $" ({Wording.Number(learned)} was learned)" : ", but the model in service does not add it")}.");
        }

        terminal.Line(told.Pipeline.Ranker is { } ranker ? $"Candidates are put into the order of {ranker}." : "No ranker: candidates stay in the models' order.");
        terminal.Line($"Diversity {Wording.Number(told.Pipeline.Diversity)}; "
            + (told.Pipeline.CategoryCap is { } cap ? $"at most {Wording.Plural(cap, "product")} of a category." : "no limit on a category."));
        if (told.Pipeline.Exploration is { Share: > 0 } exploration)
        {
            terminal.Line($"{Wording.Number(100 * exploration.Share)} % of the places are left to chance ({exploration.Method}, among {Wording.Plural(exploration.Candidates, "product")}).");
        }

        if (told.Pipeline.Rules.Count > 0)
        {
            var rules = new TextTable("Rule", "Action", "Products", "How much", "From", "Until", "On");
            foreach (MerchandisingRule rule in told.Pipeline.Rules)
            {
                rules.Row(rule.Id, rule.Action.ToString().ToLowerInvariant(), rule.About, HowMuch(rule), Moment(rule.From), Moment(rule.Until), rule.Enabled ? "yes" : "no");
            }

            terminal.Write(rules);
        }

        if (told.Versions.Count > 0)
        {
            var versions = new TextTable("Kept version", "Set at", "Note");
            foreach (PipelineVersion version in told.Versions)
            {
                versions.Row(version.Version, Moment(version.At), version.Note);
            }

            terminal.Write(versions);
        }
    }

    public static void Write(Terminal terminal, PreviewResponse preview)
    {
        terminal.Heading($"What the pipeline would show, ranked by {preview.Model}.");
        var table = new TextTable("#Place", "Product", "Title", "#Now at", "What the stages did");
        for (int i = 0; i < preview.Then.Count; i++)
        {
            RankedProduct product = preview.Then[i];
            int now = preview.Now.ToList().FindIndex(other => other.ProductId == product.ProductId);
            table.Row(Wording.Count(i + 1), product.ProductId, product.Title, now < 0 ? "–" : Wording.Count(now + 1),
                string.Join("; ", (product.Stages ?? []).Select(stage => $"{stage.Stage} {stage.Change.ToString("+0.00;-0.00", CultureInfo.InvariantCulture)}")));
        }

        terminal.Write(table);
        string[] gone = [.. preview.Now.Where(old => preview.Then.All(product => product.ProductId != old.ProductId)).Select(old => old.ProductId)];
        if (gone.Length > 0)
        {
            terminal.Line($"No longer in the list: {string.Join(", ", gone)}.");
        }
    }

    public static void Write(Terminal terminal, TrainRankerResponse trained)
    {
        terminal.Heading(trained.Summary);
        var table = new TextTable("Figure", "#Value", "#95 % interval");
        foreach ((string name, MetricEstimate estimate) in trained.Metrics)
        {
            table.Row(name, FormattableString.Invariant($"{estimate.Value:0.0000}"), FormattableString.Invariant($"{estimate.Low:0.0000} to {estimate.High:0.0000}"));
        }

        terminal.Write(table);
        terminal.Line($"On what was shown after it learned. Places 1 to {Wording.Count(trained.Looks.Count)} are looked at with {string.Join(", ", trained.Looks.Select(Wording.Percent))} of the chance of the first.");
        terminal.Line($"It reads {string.Join(", ", trained.Generators)} and counts for {Wording.Percent(trained.Share)} of the order, the generators for the rest.");
        terminal.Line($"Version {trained.Version}, from {Wording.Plural(trained.Impressions, "impression")} with {Wording.Plural(trained.Clicks, "click")}, trained in {Wording.Duration(TimeSpan.FromSeconds(trained.TrainSeconds))}, "
            + (trained.IsActive ? "now in the pipeline." : $"not in the pipeline. To use it, set \"ranker\": \"{trained.Version}\" in it."));
    }

    private static string HowMuch(MerchandisingRule rule) => rule.Action switch
    {
        MerchandisingAction.Pin => $"place {Wording.Count(rule.Place)}",
        MerchandisingAction.Hide => "",
        _ => $"{Wording.Number(rule.Strength)} deviations",
    };

    private static string Moment(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "–";
}
