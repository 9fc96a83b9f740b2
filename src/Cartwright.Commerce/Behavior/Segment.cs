using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Sorts shoppers into segments of those who behave alike, and says what sets each apart.</summary>
/// <example>cartwright behavior segment --members 5</example>
public sealed record SegmentRequest
{
    /// <summary>Shop folder to read into memory; the shop's own data where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Segments; where it is not given, the number from 3 to 8 that keeps them apart best and finds them again on other samples.</summary>
    [Range(2, 20)]
    public int? Segments { get; init; }

    /// <summary>Shoppers named of each segment, the most typical first.</summary>
    [Range(0, 1_000)]
    public int Members { get; init; } = 5;

    /// <summary>Same seed and same data give the same segments.</summary>
    public int Seed { get; init; } = 1;
}

/// <param name="Shoppers">Shoppers who were sorted: all who did more than see a list.</param>
/// <param name="Until">Last day that was looked at; null where times only keep an order.</param>
/// <param name="Segments">The largest worth first.</param>
/// <param name="Tried">Each number of segments that was weighed.</param>
/// <param name="Summary">What it says, in a sentence or two.</param>
public sealed record SegmentResponse(int Shoppers, DateOnly? Until, IReadOnlyList<ShopperSegment> Segments, IReadOnlyList<TriedSegments> Tried, string Summary);

/// <param name="Name">What sets it apart: "recent, frequent buyers of Books".</param>
/// <param name="Shoppers">How many they are.</param>
/// <param name="Share">Their share of all shoppers, from 0 to 1.</param>
/// <param name="Buyers">Share of them who bought something.</param>
/// <param name="Spent">What they spent together, in the shop's currency.</param>
/// <param name="SpentShare">Their share of all that was spent.</param>
/// <param name="MeanSpent">What one of them spent.</param>
/// <param name="Traits">What sets them apart, the largest difference first.</param>
/// <param name="Members">Ids of some, the most typical first.</param>
public sealed record ShopperSegment(string Name, int Shoppers, double Share, double Buyers, double Spent, double SpentShare, double MeanSpent,
    IReadOnlyList<SegmentTrait> Traits, IReadOnlyList<string> Members);

/// <param name="Feature">What is compared: "days since the last visit".</param>
/// <param name="Mean">Mean over the segment.</param>
/// <param name="OthersMean">Mean over all others.</param>
/// <param name="Difference">How many standard deviations the segment lies above the others; below 0 it lies lower.</param>
/// <param name="Text">The same in words.</param>
public sealed record SegmentTrait(string Feature, double Mean, double OthersMean, double Difference, string Text);

/// <param name="Count">Segments.</param>
/// <param name="Silhouette">How clearly shoppers are nearer to their own segment than to the next: 0 not at all, 1 perfectly.</param>
/// <param name="CalinskiHarabasz">Variance between segments over variance within; compare it for the same shop alone.</param>
/// <param name="Stability">Mean adjusted Rand index of the segments and those found on bootstrap samples of the shoppers: 1 the same, 0 as by chance.</param>
/// <param name="SeedStability">The same with the segments that are found when all is learned anew from other seeds.</param>
public sealed record TriedSegments(int Count, double Silhouette, double CalinskiHarabasz, double Stability, double SeedStability);
