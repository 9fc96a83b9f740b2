using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Automation;

namespace Cartwright.Cli.Answers;

internal static class AutomationAnswers
{
    private const int ShownChanges = 30;
    private const int ShownFirings = 10;

    public static void Write(Terminal terminal, RulesResponse answer)
    {
        if (answer.StoppedAt is { } stopped)
        {
            terminal.Heading($"Stopped since {Wording.Moment(stopped)}{(answer.StoppedWhy is { Length: > 0 } why ? $": {why}" : "")}. 'cartwright automation resume' lets it go on.");
        }

        if (answer.Rules.Count == 0)
        {
            terminal.Line("No rules yet. 'cartwright automation put-rule --file rule.json' sets one.");
            return;
        }

        var table = new TextTable("Rule", "Mode", "When", "Does", "Next", "#Waiting", "#Made today", "Last");
        foreach (RuleStatus status in answer.Rules)
        {
            AutomationRule rule = status.Rule;
            table.Row(rule.Id, !rule.Enabled ? "rests" : rule.Mode == RuleMode.Live ? "live" : "dry run", rule.When.Cron ?? rule.When.Event ?? $"drift of {rule.When.Drift}",
                $"{rule.Do.Slice} {rule.Do.Verb}", status.NextAt is { } next ? Wording.Moment(next) : "–", Wording.Count(status.Waiting), Wording.Count(status.DoneToday),
                status.LastRun is { } last ? $"{Wording.Moment(last.At)}: {last.Summary}" : "never");
        }

        terminal.Write(table);
    }

    public static void Write(Terminal terminal, RunResponse answer, string currency)
    {
        terminal.Heading($"{answer.Run.RuleId}, {(answer.Run.Mode == RuleMode.Live ? "live" : "dry run")}: {answer.Run.Summary}");
        if (answer.Changes.Count > 0)
        {
            Write(terminal, new ChangesResponse([.. answer.Changes.Take(ShownChanges)], []), currency);
        }

        if (answer.History is [.., { } last])
        {
            int held = answer.History.Count(past => past.Holds == true);
            terminal.Line(answer.History.Any(past => past.Holds is null)
                ? $"In the past days it would have fired {Wording.Plural(answer.History.Count, "time")}; one of its conditions can't be told of the past."
                : $"In the past days it would have fired {Wording.Plural(answer.History.Count, "time")}, and its conditions would have let it run {Wording.Plural(held, "time")}.");
            var table = new TextTable("Fired", "Conditions", "#Changes", "What is known");
            foreach (PastFiring past in answer.History.Reverse().Take(ShownFirings))
            {
                table.Row(Wording.Moment(past.At), past.Holds switch { true => "held", false => "did not hold", _ => "not known" }, past.Changes is { } changes ? Wording.Count(changes.Count) : "not known", past.Told);
            }

            terminal.Write(table);
            if (answer.History.Count > ShownFirings)
            {
                terminal.Line($"The latest {ShownFirings} of {Wording.Plural(answer.History.Count, "time")}; --json has all.");
            }

            if (answer.Run.Outcome != RuleOutcome.Done && last is { Holds: not false, Changes.Count: > 0 })
            {
                terminal.Line("What its last time would change now:");
                Write(terminal, new ChangesResponse([.. last.Changes.Take(ShownChanges)], []), currency);
            }
        }
    }

    public static void Write(Terminal terminal, ChangesResponse answer, string currency)
    {
        if (answer.Changes.Count == 0)
        {
            terminal.Line("No changes.");
            return;
        }

        var table = new TextTable("Change", "State", "What", "#Before", "#After", "#Share", $"#{currency}", "Why");
        foreach (AutomationChange change in answer.Changes)
        {
            table.Row(change.Id, Word(change.State), $"{change.Kind} of {change.Subject}", change.Before ?? "–", change.After ?? "–",
                change.Share is { } share ? share.ToString("+0.0 %;-0.0 %;0 %", CultureInfo.InvariantCulture) : "–", change.Amount?.ToString("#,0.00", CultureInfo.InvariantCulture) ?? "–",
                change.Note ?? change.Why);
        }

        terminal.Write(table);
        foreach (ChangeStep step in answer.Steps)
        {
            terminal.Line($"{Wording.Moment(step.At)}  {Word(step.State)}{(step.Note is { } note ? $": {note}" : "")}");
        }
    }

