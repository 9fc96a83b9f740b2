using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Inventory;

/// <summary>What to reorder now, and why: from the forecast, the stock, and what it costs to have too little or too much.</summary>
/// <remarks>
/// A product's own attributes stand in place of a field: lead_time_days, order_cost, holding_rate, pack_size, minimum_order; and on_order says
/// how many units are on their way.
/// </remarks>
/// <example>cartwright inventory replenish --lead-time-days 10 --review-days 7</example>
public sealed record ReplenishRequest
{
    /// <summary>Products to look at; all of the shop where none is named.</summary>
    [ItemCount(0, 1_000)]
    public IReadOnlyList<string>? ProductIds { get; init; }

    /// <summary>Days from an order to its delivery, of products that do not say it themselves in a column lead_time_days.</summary>
    [Range(0.0, 365.0)]
    public double LeadTimeDays { get; init; } = 7;

    /// <summary>Days until there will be ordered again.</summary>
    [Range(1.0, 365.0)]
    public double ReviewDays { get; init; } = 7;

    /// <summary>Cost of placing one order, in the shop's currency; more makes orders larger and rarer.</summary>
    [Range(0.0, 1_000_000.0)]
    public double OrderCost { get; init; } = 10;

    /// <summary>Cost of keeping a unit for a year, as a share of what the unit cost.</summary>
    [Range(0.01, 10.0)]
    public double HoldingRate { get; init; } = 0.25;

    /// <summary>Share of its cost that is lost with a unit that is left when the next delivery comes: 1 for what spoils, 0 for what keeps.</summary>
    [Range(0.0, 1.0)]
    public double LeftoverLoss { get; init; }

    /// <summary>Cost of a unit as a share of its price, where the catalog does not say what it costs.</summary>
    [Range(0.01, 1.0)]
    public double CostShare { get; init; } = 0.6;

    /// <summary>Chance that the stock suffices until the delivery after the next; found from the costs where none is said.</summary>
    [Range(0.5, 0.999)]
    public double? ServiceLevel { get; init; }

    /// <summary>Longest list.</summary>
    [Range(1, 100_000)]
    public int Count { get; init; } = 100;
}

/// <param name="Results">Orders first, the most urgent on top.</param>
/// <param name="OrderCount">Products to order, of all that were looked at.</param>
/// <param name="OrderValue">What those orders cost, in the shop's currency.</param>
/// <param name="Version">The model version that forecast.</param>
public sealed record ReplenishResponse(IReadOnlyList<Reorder> Results, int OrderCount, decimal OrderValue, string Version);

/// <summary>What to do.</summary>
public enum ReorderAction
{
    /// <summary>Order so many units now.</summary>
    Order,

    /// <summary>The stock suffices until the next review.</summary>
    Wait,

    /// <summary>The catalog does not say how many units there are.</summary>
    StockUnknown,

    /// <summary>Nothing was sold yet that a forecast could be made from.</summary>
    NoSales,
}

/// <summary>What to do about one product.</summary>
public sealed record Reorder
{
    public required string ProductId { get; init; }

    public required string Title { get; init; }

    public required ReorderAction Action { get; init; }

    /// <summary>Units to order now: whole packs, at least the minimum; 0 for none.</summary>
    public int Quantity { get; init; }

    /// <summary>What the order costs, in the shop's currency.</summary>
    public decimal Value { get; init; }

    /// <summary>Units on hand; null where the catalog does not say.</summary>
    public int? Stock { get; init; }

    /// <summary>Units on their way.</summary>
    public double OnOrder { get; init; }

    /// <summary>Units expected to be asked for until the delivery after the next.</summary>
    public double Demand { get; init; }

    /// <summary>Order where there are fewer units than this, those on their way included.</summary>
    public double ReorderPoint { get; init; }

    /// <summary>What the reorder point holds beyond the expected demand.</summary>
    public double SafetyStock { get; init; }

    /// <summary>Chance to be met that the stock suffices, from 0 to 1.</summary>
    public double ServiceLevel { get; init; }

    /// <summary>Chance that the stock runs out before an order of today arrives, from 0 to 1.</summary>
    public double StockOutChance { get; init; }

    /// <summary>The first day on which the expected demand has used up the stock; null where the forecast does not reach that far.</summary>
    public DateOnly? StockOutDate { get; init; }

    /// <summary>Expected cost of units missing and left over until the delivery after the next, in the shop's currency, after the order.</summary>
    public double ExpectedCost { get; init; }

    /// <summary>The same without an order.</summary>
    public double ExpectedCostWithoutOrder { get; init; }

    /// <summary>Why, in words.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}
