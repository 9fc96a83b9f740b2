using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Recommendation;

/// <summary>How a place is drawn where chance decides.</summary>
public enum ExplorationMethod
{
    /// <summary>Every candidate alike.</summary>
    EpsilonGreedy,

    /// <summary>The better a candidate's score, the likelier: its chance grows with e to the score.</summary>
    PlackettLuce,
}

/// <summary>Leaves some places to chance and notes with which, so that it can be told later what other lists would have earned.</summary>
/// <remarks>
/// Each place is drawn among the candidates that no place above holds: with 1 − Share the first of them, as without chance, and with Share by the method. Plackett-Luce:
/// e^(score / (Temperature × deviation)) over its sum, the deviation being that of all candidates' scores (Luce, "Individual Choice Behavior", 1959; Plackett, "The Analysis
/// of Permutations", 1975). What is noted is the exact chance of the product at its draw. A product that a rule pins is no candidate. Stock and visibility decide before and after.
/// </remarks>
public sealed record Exploration
{
    /// <summary>Share of the places that chance decides; a larger one learns faster and costs more. 0 leaves nothing to chance.</summary>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 0.1;

    /// <summary>How a place is drawn where chance decides.</summary>
    public ExplorationMethod Method { get; init; } = ExplorationMethod.PlackettLuce;

    /// <summary>Products among which places are drawn, the best; at least as many as the list has places.</summary>
    [Range(2, 100)]
    public int Candidates { get; init; } = 20;

    /// <summary>Plackett-Luce: a larger one makes the candidates more alike.</summary>
    [Range(0.01, 1_000.0)]
    public double Temperature { get; init; } = 1;

    /// <summary>Minutes for which the same visitor sees the same draw.</summary>
    [Range(1, 1_440)]
    public int StickyMinutes { get; init; } = 30;

    /// <summary>Same seed, visitor and minutes: same draw.</summary>
    public int Seed { get; init; } = 1;
}
