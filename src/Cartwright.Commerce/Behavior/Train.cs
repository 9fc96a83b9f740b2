using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Tables;

namespace Cartwright.Commerce.Behavior;

/// <summary>Learns from the shop's sessions who will buy, from its shoppers who will come back, or from a table whatever one of its columns says.</summary>
/// <example>cartwright behavior train</example>
public sealed record TrainRequest : TableTrainFields
{
    /// <summary>What is learned of the shop: "purchase", whether a session ends with a purchase and what comes next, or "returns", who buys again within four weeks.</summary>
    public Foretold Predict { get; init; } = Foretold.Purchase;
}

/// <summary>Which behavior models are in service, and which versions are kept.</summary>
/// <example>cartwright behavior status</example>
public sealed record StatusRequest
{
    /// <summary>Of which model: "purchase" of sessions, or "returns" of shoppers.</summary>
    public Foretold Predict { get; init; } = Foretold.Purchase;
}

/// <summary>Puts a kept version of a behavior model into service: by hand, or to go back.</summary>
/// <example>cartwright behavior activate --version 20260102-030405-session-gru</example>
public sealed record ActivateRequest
{
    /// <summary>The version, as <c>status</c> lists it.</summary>
    [Required]
    public required string Version { get; init; }
}
