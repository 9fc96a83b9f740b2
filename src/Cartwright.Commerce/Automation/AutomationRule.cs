using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Cartwright.Commerce.Automation;

/// <summary>What is to be done without being asked: when, if what, within which limits, and whose word it needs.</summary>
public sealed record AutomationRule : IValidatableObject
{
    private const int MaxIdLength = 60;

    /// <summary>Names it: small letters, digits and hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>What it does, in the merchant's words.</summary>
    public required string Name { get; init; }

    /// <summary>What starts it.</summary>
    public required RuleTrigger When { get; init; }

    /// <summary>What must hold besides; all of it.</summary>
    public IReadOnlyList<RuleCondition> If { get; init; } = [];

    /// <summary>What it does.</summary>
    public required RuleAction Do { get; init; }

    /// <summary>What it never exceeds.</summary>
    public RuleLimits Limits { get; init; } = new();

    /// <summary>Which of its changes wait for somebody's word.</summary>
    public RuleApproval Approval { get; init; } = new();

    /// <summary>When its changes are taken back without being asked; null leaves that to people.</summary>
    public RuleUndo? Undo { get; init; }

    /// <summary>"dryRun" writes down what it would do and does nothing; "live" does it.</summary>
    public RuleMode Mode { get; init; } = RuleMode.DryRun;

    /// <summary>False lets it rest.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>When it was set; whoever keeps it says so. What its schedule had before is not made up for.</summary>
    public DateTimeOffset? SetAt { get; init; }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) => Problems().Select(problem => new ValidationResult(problem));

    private IEnumerable<string> Problems()
    {
        if (Id.Length is 0 or > MaxIdLength || !Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            yield return $"id was '{Id}'; it takes 1 to {MaxIdLength} small letters, digits and hyphens";
        }

        if (Name.Trim().Length is 0 or > 200)
        {
            yield return "name takes 1 to 200 characters";
        }

        foreach (string problem in When.Problems().Concat(If.SelectMany(condition => condition.Problems())).Concat(Limits.Problems()).Concat(Approval.Problems()).Concat(Undo?.Problems() ?? []))
        {
            yield return problem;
        }

        if (Do.Slice.Length == 0 || Do.Verb.Length == 0)
        {
            yield return "do names a slice and a verb of it: pricing, reprice";
        }
        else if (Do.Slice == "automation")
        {
            yield return "do may not name a verb of automation: a rule that changes rules would escape its limits";
        }
    }
}

/// <summary>"dryRun" or "live".</summary>
public enum RuleMode
{
    /// <summary>Says what it would do.</summary>
    DryRun,

    /// <summary>Does it.</summary>
    Live,
}

/// <summary>What starts a rule: one of the three.</summary>
public sealed record RuleTrigger
{
    /// <summary>Five fields, minute hour day month weekday, in the shop's time zone: "30 5 * * *" is each day at 5:30.</summary>
    public string? Cron { get; init; }

    /// <summary>The end of a run that succeeded, as slice and verb: "catalog import".</summary>
    public string? Event { get; init; }

    /// <summary>Drift of what a model reads, by its slice: "recommendation". Looked at once a day.</summary>
    public string? Drift { get; init; }

    internal IEnumerable<string> Problems()
    {
        if (new[] { Cron, Event, Drift }.Count(given => given is not null) != 1)
        {
            yield return "when takes one of cron, event and drift";
        }

        if (Cron is not null && CronSchedule.Problem(Cron) is { } problem)
        {
            yield return problem;
        }

        if (Event is not null && Event.Split(' ') is not [{ Length: > 0 }, { Length: > 0 }])
        {
            yield return $"event was '{Event}'; it takes a slice and a verb: catalog import";
        }
    }
}

/// <summary>A bound on a measure of the shop.</summary>
public sealed record RuleCondition
{
    /// <summary>Its name, as <c>automation measures</c> lists them: "stock-out-share".</summary>
    public required string Measure { get; init; }

    /// <summary>The measure must be this or more.</summary>
    public double? AtLeast { get; init; }

    /// <summary>The measure must be this or less.</summary>
    public double? AtMost { get; init; }

    /// <summary>Whether a value keeps it; one that is not known does not.</summary>
    public bool Holds(double? value) => value is { } known && !(known < AtLeast) && !(known > AtMost);

