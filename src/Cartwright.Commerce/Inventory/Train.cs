using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Inventory;

/// <summary>Learns to forecast the shop's sales, or its purchases where it has no sales.</summary>
/// <example>cartwright inventory train --horizon 28</example>
public sealed record TrainRequest
{
    /// <summary>Periods that will be forecast at most: 28 days or 4 weeks where none is said.</summary>
    [Range(1, 400)]
    public int? Horizon { get; init; }

    /// <summary>"day" or "week". Days for daily sales, weeks for weekly sales and for purchases, where none is said.</summary>
    public DemandPeriod? Period { get; init; }

    /// <summary>Same seed and same data give the same model, bit for bit.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Passes of the recurrent network over the sales, at most; it stops earlier when validation stops improving.</summary>
    [Range(1, 10_000)]
    public int? Epochs { get; init; }

    /// <summary>Puts the new version into service even where it does not beat the one that is there.</summary>
    public bool Activate { get; init; }
}

/// <param name="Version">The new version.</param>
/// <param name="IsActive">Whether it is in service now.</param>
/// <param name="Summary">What was found, in a sentence or two.</param>
/// <param name="Weights">What the forecast is a mean of.</param>
/// <param name="Estimates">On the last horizon, which was kept aside, by model and metric: "ensemble wape".</param>
public sealed record TrainResponse(string Version, bool IsActive, string Summary, IReadOnlyDictionary<string, double> Weights,
    IReadOnlyDictionary<string, MetricEstimate> Estimates, double TrainSeconds);

/// <summary>Which forecast model is in service, and which versions are kept.</summary>
/// <example>cartwright inventory status</example>
public sealed record StatusRequest;

/// <summary>Puts a kept version of the forecast model into service: by hand, or to go back.</summary>
/// <example>cartwright inventory activate --version 20260102-030405-ensemble</example>
public sealed record ActivateRequest
{
    /// <summary>The version, as <c>status</c> lists it.</summary>
    [Required]
    public required string Version { get; init; }
}
