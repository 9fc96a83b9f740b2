using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>What shoppers will be worth: who is still active, how often they will buy, and for how much.</summary>
/// <example>cartwright behavior value --data ./shop-folder --weeks 52</example>
public sealed record ValueRequest
{
    /// <summary>Shop folder to read into memory; the shop's own data where none is given.</summary>
    [PathField]
    public string? Data { get; init; }

    /// <summary>Weeks to look ahead.</summary>
    [Range(1, 500)]
    public int Weeks { get; init; } = 52;

    /// <summary>Learns from the first weeks alone and says how well it foretold the rest; all weeks where it is not given.</summary>
    [Range(2, 5_200)]
    public int? CalibrationWeeks { get; init; }

    /// <summary>Only shoppers with this attribute: "in_sample=1".</summary>
    public string? Where { get; init; }

    /// <summary>Shoppers listed, the most valuable first.</summary>
    [Range(0, 10_000)]
    public int Count { get; init; } = 20;
}

/// <param name="Shoppers">Shoppers learned from.</param>
/// <param name="RepeatShoppers">Those of them who bought on another day too.</param>
/// <param name="Frequency">How often shoppers come back and leave.</param>
/// <param name="LogLikelihood">Natural logarithm of the chance of all histories under <paramref name="Frequency"/>.</param>
/// <param name="Spending">What they spend in a purchase; null where no price is known.</param>
/// <param name="SpendingLogLikelihood">The same under <paramref name="Spending"/>.</param>
/// <param name="Foretold">How well the weeks after the calibration were foretold; null where none was asked.</param>
/// <param name="Results">The most valuable shoppers.</param>
public sealed record ValueResponse(
    int Shoppers, int RepeatShoppers, BgNbd Frequency, double LogLikelihood, GammaGamma? Spending, double? SpendingLogLikelihood,
    ForetoldPurchases? Foretold, IReadOnlyList<ShopperValue> Results);

/// <param name="Weeks">Weeks after the calibration.</param>
/// <param name="Expected">Purchases that were expected in them, of all shoppers.</param>
/// <param name="Actual">Purchases that came.</param>
/// <param name="MeanAbsoluteError">Mean over shoppers of the distance between the two.</param>
/// <param name="BaselineError">The same for the plain guess that each shopper goes on at the pace so far.</param>
public sealed record ForetoldPurchases(double Weeks, double Expected, int Actual, double MeanAbsoluteError, double BaselineError);

/// <param name="Active">Chance that the shopper has not left.</param>
/// <param name="Purchases">Purchases to be expected in the weeks ahead.</param>
/// <param name="MeanValue">What one is expected to be worth, in the shop's currency; null where no price is known.</param>
/// <param name="Value">Both together.</param>
/// <param name="Reasons">What of the history says so.</param>
public sealed record ShopperValue(
    string ShopperId, double Active, double Purchases, double? MeanValue, double? Value, IReadOnlyList<string> Reasons);
