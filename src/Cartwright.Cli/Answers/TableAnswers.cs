using Cartwright.Cli.Output;
using Cartwright.Commerce.Tables;

namespace Cartwright.Cli.Answers;

/// <summary>What any slice answers that learns from a table.</summary>
internal static class TableAnswers
{
    public static void Write(Terminal terminal, TableTrainResponse trained)
    {
        terminal.Heading(trained.Summary);
        EstimatesTable.Write(terminal, trained.Estimates);
        terminal.Line("On what was kept aside and no model learned from; the 95 % interval in brackets.");
        if (trained.Columns.Count > 0)
        {
            terminal.Line("Columns were taken for: " + string.Join(", ", trained.Columns.GroupBy(column => column.Kind)
                .Select(kind => $"{kind.Key.ToString().ToLowerInvariant()} ({string.Join(", ", kind.Take(12).Select(column => column.Name))}{(kind.Count() > 12 ? ", …" : "")})")) + ". Change it with --kinds.");
        }

        terminal.Line($"Version {trained.Version}, trained in {Wording.Duration(TimeSpan.FromSeconds(trained.TrainSeconds))}.");
    }
}
