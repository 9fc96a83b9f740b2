using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>One shopper's timeline: what they did, session by session, newest first, and what they are about to do.</summary>
/// <example>cartwright behavior shopper u000001</example>
public sealed record ShopperRequest
{
    /// <summary>The shopper.</summary>
    [Required]
    public required string ShopperId { get; init; }

    /// <summary>Sessions listed.</summary>
    [Range(1, 100)]
    public int Count { get; init; } = 10;

    /// <summary>Where to go on: what the answer before called next.</summary>
    public string? Next { get; init; }
}

/// <param name="Facts">What all of their history says.</param>
/// <param name="Intent">How their latest session will end, as of its last event; null where no model is trained.</param>
/// <param name="IsOver">True where that event is more than 30 minutes ago: the chances are as they stood then.</param>
/// <param name="Return">Chance that they buy within the four weeks after the last day that the shop knows; null where no model of returns is trained.</param>
/// <param name="Worth">What they will be worth in the 52 weeks after that day; null where they never bought or too few shoppers came back to tell.</param>
/// <param name="Results">Sessions, newest first.</param>
/// <param name="Next">Gives the sessions before these; null at the first one.</param>
/// <param name="Version">The model version that told the intents; null where none is trained.</param>
public sealed record ShopperResponse(
    string ShopperId, ShopperFacts Facts, SessionIntent? Intent, bool IsOver, double? Return, ShopperValue? Worth, IReadOnlyList<ShopperSession> Results, string? Next, string? Version);

/// <param name="Sessions">Sessions so far.</param>
/// <param name="Purchases">Those of them in which something was bought.</param>
/// <param name="Spent">What was paid in all, where prices are known, in the shop's currency.</param>
/// <param name="FirstAt">When they first did something.</param>
/// <param name="LastAt">When they last did.</param>
/// <param name="Attributes">What else is known of them.</param>
public sealed record ShopperFacts(
    int Sessions, int Purchases, double Spent, DateTimeOffset FirstAt, DateTimeOffset LastAt, IReadOnlyDictionary<string, string> Attributes);

/// <param name="SessionId">The shop's id; null where the session was cut at pauses of 30 minutes.</param>
/// <param name="Outcome">"purchase", "abandonment" (something left in the cart, nothing bought) or "leaving".</param>
/// <param name="Events">Oldest first.</param>
public sealed record ShopperSession(string? SessionId, DateTimeOffset StartedAt, DateTimeOffset EndedAt, string Outcome, IReadOnlyList<ShopperEvent> Events);

/// <param name="Kind">An impression is a list that was shown.</param>
/// <param name="ProductId">Null for a search; of a list its first product.</param>
/// <param name="Title">The product's.</param>
/// <param name="Quantity">Units, or products in the list.</param>
/// <param name="Price">Of one unit, in the shop's currency.</param>
/// <param name="Intent">How the session would end, as it stood after this event; given for the latest session.</param>
public sealed record ShopperEvent(
    DateTimeOffset At, InteractionKind Kind, string? ProductId, string? Title, double Quantity, double? Price, SessionIntent? Intent);
