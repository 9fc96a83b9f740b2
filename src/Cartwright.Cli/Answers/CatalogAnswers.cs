using Cartwright.Cli.Output;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Cli.Answers;

internal static class CatalogAnswers
{
    private const int ShownRejects = 10;

    public static void Write(Terminal terminal, ImportReport report)
    {
        terminal.Heading(report.IsStored
            ? $"Imported {report.Source} in {Wording.Duration(TimeSpan.FromSeconds(report.Seconds))}."
            : $"Nothing was imported from {report.Source}: too many rows are bad. Mend them, or allow more with --max-reject-share.");
        WriteFiles(terminal, report.Files);
        if (report.ProductsCreated > 0)
        {
            terminal.Line($"{Wording.Plural(report.ProductsCreated, "product")} that interactions name {(report.ProductsCreated == 1 ? "is" : "are")} described by no file. "
                + "Beside a catalog they are in no list until it has them; without one, they are it.");
        }

        if (report.ShoppersCreated > 0)
        {
            terminal.Line($"{Wording.Plural(report.ShoppersCreated, "shopper")} {(report.ShoppersCreated == 1 ? "was" : "were")} mentioned but not described, and made from {(report.ShoppersCreated == 1 ? "the id" : "their ids")}.");
        }

        if (RejectLines(report) is { } rejects)
        {
            terminal.Line(rejects);
        }
    }

    /// <summary>The first rows that could not be read, with their places; null where all could.</summary>
    public static string? RejectLines(ImportReport? report) => report is not { Rejects.Count: > 0 } ? null
        : string.Join(Environment.NewLine,
        [
            $"Rows that could not be read (the first {Math.Min(ShownRejects, report.Rejects.Count)}):",
            .. report.Rejects.Take(ShownRejects).Select(reject => $"  {reject.File}:{reject.Line}: {reject.Reason}"),
        ]);

    public static void Write(Terminal terminal, ExportResponse export)
    {
        terminal.Heading($"Exported to {export.Folder}.");
        WriteFiles(terminal, export.Files);
    }

    public static void Write(Terminal terminal, InteractionsResponse counts) =>
        terminal.Line($"{Wording.Plural(counts.Accepted, "interaction")} stored, {Wording.Count(counts.Duplicates)} already there.");

    public static void Write(Terminal terminal, ForgetReceipt receipt)
    {
        terminal.Heading($"Shopper {receipt.ShopperId} is forgotten.");
        terminal.Write(new TextTable("What", "#Removed")
            .Row("interactions", Wording.Count(receipt.Interactions))
            .Row("reviews", Wording.Count(receipt.Reviews))
            .Row("searches", Wording.Count(receipt.Searches))
            .Row("orders", Wording.Count(receipt.Orders))
            .Row("conversations for a person", Wording.Count(receipt.HandOvers))
            .Row("exports", Wording.Count(receipt.ExportsRemoved))
            .Row("results of runs", Wording.Count(receipt.ResultsRemoved))
            .Row("checkpoints", Wording.Count(receipt.CheckpointsRemoved))
            .Row("model versions", Wording.Count(receipt.ModelsThatLearned.Count)));
        foreach (Relearned model in receipt.Relearned)
        {
            terminal.Line($"{model.Slice} {model.Model} was trained anew without them, in run {model.RunId}.");
        }

        if (receipt.LeftBehind is { } left)
        {
            terminal.Line(left);
        }
    }

    public static void Write(Terminal terminal, StatusResponse status)
    {
        terminal.Heading(status.Info.Name);
        terminal.Write(new TextTable("What", "#Count")
            .Row("products", Wording.Count(status.Counts.Products))
            .Row("shoppers", Wording.Count(status.Counts.Shoppers))
            .Row("interactions", Wording.Count(status.Counts.Interactions)));
        if (status.Counts is { FirstInteractionAt: { } first, LastInteractionAt: { } last })
        {
            terminal.Line(status.Info.HasRealTimes
                ? $"From {Wording.Moment(first)} to {Wording.Moment(last)}."
                : "Times keep the order of events and mean nothing else.");
        }
    }

    private static void WriteFiles(Terminal terminal, IReadOnlyList<FileCounts> files)
    {
        var table = new TextTable("File", "#Read", "#Stored", "#Unchanged", "#Rejected");
        foreach (FileCounts file in files)
        {
            table.Row(file.File, Wording.Count(file.Read), Wording.Count(file.Stored), Wording.Count(file.Unchanged), Wording.Count(file.Rejected));
        }

        terminal.Write(table);
    }
}
