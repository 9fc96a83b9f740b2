using System.Globalization;
using System.Text;
using Cartwright.Commerce.Inventory;
using Cartwright.Server.Dashboard.Charts;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>The list of what to reorder as a CSV file (RFC 4180), for whoever writes the orders.</summary>
internal static class ReorderFile
{
    private const int MostRows = 100_000;

    public static async Task<IResult> ServeAsync([AsParameters] StockQuestion question, Shop shop, CancellationToken cancellationToken)
    {
        ReplenishResponse response = await shop.Inventory.ReplenishAsync(question.Ask() with { Count = MostRows }, cancellationToken);
        var text = new StringBuilder("product,title,action,quantity,value,stock,on_order,reorder_point,expected_demand,stock_out_date,stock_out_chance,reasons\r\n");
        foreach (Reorder reorder in response.Results)
        {
            text.AppendJoin(',', Fields(reorder).Select(ChartCsv.Field)).Append("\r\n");
        }

        return Results.File(Encoding.UTF8.GetBytes(text.ToString()), "text/csv; charset=utf-8", "reorder.csv");
    }

    private static string[] Fields(Reorder reorder) =>
    [
        reorder.ProductId, reorder.Title, StockQuestion.Words(reorder.Action), Text(reorder.Quantity), Text(reorder.Value), Text(reorder.Stock), Text(reorder.OnOrder),
        Text(reorder.ReorderPoint), Text(reorder.Demand), reorder.StockOutDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
        reorder.Action is ReorderAction.Order or ReorderAction.Wait ? Text(reorder.StockOutChance) : "", string.Join("; ", reorder.Reasons),
    ];

    private static string Text(IFormattable? value) => value?.ToString(value is double ? "0.####" : null, CultureInfo.InvariantCulture) ?? "";
}