    internal IEnumerable<string> Problems()
    {
        if (!ShopMeasures.Knows(Measure))
        {
            yield return $"there is no measure '{Measure}'; there are {string.Join(", ", ShopMeasures.Names)}";
        }

        if (AtLeast is null && AtMost is null)
        {
            yield return $"the condition on {Measure} needs atLeast or atMost";
        }
    }
}

/// <summary>A verb and its request.</summary>
public sealed record RuleAction
{
    /// <summary>As on the command line: "pricing".</summary>
    public required string Slice { get; init; }

    /// <summary>As on the command line: "reprice".</summary>
    public required string Verb { get; init; }

    /// <summary>The verb's request as over HTTP; its defaults where a field is left out.</summary>
    public JsonObject? Request { get; init; }

    internal VerbCall Call => new(Slice, Verb, Request?.ToJsonString() ?? "{}");
}

/// <summary>What a rule never exceeds. What lies beyond is written down as held, and not done.</summary>
public sealed record RuleLimits
{
    /// <summary>Changes of one run, the first of what the verb answers; 1 to 10,000.</summary>
    public int MostChangesPerRun { get; init; } = 1_000;

    /// <summary>Changes that are made in one day (UTC).</summary>
    public int MostChangesPerDay { get; init; } = 10_000;

    /// <summary>Share by which a value may change at once: 0.1 is 10 %. Changes that are no numbers have none.</summary>
    public double? MostShare { get; init; }

    /// <summary>Money that the changes of one day (UTC) may cost together, in the shop's currency.</summary>
    public decimal? MostAmountPerDay { get; init; }

    internal IEnumerable<string> Problems()
    {
        if (MostChangesPerRun is < 1 or > 10_000 || MostChangesPerDay is < 1 or > 1_000_000)
        {
            yield return "mostChangesPerRun takes 1 to 10,000 and mostChangesPerDay 1 to 1,000,000";
        }

        if (MostShare is <= 0 or > 100 || MostAmountPerDay < 0)
        {
            yield return "mostShare takes more than 0 to 100 and mostAmountPerDay 0 or more";
        }
    }
}

/// <summary>When a change needs somebody's word.</summary>
public enum ApprovalKind
{
    /// <summary>Each one waits.</summary>
    Always,

    /// <summary>None waits.</summary>
    Never,

    /// <summary>Those wait that change a value by more than a share or cost more than an amount.</summary>
    Above,
}

/// <summary>Which changes wait for somebody's word.</summary>
public sealed record RuleApproval
{
    /// <summary>"always", "never" or "above".</summary>
    public ApprovalKind Kind { get; init; } = ApprovalKind.Always;

    /// <summary>For above: share of change up to which nobody is asked.</summary>
    public double? Share { get; init; }

    /// <summary>For above: cost up to which nobody is asked, in the shop's currency.</summary>
    public decimal? Amount { get; init; }

    internal bool Asks(ProposedChange change) => Kind switch
    {
        ApprovalKind.Never => false,
        ApprovalKind.Above => Math.Abs(change.Share ?? 0) > (Share ?? double.PositiveInfinity) || (change.Amount ?? 0) > (Amount ?? decimal.MaxValue),
        _ => true,
    };

    internal IEnumerable<string> Problems() =>
        Kind == ApprovalKind.Above && Share is null && Amount is null ? ["approval above needs a share or an amount"]
        : Share < 0 || Amount < 0 ? ["share and amount of an approval take 0 or more"] : [];
}

/// <summary>Takes the changes of a rule's latest run back by itself where the shop does worse afterwards.</summary>
public sealed record RuleUndo
{
    /// <summary>Hours after the run in which it is looked at.</summary>
    public double WithinHours { get; init; } = 48;

    /// <summary>Where all of these hold, the run is undone.</summary>
    public required IReadOnlyList<RuleCondition> If { get; init; }

    internal IEnumerable<string> Problems() => If.SelectMany(condition => condition.Problems())
        .Concat(If.Count == 0 ? ["undo needs a condition"] : [])
        .Concat(WithinHours is <= 0 or > 8_760 ? ["withinHours takes more than 0 to 8,760"] : []);
}
