namespace Cartwright.Commerce.Automation;

/// <summary>Keeps experiments, who was assigned, and choices for slots.</summary>
public interface IExperimentStore
{
    Task PutExperimentAsync(Experiment experiment, CancellationToken cancellationToken = default);

    /// <summary>By id.</summary>
    Task<IReadOnlyList<Experiment>> ListExperimentsAsync(CancellationToken cancellationToken = default);

    /// <summary>Notes that a shopper was assigned, the first time alone.</summary>
    /// <returns>The assignment that stands.</returns>
    Task<Assignment> AssignAsync(string experimentId, Assignment assignment, CancellationToken cancellationToken = default);

    /// <summary>Notes an outcome.</summary>
    /// <returns>False where one was noted before; null where the shopper was not assigned.</returns>
    Task<bool?> RecordAsync(string experimentId, string shopperId, double value, CancellationToken cancellationToken = default);

    /// <summary>Those with an outcome in the order in which it came, then the others in the order of their assignment.</summary>
    Task<IReadOnlyList<Assignment>> ListAssignmentsAsync(string experimentId, CancellationToken cancellationToken = default);

    Task PutSlotAsync(ChoiceSlot slot, CancellationToken cancellationToken = default);

    /// <summary>By id, each with what its arms came to.</summary>
    /// <param name="now">Choices without a reward count as none from <see cref="ChoiceSlot.RewardHours"/> before this on.</param>
    Task<IReadOnlyList<SlotCounts>> ListSlotsAsync(DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Makes a choice in the transaction that counts it, so that no two have the same number.</summary>
    /// <returns>Null where there is no such slot.</returns>
    Task<Choice?> ChooseAsync(string slotId, DateTimeOffset now, Func<SlotCounts, Choice> choose, CancellationToken cancellationToken = default);

    /// <summary>Notes what a choice came to, the first time alone.</summary>
    /// <returns>False where it was noted before; null where there is no such choice.</returns>
    Task<bool?> RewardAsync(string choiceId, double value, CancellationToken cancellationToken = default);
}

/// <summary>A shopper in an experiment.</summary>
/// <param name="Value">The outcome that was recorded; null where none was.</param>
public sealed record Assignment(string ShopperId, string Arm, DateTimeOffset At, double? Value);

/// <summary>A slot with what its arms came to.</summary>
/// <param name="ChoiceCount">Choices so far.</param>
/// <param name="Arms">By arm, those of the slot in its order.</param>
public sealed record SlotCounts(ChoiceSlot Slot, long ChoiceCount, IReadOnlyList<ArmCount> Arms);

/// <param name="Arm">The arm.</param>
/// <param name="Chosen">How often it was chosen.</param>
/// <param name="Settled">Those whose reward is known, or overdue and so 0.</param>
/// <param name="Reward">Their rewards together.</param>
/// <param name="Weighted">Sum of reward over propensity: an unbiased estimate of the reward if the arm had always been chosen, times the settled choices of all arms.</param>
public sealed record ArmCount(string Arm, long Chosen, long Settled, double Reward, double Weighted);

/// <summary>What was chosen, and with what chance.</summary>
public sealed record Choice(string Id, long Number, DateTimeOffset At, string? ShopperId, string Arm, double Propensity, IReadOnlyList<ArmChance> Chances);

/// <param name="Arm">The arm.</param>
/// <param name="Chance">Of its being chosen, from 0 to 1.</param>
public sealed record ArmChance(string Arm, double Chance);
