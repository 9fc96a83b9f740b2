using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Inventory;

/// <summary>Decides what to reorder of one product, and says why.</summary>
/// <remarks>
/// Stock is looked at every review. An order of today has to last until the order of the next review arrives, so demand over lead time and review
/// counts. The reorder point is the quantile of that demand at the newsvendor's share p / (p + h); below it the economic quantity is ordered
/// (Harris 1913), or what is missing to the reorder point where that is more. Silver, Pyke and Thomas, "Inventory and Production Management in Supply
/// Chains", 2016, chapters 6 and 7.
/// </remarks>
internal sealed class ReorderRule(ReplenishRequest request, string currency)
{
    // Beyond this the quantile rests on errors that nobody has seen.
    private const double HighestLevel = 0.99;
    private const double LowestLevel = 0.5;
    private const double DaysPerYear = 365;

    /// <summary>The attribute of a product that says how many units are on their way.</summary>
    public const string OnOrderAttribute = "on_order";

    public static double OnOrder(Product product) => Number(product, OnOrderAttribute) ?? 0;

    /// <summary>Days that the forecast has to reach for a product.</summary>
    public double ProtectedDays(Product product) => LeadTime(product) + request.ReviewDays;

    public double LeadTime(Product product) => Number(product, "lead_time_days") ?? request.LeadTimeDays;

    /// <param name="protectedDemand">Demand until the delivery after the next.</param>
    /// <param name="leadDemand">Demand until an order of today arrives.</param>
    /// <param name="stockOut">The first day on which the expected demand has used up so many units; null where that is not in sight.</param>
    public Reorder Decide(Product product, LeadTimeDemand protectedDemand, LeadTimeDemand leadDemand, Func<double, DateOnly?> stockOut)
    {
        var reasons = new List<string>();
        (double cost, double margin) = Costs(product, reasons);
        double days = ProtectedDays(product);
        double over = cost * (((Number(product, "holding_rate") ?? request.HoldingRate) * days / DaysPerYear) + request.LeftoverLoss);
        double level = request.ServiceLevel ?? Math.Clamp(Newsvendor.ServiceLevel((decimal)Math.Max(over, 1e-6), (decimal)Math.Max(margin, 1e-6)), LowestLevel, HighestLevel);
        double point = protectedDemand.Quantile(level);
        reasons.Add(Say($"{protectedDemand.Mean:#,0.#} units are expected to be asked for in {days:#,0.#} days ({LeadTime(product):0.#} to the delivery, {request.ReviewDays:0.#} to the next order); with a chance of {level:P0} {point:#,0} suffice, {Math.Max(0, point - protectedDemand.Mean):#,0} of them for safety."));
        reasons.Add(request.ServiceLevel is null
            ? Say($"A unit short loses {margin:#,0.00} {currency}, a unit left over {over:#,0.00} {currency}: hence {level:P0}.")
            : Say($"The chance of {level:P0} was asked for."));

        double onOrder = OnOrder(product);
        var answer = new Reorder
        {
            ProductId = product.Id,
            Title = product.Title,
            Action = ReorderAction.StockUnknown,
            Stock = product.Stock,
            OnOrder = onOrder,
            Demand = protectedDemand.Mean,
            ReorderPoint = point,
            SafetyStock = Math.Max(0, point - protectedDemand.Mean),
            ServiceLevel = level,
            Reasons = reasons,
        };
        if (product.Stock is not { } stock)
        {
            reasons.Add("The catalog does not say how many units there are: give products a stock, and this becomes an order.");
            return answer;
        }

        double position = stock + onOrder;
        int quantity = position >= point ? 0 : Quantity(product, point - position, protectedDemand.Mean / days, cost, reasons);
        if (quantity == 0)
        {
            reasons.Add(Say($"There are {position:#,0} units, those on their way included: enough."));
        }

        return answer with
        {
            Action = quantity > 0 ? ReorderAction.Order : ReorderAction.Wait,
            Quantity = quantity,
            Value = decimal.Round(quantity * (decimal)cost, 2),
            StockOutChance = leadDemand.ChanceAbove(position),
            StockOutDate = stockOut(stock),
            ExpectedCost = CostOf(protectedDemand, position + quantity, over, margin),
            ExpectedCostWithoutOrder = CostOf(protectedDemand, position, over, margin),
        };
    }

    private int Quantity(Product product, double missing, double demandPerDay, double cost, List<string> reasons)
    {
        double orderCost = Number(product, "order_cost") ?? request.OrderCost;
        double holding = cost * (Number(product, "holding_rate") ?? request.HoldingRate);
        double economic = demandPerDay > 0 && holding > 0 ? Math.Sqrt(2 * demandPerDay * DaysPerYear * orderCost / holding) : 0;

        // What spoils is not bought ahead.
        double wanted = request.LeftoverLoss > 0 ? missing : Math.Max(missing, economic);
        double minimum = Number(product, "minimum_order") ?? 0;
        double pack = Math.Max(1, Math.Floor(Number(product, "pack_size") ?? 1));
        double quantity = Math.Min(int.MaxValue, Math.Ceiling(Math.Max(wanted, minimum) / pack) * pack);
        reasons.Add(Say($"{missing:#,0.#} units are missing to the reorder point{(economic > missing && request.LeftoverLoss == 0 ? Say($"; {economic:#,0} at a time cost least at {orderCost:#,0.00} {currency} an order") : "")}{(minimum > wanted ? Say($"; the supplier takes orders of {minimum:#,0} and more") : "")}{(pack > 1 ? Say($"; packs hold {pack:#,0}") : "")}."));
        return (int)quantity;
    }

    private (double Cost, double Margin) Costs(Product product, List<string> reasons)
    {
        double price = (double)(product.Price ?? 0);
        double cost = product.Cost is { } known ? (double)known : price * request.CostShare;
        if (product.Cost is null)
        {
            reasons.Add(price > 0 ? Say($"The catalog does not say what it costs: taken as {request.CostShare:P0} of the price.")
                : "The catalog says neither price nor cost: taken as 1.");
        }

        cost = cost > 0 ? cost : 1;
        return (cost, price > cost ? price - cost : cost * (1 - request.CostShare));
    }

    private static double CostOf(LeadTimeDemand demand, double units, double over, double under) => (over * demand.Leftover(units)) + (under * demand.Shortage(units));

    private static double? Number(Product product, string attribute) =>
        product.Attributes.TryGetValue(attribute, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) && number >= 0 ? number : null;

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
