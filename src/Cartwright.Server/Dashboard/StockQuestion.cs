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

    private static double? Days(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double days) ? days : null;
}
