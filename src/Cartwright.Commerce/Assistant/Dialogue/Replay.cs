using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Assistant;

/// <summary>Runs written conversations over the shop: how many reach their goal, what was said that no record says, and how long answers take.</summary>
/// <example>cartwright assistant replay --conversations docs/examples/conversations.json</example>
public sealed record ReplayRequest
{
    /// <summary>JSON file of conversations: what the shopper says, and the goal.</summary>
    [Required, PathField]
    public required string Conversations { get; init; }

    /// <summary>How often each is run; the first time counts for goals and facts, all of them for the time that answers take.</summary>
    [Range(1, 1000)]
    public int Rounds { get; init; } = 5;

    /// <summary>Adds every sentence and its answer.</summary>
    public bool Explain { get; init; }
}

/// <param name="Conversations">In the order of the file.</param>
/// <param name="GoalShare">Share that reached their goal, with its 95 % interval (Wilson).</param>
/// <param name="InventedFacts">Pieces of sentences that no record says: 0 is how it should be.</param>
/// <param name="Facts">Pieces of sentences that were held against their records.</param>
/// <param name="Replies">Answers that were timed.</param>
/// <param name="MedianMilliseconds">Time of an answer, from the sentence to the response; half are quicker.</param>
/// <param name="P99Milliseconds">99 of 100 answers take no longer.</param>
public sealed record ReplayResponse(IReadOnlyList<ReplayedConversation> Conversations, MetricEstimate GoalShare, int InventedFacts, int Facts, int Replies,
    double MedianMilliseconds, double P99Milliseconds);

/// <param name="Goal">In words.</param>
/// <param name="Missed">Why the goal was not reached; null where it was.</param>
/// <param name="Invented">What was said that no record says.</param>
/// <param name="Turns">Filled where the request said <c>explain</c>.</param>
public sealed record ReplayedConversation(string Name, string Goal, bool IsReached, string? Missed, IReadOnlyList<string> Invented, IReadOnlyList<ReplayedTurn> Turns);

/// <param name="Intent">As it was understood.</param>
public sealed record ReplayedTurn(string Said, string Answer, string Intent, double Confidence, IReadOnlyList<SlotValue> Slots);
