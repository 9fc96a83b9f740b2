using System.Globalization;
using Cartwright.Commerce.Automation;

namespace Cartwright.Server.Dashboard;

/// <summary>Rules and changes in the merchant's words.</summary>
internal static class AutomationWords
{
    public const int MostShown = 20;
    public const int MostWaiting = 200;
    private const int MostLetters = 160;

    public static IReadOnlyList<(string Word, ChangeState? State)> Choices { get; } =
    [
        ("All", null), ("Made", ChangeState.Done), ("Dry runs", ChangeState.DryRun), ("Held by a limit", ChangeState.Held), ("Undone", ChangeState.Undone), ("Refused", ChangeState.Failed),
    ];

    public static string When(RuleTrigger trigger) => trigger switch
    {
        { Cron: { } cron } => Cron(cron),
        { Event: { } happened } => $"after {happened}",
        _ => $"when {trigger.Drift} has drifted",
    };

    public static string Limits(AutomationRule rule, string currency) => string.Join(", ", new[]
    {
        string.Create(CultureInfo.InvariantCulture, $"at most {Math.Min(rule.Limits.MostChangesPerRun, rule.Limits.MostChangesPerDay):#,0} changes a day"),
        rule.Limits.MostShare is { } share ? $"{Figures.Percent(share)} at once" : null,
        rule.Limits.MostAmountPerDay is { } amount ? $"{Figures.About(amount, currency)} a day" : null,
    }.OfType<string>());

    public static string Approval(RuleApproval approval, string currency) => approval.Kind switch
    {
        ApprovalKind.Always => "each needs your word",
        ApprovalKind.Never => "none needs your word",
        _ => $"above {string.Join(" or ", new[] { approval.Share is { } share ? Figures.Percent(share) : null, approval.Amount is { } amount ? Figures.About(amount, currency) : null }.OfType<string>())} your word is needed",
    };

    public static string Word(ChangeState state) => state switch
    {
        ChangeState.DryRun => "would be made",
        ChangeState.Done => "made",
        ChangeState.Waiting => "waits",
        ChangeState.Held => "held by a limit",
        ChangeState.Failed => "refused",
        ChangeState.Applying => "being made",
        ChangeState.Undoing => "being undone",
        _ => state.ToString().ToLowerInvariant(),
    };

    public static string Tone(ChangeState state) => state switch
    {
        ChangeState.Done => "good",
        ChangeState.Failed => "bad",
        ChangeState.Waiting or ChangeState.Held => "warn",
        ChangeState.DryRun => "info",
        _ => "",
    };

    /// <summary>A value before or after a change: a price with its currency, another as it is kept.</summary>
    public static string Value(AutomationChange change, string? value, string currency) => value is null ? "–"
        : change.Kind == "price" && decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal price) ? Figures.Money(price, currency) : value;

    public static string Short(string text) => text.Length <= MostLetters ? text : text[..MostLetters] + "…";

    public static string Number(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>The lines that are usual in words, others as they stand.</summary>
    private static string Cron(string line) => line.Split(' ') switch
    {
        [var minute, var hour, "*", "*", "*"] when int.TryParse(minute, out int m) && int.TryParse(hour, out int h) => $"each day at {h:00}:{m:00}",
        [var minute, var hour, var day, "*", "*"] when int.TryParse(minute, out int m) && int.TryParse(hour, out int h) && int.TryParse(day, out int d) => $"each month on day {d} at {h:00}:{m:00}",
        _ => line,
    };
}
