using Cartwright.Cli.Output;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Cli.Answers;

internal static class OffPolicyAnswer
{
    public static void Write(Terminal terminal, OffPolicyResponse valued)
    {
        terminal.Heading($"{valued.Policy}, valued from {valued.Log}: {Wording.Plural(valued.RowCount, "choice")} among {Wording.Plural(valued.ActionCount, "action")}"
            + (valued.PositionCount > 1 ? $" at {Wording.Plural(valued.PositionCount, "place")}" : ""));
        var table = new TextTable("Estimate", "#Reward a choice", "#Above the log's policy", "Sure");
        table.Row("what the log's policy earned", Figure(valued.Logged), "", "");
        foreach (PolicyEstimate estimate in valued.Estimates)
        {
            table.Row(estimate.Estimator, Figure(estimate.Value), Figure(estimate.Gain), estimate.Gain is { Low: > 0 } or { High: < 0 } ? "yes" : "no: the interval holds 0");
        }

        if (valued.OnPolicy is { } own)
        {
            table.Row("what the policy earned itself", Figure(own), "", "");
        }

        terminal.Write(table);
        terminal.Line(FormattableString.Invariant($"The log is worth {valued.EffectiveSampleSize:N0} rows of the policy's own; weights average {valued.MeanWeight:0.000}, the largest is {valued.LargestWeight:N1}; ")
            + (valued.Clip is { } clip ? FormattableString.Invariant($"those above {clip:N1} were cut, {valued.ClippedShare:P2} of the rows.") : "none was cut."));
        foreach (string warning in valued.Warnings)
        {
            terminal.Line("! " + warning);
        }

        terminal.Line("The 95 % interval in brackets: whole groups of rows drawn anew.");
    }

    private static string Figure(MetricEstimate estimate) => FormattableString.Invariant($"{estimate.Value:0.00000} ({estimate.Low:0.0000}–{estimate.High:0.0000})");
}