    public static void Write(Terminal terminal, MeasuresResponse answer)
    {
        var table = new TextTable("Measure", "#Now", "Meaning");
        foreach (MeasuredValue measure in answer.Measures)
        {
            table.Row(measure.Name, measure.Value is { } value ? Wording.Number(value) : "–", measure.Meaning);
        }

        terminal.Write(table);
    }

    public static void Write(Terminal terminal, DriftResponse answer)
    {
        if (answer.Models.Count == 0)
        {
            terminal.Line("No model is in service, so none can drift.");
            return;
        }

        var table = new TextTable("Model", "Version", "Drifted", "Most changed", "#Stability", "#Looked at before", "#Since", "Why");
        foreach (ModelDrift model in answer.Models)
        {
            InputDrift? most = model.Inputs.Count > 0 ? model.Inputs[0] : null;
            table.Row(model.Slice, model.Version, model.HasDrifted ? "yes" : "no", most?.Input ?? "–", most is null ? "–" : most.Stability.ToString("0.000", CultureInfo.InvariantCulture),
                model.LookRateBefore is { } before ? Wording.Percent(before) : "–", model.LookRateSince is { } since ? Wording.Percent(since) : "–", model.Why);
        }

        terminal.Write(table);
        foreach (ModelDrift model in answer.Models)
        {
            terminal.Line(model.Quality is { } quality ? $"{model.Slice}: {quality.Words}" : $"{model.Slice}: how good it is since its training is not measured, or too little happened.");
        }
    }

    public static void Write(Terminal terminal, SimulateResponse answer, string currency)
    {
        TrialFigure profit = answer.Figures[0], empty = answer.Figures.First(figure => figure.Name == "stockOutShare");
        terminal.Heading($"Automation earned {Difference(profit, isShare: false)} {(profit.Difference >= 0 ? "more" : "less")} in {Wording.Plural(answer.Days, "day")}; {Wording.Percent(empty.On)} of product days ended with an empty shelf, {Wording.Percent(empty.Off)} without it.");
        var table = new TextTable("Figure", "#Off", "#On", "#Difference", "#95 % interval");
        foreach (TrialFigure figure in answer.Figures)
        {
            bool isShare = figure.Name is "stockOutShare" or "lostShare" or "slotReward";
            table.Row(figure.Name, isShare ? Wording.Percent(figure.Off) : $"{Wording.Count((long)figure.Off)} {currency}", isShare ? Wording.Percent(figure.On) : $"{Wording.Count((long)figure.On)} {currency}",
                Difference(figure, isShare), figure is { Low: { } low, High: { } high } ? $"{Signed(low, isShare)} to {Signed(high, isShare)}" : "–");
        }

        terminal.Write(table);
        terminal.Line($"{Wording.Plural(answer.Shops.Count, "shop")}, {Wording.Plural(answer.Changes, "change")}. Limits and guardrails broken: {Wording.Count(answer.GuardrailsBroken)}. Changes without a line in the journal: {Wording.Count(answer.Untraced)}. "
            + $"Undone at the end: {Wording.Count(answer.Undone)} (not any more: {Wording.Count(answer.NotUndone)} orders that were delivered and versions that are gone); values that were not exactly as before: {Wording.Count(answer.NotRestored)}.");
        terminal.Line($"Off: {answer.Off}");
    }

    private static string Difference(TrialFigure figure, bool isShare) => Signed(figure.Difference, isShare);

    private static string Signed(double value, bool isShare) => (100 * value).ToString("+0.0#;-0.0#;0", CultureInfo.InvariantCulture) + (isShare ? " points" : " %");

    private static string Word(ChangeState state) => state switch
    {
        ChangeState.DryRun => "dry run",
        ChangeState.Done => "made",
        _ => state.ToString().ToLowerInvariant(),
    };
}
