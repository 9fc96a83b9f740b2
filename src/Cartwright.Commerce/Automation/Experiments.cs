using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Automation;

/// <summary>What an experiment counts of each shopper.</summary>
public enum ExperimentOutcome
{
    /// <summary>What <c>record</c> says of them, the first time.</summary>
    Recorded,

    /// <summary>1 where they bought something within some days of being assigned, else 0.</summary>
    Purchase,
}

/// <summary>Two ways or more of doing something, each for a share of the shoppers.</summary>
public sealed record Experiment : IValidatableObject
{
    /// <summary>Names it: small letters, digits and hyphens. Another id assigns shoppers anew.</summary>
    public required string Id { get; init; }

    /// <summary>What is tried, in the merchant's words.</summary>
    public required string Name { get; init; }

    /// <summary>The first is what the others are compared with.</summary>
    public required IReadOnlyList<ExperimentArm> Arms { get; init; }

    /// <summary>What is counted.</summary>
    public ExperimentOutcome Outcome { get; init; } = ExperimentOutcome.Purchase;

    /// <summary>For purchase: days after assignment that count.</summary>
    public double WithinDays { get; init; } = 7;

    /// <summary>Chance that an interval ever misses, over all looks.</summary>
    public double Error { get; init; } = 0.05;

    /// <summary>For a champion and its challengers: the slice whose versions the arms are.</summary>
    public string? Slice { get; init; }

    /// <summary>False where nobody new is assigned; those who are keep their arm.</summary>
    public bool Enabled { get; init; } = true;

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) => Problems().Select(problem => new ValidationResult(problem));

    private IEnumerable<string> Problems()
    {
        if (Id.Length is 0 or > 60 || !Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            yield return $"id was '{Id}'; it takes 1 to 60 small letters, digits and hyphens";
        }

        if (Arms.Count is < 2 or > 20 || Arms.Select(arm => arm.Id).Distinct(StringComparer.Ordinal).Count() != Arms.Count)
        {
            yield return "arms takes 2 to 20 of them, each with an id of its own";
        }

        if (Arms.Any(arm => arm.Id.Length is 0 or > 100 || !(arm.Share > 0) || arm.Share > 1) || Math.Abs(Arms.Sum(arm => arm.Share) - 1) > 1e-6)
        {
            yield return "each arm has an id and a share of more than 0, and the shares sum to 1";
        }

        if (!(WithinDays > 0) || WithinDays > 365 || !(Error > 0) || Error > 0.5)
        {
            yield return "withinDays takes more than 0 to 365 and error more than 0 to 0.5";
        }

        if (Slice is not null && (!ShopMeasures.TrainedSlices.Contains(Slice, StringComparer.Ordinal) || Arms.Any(arm => arm.Version is null)))
        {
            yield return $"slice takes one of {string.Join(", ", ShopMeasures.TrainedSlices)}, and then each arm has a version";
        }
    }
}

/// <summary>One way of doing it.</summary>
public sealed record ExperimentArm
{
    /// <summary>Names it.</summary>
    public required string Id { get; init; }

    /// <summary>Share of the shoppers who get it.</summary>
    public required double Share { get; init; }

    /// <summary>For a champion and its challengers: the model version.</summary>
    public string? Version { get; init; }
}

/// <summary>Sets an experiment: a new one, or in place of the one with its id.</summary>
/// <example>cartwright automation put-experiment --file experiment.json</example>
public sealed record PutExperimentRequest
{
    /// <summary>The experiment.</summary>
    public required Experiment Experiment { get; init; }
}

/// <summary>Lists experiments with what they say so far; that may be looked at as often as anybody likes.</summary>
/// <example>cartwright automation experiments</example>
public sealed record ExperimentsRequest
{
    /// <summary>Only this one.</summary>
    public string? ExperimentId { get; init; }
}

/// <param name="Experiments">By id.</param>
public sealed record ExperimentsResponse(IReadOnlyList<ExperimentResult> Experiments);

/// <param name="Experiment">What is tried.</param>
/// <param name="Arms">What each arm came to.</param>
/// <param name="RatioChance">At most the chance of shares as odd as these if the assignment is right; below 0.01 something loses shoppers of an arm, and nothing else may be believed.</param>
/// <param name="Verdict">What it says, in a sentence.</param>
public sealed record ExperimentResult(Experiment Experiment, IReadOnlyList<ArmResult> Arms, double RatioChance, string Verdict);

/// <param name="Arm">The arm.</param>
/// <param name="Shoppers">Assigned to it.</param>
/// <param name="Counted">Those of them whose outcome is known.</param>
/// <param name="Mean">Of the outcomes; null where none is known.</param>
/// <param name="Difference">From the first arm's; null for that arm, and where there are too few.</param>
/// <param name="Low">Lower end of the interval of the difference, which holds at every look.</param>
/// <param name="High">Its upper end.</param>
public sealed record ArmResult(string Arm, long Shoppers, long Counted, double? Mean, double? Difference, double? Low, double? High);

/// <summary>Which arm of an experiment a shopper gets; the same one always.</summary>
/// <example>cartwright automation assign --experiment-id free-delivery --shopper-id u000017</example>
public sealed record AssignRequest
{
    /// <summary>The experiment.</summary>
    [Required]
    public required string ExperimentId { get; init; }

    /// <summary>The shopper.</summary>
    [Required]
    public required string ShopperId { get; init; }
}

/// <param name="Arm">What the shopper gets.</param>
/// <param name="Version">The model version behind it, where the experiment is one of versions.</param>
public sealed record AssignResponse(string Arm, string? Version);

/// <summary>Says what came of a shopper in an experiment that counts what is recorded; the first time counts.</summary>
/// <example>cartwright automation record --experiment-id free-delivery --shopper-id u000017 --value 1</example>
public sealed record RecordRequest
{
    /// <summary>The experiment.</summary>
    [Required]
    public required string ExperimentId { get; init; }

    /// <summary>A shopper who was assigned.</summary>
    [Required]
    public required string ShopperId { get; init; }

    /// <summary>What came of it: 1 and 0 for yes and no, or an amount.</summary>
    [Range(-1_000_000.0, 1_000_000.0)]
    public double Value { get; init; }
}

/// <param name="IsCounted">False where something was recorded of the shopper before.</param>
public sealed record RecordResponse(bool IsCounted);

/// <summary>Puts the challenger's version into service, where all of its interval lies above 0.</summary>
/// <example>cartwright automation promote --experiment-id new-recommendations</example>
public sealed record PromoteRequest
{
    /// <summary>An experiment of versions.</summary>
    [Required]
    public required string ExperimentId { get; init; }
}

/// <param name="Arm">The challenger that won; null where none did.</param>
/// <param name="Version">Its version, which is in service now.</param>
/// <param name="Why">What decided.</param>
public sealed record PromoteResponse(string? Arm, string? Version, string Why);
