using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Automation;

/// <summary>A place that shows one of several things: a banner, a list, an order of results.</summary>
public sealed record ChoiceSlot : IValidatableObject
{
    /// <summary>Names it: small letters, digits and hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>What it is, in the merchant's words.</summary>
    public required string Name { get; init; }

    /// <summary>Ids of what may be shown.</summary>
    public required IReadOnlyList<string> Arms { get; init; }

    /// <summary>Hours after which a choice without a reward counts as none.</summary>
    public double RewardHours { get; init; } = 24;

    /// <summary>Same seed, same rewards, same choices.</summary>
    public int Seed { get; init; } = 1;

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Id.Length is 0 or > 60 || !Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            yield return new ValidationResult($"id was '{Id}'; it takes 1 to 60 small letters, digits and hyphens");
        }

        if (Arms.Count is < 1 or > 100 || Arms.Any(arm => arm.Length is 0 or > 100) || Arms.Distinct(StringComparer.Ordinal).Count() != Arms.Count)
        {
            yield return new ValidationResult("arms takes 1 to 100 ids, each once");
        }

        if (!(RewardHours > 0) || RewardHours > 8_760)
        {
            yield return new ValidationResult("rewardHours takes more than 0 to 8,760");
        }
    }
}

/// <summary>Sets a slot: a new one, or in place of the one with its id. What its arms came to is kept.</summary>
/// <example>cartwright automation put-slot --file slot.json</example>
public sealed record PutSlotRequest
{
    /// <summary>The slot.</summary>
    public required ChoiceSlot Slot { get; init; }
}

/// <summary>Lists slots, and what their arms came to.</summary>
/// <example>cartwright automation slots</example>
public sealed record SlotsRequest;

/// <param name="Slots">By id.</param>
public sealed record SlotsResponse(IReadOnlyList<SlotResult> Slots);

/// <param name="Slot">The slot.</param>
/// <param name="ChoiceCount">Choices so far.</param>
/// <param name="Arms">What its arms came to.</param>
public sealed record SlotResult(ChoiceSlot Slot, long ChoiceCount, IReadOnlyList<SlotArm> Arms);

/// <param name="Arm">The arm.</param>
/// <param name="Chosen">How often it was chosen.</param>
/// <param name="Mean">Mean reward as believed; 0.5 where nothing is known.</param>
/// <param name="Low">Lower end of its 90 % interval.</param>
/// <param name="High">Upper end of its 90 % interval.</param>
/// <param name="Always">Reward a choice if this arm had always been chosen, from the logged chances; null while fewer than 30 choices are settled.</param>
/// <param name="Chance">Chance that the next choice is this arm.</param>
public sealed record SlotArm(string Arm, long Chosen, double Mean, double Low, double High, double? Always, double Chance);

/// <summary>Which thing to show in a slot: each as often as it may be the best (Thompson sampling).</summary>
/// <example>cartwright automation choose --slot-id home-first --shopper-id u000017</example>
public sealed record ChooseRequest
{
    /// <summary>The slot.</summary>
    [Required]
    public required string SlotId { get; init; }

    /// <summary>Who will see it, for the log.</summary>
    public string? ShopperId { get; init; }

    /// <summary>Arms that may be chosen now; all of the slot where none is named.</summary>
    [ItemCount(1, 100)]
    public IReadOnlyList<string>? Arms { get; init; }
}

/// <param name="ChoiceId">Names it for <c>reward</c>.</param>
/// <param name="Arm">What to show.</param>
/// <param name="Propensity">The chance with which it was chosen.</param>
/// <param name="Chances">The chances of all that could be chosen.</param>
public sealed record ChooseResponse(string ChoiceId, string Arm, double Propensity, IReadOnlyList<ArmChance> Chances);

/// <summary>Says what a choice came to: 1 where it did what it should, 0 where it did not. The first time counts.</summary>
/// <example>cartwright automation reward --choice-id home-first-17 --value 1</example>
public sealed record RewardRequest
{
    /// <summary>The choice.</summary>
    [Required]
    public required string ChoiceId { get; init; }

    /// <summary>From 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double Value { get; init; } = 1;
}

/// <param name="IsCounted">False where a reward came before.</param>
public sealed record RewardResponse(bool IsCounted);
