using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Of those who came first in one period, which share came back in each period after.</summary>
/// <example>cartwright behavior retention --period month --kind purchase</example>
public sealed record RetentionRequest
{
    /// <summary>Shop folder to read into memory; the shop's own data where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>"week" or "month".</summary>
    [RetentionPeriod]
    public string Period { get; init; } = "month";

    /// <summary>What counts as coming.</summary>
    public InteractionKind Kind { get; init; } = InteractionKind.Purchase;

    /// <summary>Periods after the first that are shown.</summary>
    [Range(1, 60)]
    public int Periods { get; init; } = 12;
}

/// <param name="Cohorts">Oldest first.</param>
/// <param name="Mean">Share that came back in each period after the first, over all cohorts that are old enough to tell.</param>
public sealed record RetentionResponse(IReadOnlyList<Cohort> Cohorts, IReadOnlyList<double> Mean);

/// <param name="Start">First day of the period in which they came first.</param>
/// <param name="Shoppers">How many they are.</param>
/// <param name="Share">Share that came in each period after, from 0 to 1; fewer than asked where the history ends.</param>
public sealed record Cohort(DateOnly Start, int Shoppers, IReadOnlyList<double> Share);

/// <summary>"week" or "month".</summary>
internal sealed class RetentionPeriodAttribute() : OneOfAttribute("period")
{
    protected override IReadOnlyCollection<string> Allowed => ["week", "month"];
}
