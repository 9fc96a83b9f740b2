using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Runs;

namespace Cartwright.Cli.Answers;

/// <summary>The kept versions of any slice's model.</summary>
internal static class VersionAnswers
{
    public static void Write(Terminal terminal, KeptVersions kept)
    {
        if (kept.Versions.Count == 0)
        {
            terminal.Line("No model is trained yet. Train one with the command beside this one: 'train' beside 'status', 'train-voice' beside 'voice-status'.");
            return;
        }

        string[] metrics = [.. kept.Versions.SelectMany(Own).Select(metric => metric.Name).Distinct(StringComparer.Ordinal)
            .OrderByDescending(metric => metric, StringComparer.Ordinal)];
        var table = new TextTable(["Version", "Model", "Trained", "In service", .. metrics.Select(metric => "#" + metric), "#Training"]);
        foreach (ModelVersion version in kept.Versions)
        {
            table.Row(
            [
                version.Version, version.Model, Wording.Moment(version.TrainedAt), version.IsActive ? "yes" : "",
                .. metrics.Select(metric => version.Metrics.TryGetValue($"{version.Model} {metric}", out double value) ? value.ToString("#,0.0000", CultureInfo.InvariantCulture) : "–"),
                Wording.Duration(TimeSpan.FromSeconds(version.TrainSeconds)),
            ]);
        }

        terminal.Write(table);
    }

    /// <summary>The version's own figures; those of the baselines stand beside them: "sasrec ndcg@10", "popularity ndcg@10".</summary>
    private static IEnumerable<(string Name, double Value)> Own(ModelVersion version) => version.Metrics
        .Where(metric => metric.Key.StartsWith(version.Model + " ", StringComparison.Ordinal))
        .Select(metric => (metric.Key[(version.Model.Length + 1)..], metric.Value));
}
