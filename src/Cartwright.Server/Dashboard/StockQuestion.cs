using System.Globalization;
using Cartwright.Commerce.Inventory;

namespace Cartwright.Server.Dashboard;

/// <summary>What the stock page was asked, as it stands in its address.</summary>
public sealed record StockQuestion(string? Product, string? LeadTime, string? Review)
{
    private const int ListLength = 50;

    public ReplenishRequest Ask()
    {
        var defaults = new ReplenishRequest { Count = ListLength };
        return defaults with { LeadTimeDays = Days(LeadTime) ?? defaults.LeadTimeDays, ReviewDays = Days(Review) ?? defaults.ReviewDays };
    }

    /// <summary>The address of the same list as a file.</summary>
    public string File => $"/stock/reorder.csv?leadTime={Uri.EscapeDataString(LeadTime ?? "")}&review={Uri.EscapeDataString(Review ?? "")}";

    public static string Words(ReorderAction action) => action switch
    {
        ReorderAction.Order => "order",
        ReorderAction.Wait => "wait",
        ReorderAction.StockUnknown => "stock unknown",
        _ => "no sales yet",
    };

    private static double? Days(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double days) ? days : null;
}
