using System.Globalization;
using Cartwright.Cli.Output;
using Cartwright.Commerce.Inventory;

namespace Cartwright.Cli.Answers;

internal static class InventoryAnswers
{
    private const int ReasonsOf = 5;

    public static void Write(Terminal terminal, TrainResponse trained)
    {
        terminal.Heading(trained.Summary);
        EstimatesTable.Write(terminal, trained.Estimates);
        terminal.Line("On the last periods, which no model had seen; the 95 % interval over products in brackets. Shares are fractions.");
        terminal.Line($"Version {trained.Version}, trained in {Wording.Duration(TimeSpan.FromSeconds(trained.TrainSeconds))}.");
    }

    public static void Write(Terminal terminal, ForecastResponse forecast)
    {
        if (forecast.Results.Count == 1)
        {
            ProductForecast only = forecast.Results[0];
            terminal.Heading(Name(only));
            var days = new TextTable([forecast.Period == DemandPeriod.Day ? "Day" : "Week from", "#Units", "#80 % interval"]);
            foreach (PeriodForecast period in only.Periods)
            {
                days.Row([Day(period.Date), Units(period.Units), Interval(period.Low, period.High)]);
            }

            terminal.Write(days);
            terminal.Line($"{Units(only.Total)} units in all; four of five times {Interval(only.Low, only.High)}. By version {forecast.Version}.");
            return;
        }

        var table = new TextTable(["Product", "#From", "#Until", "#Units", "#80 % interval"]);
        foreach (ProductForecast product in forecast.Results)
        {
            table.Row([Name(product), product.Periods.Count == 0 ? "–" : Day(product.Periods[0].Date), product.Periods.Count == 0 ? "–" : Day(product.Periods[^1].Date),
                Units(product.Total), Interval(product.Low, product.High)]);
        }

        terminal.Write(table);
        terminal.Line($"By version {forecast.Version}. For single days ask about one product: --product-ids <id>.");
    }

    public static void Write(Terminal terminal, ReplenishResponse plan, string currency)
    {
        terminal.Heading(plan.OrderCount == 0 ? "Nothing has to be ordered now."
            : string.Create(CultureInfo.InvariantCulture, $"Order {Wording.Plural(plan.OrderCount, "product")} for {plan.OrderValue:#,0.00} {currency}."));
        var table = new TextTable(["Product", "", "#Order", "#Stock", "#On order", "#Demand", "#Reorder below", "Runs out", "#Chance before delivery", "#Cost avoided"]);
        foreach (Reorder reorder in plan.Results)
        {
            table.Row([reorder.ProductId, Short(reorder.Title), reorder.Action switch
            {
                ReorderAction.Order => Wording.Count(reorder.Quantity),
                ReorderAction.Wait => "–",
                ReorderAction.StockUnknown => "stock unknown",
                _ => "no sales yet",
            }, reorder.Stock is { } stock ? Wording.Count(stock) : "?", Units(reorder.OnOrder), Units(reorder.Demand), Units(reorder.ReorderPoint),
                reorder.StockOutDate is { } date ? Day(date) : "–", Wording.Percent(reorder.StockOutChance),
                (reorder.ExpectedCostWithoutOrder - reorder.ExpectedCost).ToString("#,0.00", CultureInfo.InvariantCulture)]);
        }

        terminal.Write(table);
        foreach (Reorder reorder in plan.Results.Where(r => r.Action == ReorderAction.Order).Take(ReasonsOf))
        {
            terminal.Line($"{reorder.ProductId}: {string.Join(' ', reorder.Reasons)}");
        }

        terminal.Line($"Demand is for lead time and review together. By version {plan.Version}.");
    }

    private static string Name(ProductForecast product) => product.Store.Length == 0 ? product.ProductId : $"{product.ProductId} in {product.Store}";

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Units(double units) => Wording.Number(units);

    private static string Interval(double low, double high) => $"{Units(low)} to {Units(high)}";

    private static string Short(string text) => text.Length <= 30 ? text : text[..29] + "…";
}
