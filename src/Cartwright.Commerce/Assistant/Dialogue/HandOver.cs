using System.ComponentModel.DataAnnotations;

namespace Cartwright.Commerce.Assistant;

/// <summary>What waits for a person: conversations that the assistant passed on, newest first.</summary>
/// <example>cartwright assistant handovers</example>
public sealed record HandOversRequest
{
    /// <summary>Those that were closed too.</summary>
    public bool All { get; init; }

    /// <summary>How many, at most.</summary>
    [Range(1, 1000)]
    public int Count { get; init; } = 50;
}

/// <param name="HandOvers">Newest first.</param>
public sealed record HandOversResponse(IReadOnlyList<HandOver> HandOvers);

/// <summary>Closes what waited for a person, with a word on how it ended.</summary>
/// <example>cartwright assistant close-handover h-9f2c --note "called back"</example>
public sealed record CloseHandOverRequest
{
    /// <summary>As in the list.</summary>
    [Required]
    [StringLength(100)]
    public required string Id { get; init; }

    /// <summary>What was done.</summary>
    [StringLength(500)]
    public string? Note { get; init; }
}

/// <summary>A conversation that a person is to go on with.</summary>
public sealed record HandOver
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string ConversationId { get; init; }

    /// <summary>Who was signed in; null for a guest.</summary>
    public string? ShopperId { get; init; }

    /// <summary>The visit it belongs to.</summary>
    public string? SessionId { get; init; }

    /// <summary>Why: "asked", "not-understood", "no-text", "order".</summary>
    public required string Reason { get; init; }

    /// <summary>How they want to be reached, in their words; null where they did not say.</summary>
    public string? Contact { get; init; }

    /// <summary>The last things that were said, oldest first.</summary>
    public required IReadOnlyList<SaidLine> Lines { get; init; }

    /// <summary>When a person closed it; null while it waits.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>What that person noted.</summary>
    public string? Note { get; init; }
}

/// <param name="IsShopper">False for what the assistant said.</param>
public sealed record SaidLine(bool IsShopper, string Text);
