using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Inventory;

/// <summary>What to order now.</summary>
internal sealed class StockAdvice(StockPlanner planner) : IAdviser
{
    private const double DaysAhead = 30;

    /// <summary>A chance from which a stock counts as one that runs out.</summary>
    private const double LikelyOut = 0.5;

    public AdviceTopic Topic => AdviceTopic.Inventory;

    public async Task<IReadOnlyList<Advice>> AdviseAsync(LiveShop shop, CancellationToken cancellationToken = default)
    {
        if ((await planner.StatusAsync(new StatusRequest(), cancellationToken)).ActiveVersion is null)
        {
            return !shop.Products.Any(product => product.Stock is not null) ? [] : [new Advice
            {
                Topic = Topic,
                Text = "Learn to forecast what will sell, so that orders come in time.",
                Reasons = ["The catalog says how many units there are, and no forecast model is in service."],
                Command = "cartwright inventory train",
            }];
        }

        var asked = new ReplenishRequest { Count = 100_000 };
        ReplenishResponse plan = await planner.ReplenishAsync(asked, cancellationToken);
        Reorder[] orders = [.. plan.Results.Where(reorder => reorder.Action == ReorderAction.Order)];
        if (orders.Length == 0)
        {
            return [];
        }

        Reorder[] running = [.. orders.Where(order => order.StockOutChance >= LikelyOut)];
        double saved = orders.Sum(order => order.ExpectedCostWithoutOrder - order.ExpectedCost) * DaysAhead / (asked.LeadTimeDays + asked.ReviewDays);
        string currency = shop.Snapshot.Info.Currency;
        return [new Advice
        {
            Topic = Topic,
            Text = Advice.Say($"Order {orders.Length:N0} products for {plan.OrderValue:N0} {currency}{(running.Length == 0 ? "" : $"; {running.Length:N0} of them will probably run out before an order of today arrives")}."),
            Reasons = [.. orders.Take(3).Select(order => Advice.Say($"{Name(order)}: {order.Stock:N0} in stock, {order.Demand:N0} expected to be asked for until the delivery after the next."))],
            Worth = saved > 0 ? (decimal)Math.Round(saved) : null,
            IsUrgent = running.Length > 0,
            Command = "cartwright inventory replenish",
        }];
    }

    private static string Name(Reorder order) => order.Title.Length > 0 ? order.Title : order.ProductId;
}
