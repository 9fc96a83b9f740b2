using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>How a session will end and what comes next, as of its last event; with the shopper's chance to come back, and reasons.</summary>
/// <example>cartwright behavior score --shopper-id u000001</example>
public sealed record ScoreRequest
{
    /// <summary>The shopper whose latest session is scored; beside events, the one who did them.</summary>
    public string? ShopperId { get; init; }

    /// <summary>The session that is scored, in place of a shopper's latest.</summary>
    public string? SessionId { get; init; }

    /// <summary>What was done in a session that the shop was not told of, oldest first.</summary>
    [ItemCount(0, 200)]
    public IReadOnlyList<ScoredEvent>? Events { get; init; }

    /// <summary>What is known of a row of a table, for a model that was trained on one: "tenure=3,contract=monthly".</summary>
    [ItemCount(0, 1_000)]
    public IReadOnlyList<string>? Attributes { get; init; }

    /// <summary>Gives reasons: how each event changes the chance of a purchase.</summary>
    public bool Explain { get; init; }
}

/// <summary>One thing that was done in a session.</summary>
public sealed record ScoredEvent
{
    /// <summary>What was done.</summary>
    public InteractionKind Kind { get; init; }

    /// <summary>Product id; none for a search.</summary>
    public string? Product { get; init; }

    /// <summary>When; half a minute after the one before where it is not said.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Price of one unit as it was seen.</summary>
    [Range(0.0, 10_000_000_000.0)]
    public double? Price { get; init; }

    /// <summary>Units, for carts and purchases.</summary>
    [Range(0.0, 1_000_000.0)]
    public double? Quantity { get; init; }

    /// <summary>Place in the list that the product was shown in.</summary>
    [Range(1, 1_000_000)]
    public int? Position { get; init; }
}

/// <param name="ShopperId">Null for somebody unknown.</param>
/// <param name="SessionId">Null where the shop has no id for it.</param>
/// <param name="Events">Events of the session that were read; a list that was shown is one.</param>
/// <param name="LastAt">When the last of them was; null where a row of a table was scored.</param>
/// <param name="IsOver">True where the last event is more than 30 minutes ago: the chances are as they stood then.</param>
/// <param name="Intent">How the session will end and what comes next; null where a row of a table was scored.</param>
/// <param name="Return">Chance that the shopper buys within the four weeks after the last day that the shop knows; null where the shopper is unknown or no model of returns is trained.</param>
/// <param name="Row">What a table's model says of a row; null where a session was scored.</param>
/// <param name="Reasons">Most telling first; empty unless asked for.</param>
/// <param name="Version">The model version that answered.</param>
public sealed record ScoreResponse(
    string? ShopperId, string? SessionId, int Events, DateTimeOffset? LastAt, bool IsOver, SessionIntent? Intent, double? Return, RowScore? Row,
    IReadOnlyList<IntentReason> Reasons, string Version);

/// <param name="Purchase">Chance that something is bought in the session; 1 once something was.</param>
/// <param name="Abandonment">Chance that it ends with something put in the cart and nothing bought.</param>
/// <param name="Leaving">Chance that it ends with nothing put in the cart. The three sum to 1.</param>
/// <param name="Next">What comes next, likeliest first; the chances sum to 1.</param>
public sealed record SessionIntent(double Purchase, double Abandonment, double Leaving, IReadOnlyList<NextAction> Next);

/// <param name="Action">A kind of interaction, or "leave". An impression is a list of products.</param>
/// <param name="Chance">From 0 to 1.</param>
public sealed record NextAction(string Action, double Chance);

/// <param name="Text">What was done: "put Cast Iron Pan in the cart".</param>
/// <param name="Effect">How much larger the chance of a purchase (of a row: the answer) is with it than without.</param>
/// <param name="ProductId">The product that it was done with, if one.</param>
/// <param name="At">When it was done; null for what is known of the shopper and for columns.</param>
public sealed record IntentReason(string Text, double Effect, string? ProductId, DateTimeOffset? At);

/// <param name="Target">The column that the model predicts.</param>
/// <param name="Value">The number that it predicts; null for classes.</param>
/// <param name="Chances">Of each class; empty for numbers.</param>
public sealed record RowScore(string Target, double? Value, IReadOnlyDictionary<string, double> Chances);
