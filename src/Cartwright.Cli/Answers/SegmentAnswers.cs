using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Behavior;

namespace Cartwright.Cli.Answers;

internal static class SegmentAnswers
{
    public static void Write(Terminal terminal, SegmentResponse answer, string currency)
    {
        terminal.Heading(answer.Summary);
        var table = new TextTable(["Segment", "#Shoppers", "#Of all", $"#Spent, {currency}", "#Of all spent", "#Spent each", "What sets them apart", "Members"]);
        foreach (ShopperSegment segment in answer.Segments)
        {
            table.Row([segment.Name, Wording.Count(segment.Shoppers), Wording.Percent(segment.Share), Money(segment.Spent), Wording.Percent(segment.SpentShare), Money(segment.MeanSpent),
                string.Join("; ", segment.Traits.Take(3).Select(trait => trait.Text)), string.Join(", ", segment.Members)]);
        }

        terminal.Write(table);
        var tried = new TextTable(["#Segments", "#Silhouette", "#Calinski-Harabasz", "#Found again on other samples", "#From other seeds"]);
        foreach (TriedSegments one in answer.Tried)
        {
            tried.Row([Wording.Count(one.Count), Number(one.Silhouette, "0.000"), Number(one.CalinskiHarabasz, "#,0"), Number(one.Stability, "0.000"), Number(one.SeedStability, "0.000")]);
        }

        terminal.Line();
        terminal.Write(tried);
    }

    public static void Write(Terminal terminal, AnomaliesResponse answer)
    {
        terminal.Heading(answer.Summary);
        var table = new TextTable(["What", "Day", "Who or what", "#Rows", "#Score", "Why"]);
        foreach (Anomaly found in answer.Results)
        {
            string who = string.Join(", ", new[] { found.ShopperId ?? found.SessionId, found.ProductId, found.ShopperId is null && found.SessionId is null ? found.Of?.ToString().ToLowerInvariant() : null }.OfType<string>());
            table.Row([Words(found.Kind), found.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "", who, Wording.Count(found.Rows), Number(found.Score, "0.0"), found.Reason]);
        }

        terminal.Write(table);
    }

    /// <summary>"repeated events" for RepeatedEvents.</summary>
    private static string Words(AnomalyKind kind) => string.Concat(kind.ToString().Select((letter, i) => i > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));

    private static string Money(double value) => value.ToString("#,0.00", CultureInfo.InvariantCulture);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
