using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Search;

namespace Cartwright.Cli.Answers;

internal static class SearchAnswers
{
    public static void Write(Terminal terminal, SearchResponse found, string currency)
    {
        foreach (Correction correction in found.Corrected)
        {
            terminal.Line($"Read '{correction.Word}' as '{correction.ReadAs}'.");
        }

        if (found.Relaxed.Count > 0)
        {
            terminal.Line($"No product has all of the words; left out: {string.Join(", ", found.Relaxed)}.");
        }

        if (found.Results.Count == 0)
        {
            terminal.Line(found.TotalCount > 0 ? $"Only {Wording.Count(found.TotalCount)} products are found; a lower --offset shows them."
                : "No product is found. Try other words, and where you filter, filter less: --category, --brand, --attributes, --price-from, --price-to, --no-in-stock.");
            return;
        }

        bool hasReasons = found.Results.Any(result => result.Reasons is { Count: > 0 });
        string[] headings = ["#Rank", "Product", "Title", "#Price", "#Score"];
        var table = new TextTable(hasReasons ? [.. headings, "Why"] : headings);
        for (int i = 0; i < found.Results.Count; i++)
        {
            FoundProduct result = found.Results[i];
            string[] row =
            [
                Wording.Count(i + 1), result.ProductId, result.Title,
                result.Price is { } price ? price.ToString("#,0.00", CultureInfo.InvariantCulture) + " " + currency : "–",
                Wording.Number(result.Score),
            ];
            table.Row(hasReasons ? [.. row, string.Join("; ", (result.Reasons ?? []).Take(3).Select(reason => $"{reason.Text} {Wording.Number(reason.Weight)}"))] : row);
        }

        terminal.Write(table);
        terminal.Line($"{Wording.Count(found.TotalCount)} found. Ranked by {found.Ranking}{(found.Version is null ? "" : $", version {found.Version}")}.");
        foreach (Facet facet in found.Facets)
        {
            if (facet.Values.Count == 0)
            {
                terminal.Line($"None of them has '{facet.Name}': they can be counted by brand, category, price, or a name of an attribute.");
                continue;
            }

            var counts = new TextTable(facet.Name, "#Products");
            foreach (FacetValue value in facet.Values)
            {
                counts.Row(value.Value, Wording.Count(value.Count));
            }

            terminal.Write(counts);
        }
    }

    public static void Write(Terminal terminal, CompleteResponse completed)
    {
        if (completed.Results.Count == 0)
        {
            terminal.Line("No product goes on so.");
            return;
        }

        var table = new TextTable("Query", "#Products");
        foreach (Completion completion in completed.Results)
        {
            table.Row(completion.Text, Wording.Count(completion.ProductCount));
        }

        terminal.Write(table);
    }

    public static void Write(Terminal terminal, ExplainResponse explained)
    {
        terminal.Heading(explained.Rank is { } rank
            ? $"{explained.Title} ({explained.ProductId}) is number {Wording.Count(rank)} for these words (score {Wording.Number(explained.Score)}, {explained.Ranking})."
            : $"{explained.Title} ({explained.ProductId}) has none of these words.");
        if (explained.Contributions.Count > 0)
        {
            double heaviest = explained.Contributions.Max(contribution => contribution.Weight);
            var table = new TextTable("Word", "Field", "#Times", "#Products with it", "#Worth", "");
            foreach (Contribution contribution in explained.Contributions)
            {
                table.Row(contribution.ReadAs is { } read ? $"{read}, for {contribution.Word}" : contribution.Word, contribution.Field, Wording.Count(contribution.Count), Wording.Count(contribution.ProductCount),
                    Wording.Number(contribution.Weight), terminal.Bar(contribution.Weight / heaviest));
            }

            terminal.Write(table);
            terminal.Line("The worths sum to the score.");
        }

        if (explained.Missing.Count > 0)
        {
            terminal.Line($"It does not have: {string.Join(", ", explained.Missing)}.");
        }
    }

    public static void Write(Terminal terminal, EvaluateSpeedResponse measured)
    {
        terminal.Heading($"{Wording.Count(measured.Titles)} titles indexed in {Wording.Duration(TimeSpan.FromSeconds(measured.IndexSeconds))}: "
            + $"{Wording.Count((int)measured.TitlesPerSecond)} a second on one thread; the index takes {Megabytes(measured.IndexBytes)} (process at most {Megabytes(measured.PeakMemoryBytes)}).");
        var table = new TextTable("Queries", "#Count", "#Found in 20", "#Listed", "#Median", "#99 of 100 below");
        foreach (QuerySpeed kind in measured.Kinds)
        {
            table.Row(kind.Kind, Wording.Count(kind.Queries), kind.Found.ToString("0.000", CultureInfo.InvariantCulture), kind.MeanHits.ToString("0.0", CultureInfo.InvariantCulture),
                Milliseconds(kind.MedianMilliseconds), Milliseconds(kind.P99Milliseconds));
        }

        terminal.Write(table);
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");

    private static string Milliseconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.000} ms");
}
