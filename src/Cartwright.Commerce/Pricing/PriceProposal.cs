using System.Text.Json.Serialization;

namespace Cartwright.Commerce.Pricing;

/// <summary>What became of a proposed price.</summary>
public enum ProposalStatus
{
    /// <summary>Nobody decided yet.</summary>
    Waiting,

    /// <summary>It is the product's price.</summary>
    Approved,

    /// <summary>Somebody decided against it.</summary>
    Rejected,

    /// <summary>It was the product's price, and the one before it came back.</summary>
    Undone,

    /// <summary>A newer run looked at the product before a decision.</summary>
    Replaced,
}

/// <summary>A price that repricing proposes, with what it was made from.</summary>
public sealed record PriceProposal
{
    /// <summary>Names it for approve, reject and undo.</summary>
    public required string Id { get; init; }

    public required string ProductId { get; init; }

    public required DateTimeOffset At { get; init; }

    public ProposalStatus Status { get; init; }

    /// <summary>When it was decided on; null while it waits.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>The product's price when the proposal was made; undo brings it back.</summary>
    public required decimal CurrentPrice { get; init; }

    public required decimal ProposedPrice { get; init; }

    /// <summary>Expected change of a day's profit, in the shop's currency: the median of what is believed of demand.</summary>
    public required double ExpectedChange { get; init; }

    /// <summary>Lower end of its 80 % interval.</summary>
    public required double ExpectedLow { get; init; }

    /// <summary>Upper end of its 80 % interval.</summary>
    public required double ExpectedHigh { get; init; }

    /// <summary>True where all that is believed of demand gives the same change to the cent: at both prices the stock sells out, so there is no interval to tell.</summary>
    [JsonIgnore]
    public bool IsBoundByStock => Math.Abs(ExpectedHigh - ExpectedLow) < 0.005;

    /// <summary>Expected change of the units sold in a day, the median; null in proposals of older versions.</summary>
    public double? UnitsChange { get; init; }

    /// <summary>Lower end of its 80 % interval.</summary>
    public double? UnitsLow { get; init; }

    /// <summary>Upper end of its 80 % interval.</summary>
    public double? UnitsHigh { get; init; }

    /// <summary>What is believed to be wanted at prices around the two, which are among them; the lowest price first. Empty in lists that did not ask for it.</summary>
    public IReadOnlyList<DemandPoint> Demand { get; init; } = [];

    /// <summary>The guardrail beyond which a price would be expected to earn more: "floor", "ceiling" or "step"; null where none binds.</summary>
    public string? HeldBy { get; init; }

    /// <summary>What it was computed from.</summary>
    public required ProposalInputs Inputs { get; init; }

    /// <summary>What computed it: the method, the last day it learned from and the seed of its draws.</summary>
    public required string ModelVersion { get; init; }
}

/// <param name="Cost">Of one unit.</param>
/// <param name="UsualPrice">Median price of the sales that were learned from.</param>
/// <param name="Stock">Units on hand; null where it is not known.</param>
/// <param name="Competitors">Mean of the competitors' latest prices; null where there are none.</param>
/// <param name="UnitsPerDay">Units a day expected at the price now.</param>
/// <param name="Elasticity">Percent that demand changes by where the price rises by one percent, as believed.</param>
/// <param name="ElasticityDeviation">Standard deviation of that belief.</param>
/// <param name="Sales">Days (weeks, where sales are told by the week) of the product that were learned from.</param>
/// <param name="MostUnitsPerDay">Units a day that the stock lets sell until the next delivery; null where stock is not known.</param>
public sealed record ProposalInputs(decimal Cost, decimal UsualPrice, int? Stock, decimal? Competitors, double UnitsPerDay, double Elasticity, double ElasticityDeviation, int Sales,
    double? MostUnitsPerDay = null);

/// <param name="Price">Of one unit.</param>
/// <param name="Units">Units a day that are expected to be wanted at it, the median.</param>
/// <param name="Low">Lower end of the 80 % interval.</param>
/// <param name="High">Upper end of the 80 % interval.</param>
public sealed record DemandPoint(decimal Price, double Units, double Low, double High);
