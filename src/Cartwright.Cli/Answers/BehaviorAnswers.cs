using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Behavior;

namespace Cartwright.Cli.Answers;

internal static class BehaviorAnswers
{
    public static void Write(Terminal terminal, ValueResponse answer, string currency)
    {
        terminal.Heading($"{Wording.Count(answer.Shoppers)} shoppers, {Wording.Count(answer.RepeatShoppers)} of whom bought again.");
        terminal.Line(string.Create(CultureInfo.InvariantCulture,
            $"How often they come back (BG/NBD): r {answer.Frequency.R:0.000}, alpha {answer.Frequency.Alpha:0.000}, a {answer.Frequency.A:0.000}, b {answer.Frequency.B:0.000}, log-likelihood {answer.LogLikelihood:0.0}."));
        if (answer.Spending is { } spending)
        {
            terminal.Line(string.Create(CultureInfo.InvariantCulture,
                $"What they spend (Gamma-Gamma): p {spending.P:0.000}, q {spending.Q:0.000}, gamma {spending.Gamma:0.000}, log-likelihood {answer.SpendingLogLikelihood:0.0}."));
        }

        if (answer.Foretold is { } foretold)
        {
            terminal.Line(string.Create(CultureInfo.InvariantCulture,
                $"Of the {foretold.Weeks:0} weeks after: {foretold.Expected:#,0} purchases expected, {foretold.Actual:#,0} came; off by {foretold.MeanAbsoluteError:0.000} a shopper (going on as before: {foretold.BaselineError:0.000})."));
        }

        var table = new TextTable(["Shopper", "#Still active", "#Purchases ahead", "#Mean purchase", $"#Worth, {currency}", "Why"]);
        foreach (ShopperValue shopper in answer.Results)
        {
            table.Row([shopper.ShopperId, shopper.Active.ToString("P0", CultureInfo.InvariantCulture), Number(shopper.Purchases), Number(shopper.MeanValue), Number(shopper.Value),
                string.Join("; ", shopper.Reasons)]);
        }

        terminal.Write(table);
    }

    public static void Write(Terminal terminal, FunnelResponse answer)
    {
        terminal.Heading(answer.Summary);
        var table = new TextTable(["Step", "#Count", "#Of the first", "#Of the one before", "", "#Median time"]);
        foreach (FunnelStep step in answer.Steps)
        {
            table.Row([step.Kind.ToString().ToLowerInvariant(), Wording.Count(step.Count), Wording.Percent(step.OfFirst), Wording.Percent(step.OfPrevious),
                terminal.Bar(step.OfFirst), step.MedianMinutes is { } minutes ? Wording.Duration(TimeSpan.FromMinutes(minutes)) : "–"]);
        }

        terminal.Write(table);
    }

    public static void Write(Terminal terminal, RetentionResponse answer)
    {
        int periods = answer.Cohorts.Count == 0 ? 0 : answer.Cohorts.Max(cohort => cohort.Share.Count);
        var table = new TextTable(["Came first", "#Shoppers", .. Enumerable.Range(1, periods).Select(period => "#+" + Wording.Count(period))]);
        foreach (Cohort cohort in answer.Cohorts)
        {
            table.Row([cohort.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Wording.Count(cohort.Shoppers),
                .. Enumerable.Range(0, periods).Select(period => period < cohort.Share.Count ? Wording.Percent(cohort.Share[period]) : "")]);
        }

        terminal.Write(table);
    }

    private static string Number(double? value) => value is { } number ? number.ToString("#,0.00", CultureInfo.InvariantCulture) : "–";
}
