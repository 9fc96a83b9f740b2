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

    private static string Money(double value) => value.ToString("#,0.00", CultureInfo.InvariantCulture);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
