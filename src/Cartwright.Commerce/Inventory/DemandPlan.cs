using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Inventory;

/// <summary>What is planned for the days to come, and how it comes into a panel.</summary>
/// <param name="promoted">Days on which every product is promoted.</param>
/// <param name="sales">What is planned for single products; it goes before <paramref name="promoted"/>.</param>
internal sealed class DemandPlan(IReadOnlySet<DateOnly> promoted, IReadOnlyList<PlannedSale> sales)
{
    private const string KnownPrefix = "known_";

    public static DemandPlan None { get; } = new(new HashSet<DateOnly>(), []);

    public IReadOnlySet<DateOnly> Promoted => promoted;

    public bool HasSales => sales.Count > 0;

    /// <summary>Writes the plan into the periods from an origin on, the mean of the days of a week for weeks.</summary>
    /// <param name="panel">Its series have arrays of their own.</param>
    /// <exception cref="NotFoundException">A product was never sold, or not in that store.</exception>
    /// <exception cref="ValidationException">A day lies outside of the forecast, a column is not one that was learned from, or nothing planned was.</exception>
    public void Write(DemandPanel panel, int origin)
    {
        if (HasSales && !panel.IsPlanned)
        {
            throw new ValidationException("The forecast was learned from purchases, whose prices and promotions are not known ahead, so a plan changes nothing. Leave it out, or import sales.csv.");
        }

        ILookup<string, DemandSeries> series = panel.Series.ToLookup(of => of.Product, StringComparer.Ordinal);
        var days = new Dictionary<(DemandSeries, int), int>();
        foreach (PlannedSale sale in sales)
        {
            CheckColumns(sale, panel);
            int period = PeriodOf(sale.Date, panel, origin);
            DemandSeries[] planned = [.. series[sale.ProductId].Where(of => sale.Store.Length == 0 || of.Store == sale.Store)];
            if (planned.Length == 0)
            {
                throw new NotFoundException($"The plan names product '{sale.ProductId}'{(sale.Store.Length == 0 ? "" : $" in store '{sale.Store}'")}, of whose sales nothing is known.");
            }

            foreach (DemandSeries of in planned)
            {
                int before = days.GetValueOrDefault((of, period));
                days[(of, period)] = before + 1;
                Write(sale, of, period, before, panel.Known);
            }
        }
    }

    private static void Write(PlannedSale sale, DemandSeries series, int period, int before, IReadOnlyList<string> known)
    {
        float Mean(float so, float next) => before == 0 ? next : so + ((next - so) / (before + 1));
        if (sale.Price is { } price)
        {
            series.Price[period] = Mean(series.Price[period], (float)price);
        }

        if (sale.Promoted is { } share)
        {
            series.Promoted[period] = Mean(series.Promoted[period], (float)share);
        }

        for (int k = 0; k < known.Count; k++)
        {
            series.Known[k][period] = Mean(series.Known[k][period], SalesHistory.KnownOf(sale.Known, known[k]));
        }
    }

    private static int PeriodOf(DateOnly date, DemandPanel panel, int origin)
    {
        int period = (int)Math.Floor((date.DayNumber - panel.FirstDay) / (double)panel.DaysPerPeriod);
        return period >= origin && period < panel.Length ? period
            : throw new ValidationException($"The plan has {date:yyyy-MM-dd}; the forecast goes from {panel.DateOf(origin):yyyy-MM-dd} to {panel.DateOf(panel.Length).AddDays(-1):yyyy-MM-dd}.");
    }

    private static void CheckColumns(PlannedSale sale, DemandPanel panel)
    {
        foreach (string column in sale.Known.Keys)
        {
            if (!column.StartsWith(KnownPrefix, StringComparison.Ordinal) || !panel.Known.Any(known => known.Split('=')[0] == column[KnownPrefix.Length..]))
            {
                throw new ValidationException($"The plan has a column '{column}'; the sales that were learned from have "
                    + (panel.Known.Count == 0 ? "none that is planned ahead beside price and promoted." : $"{string.Join(", ", panel.Known.Select(known => KnownPrefix + known.Split('=')[0]).Distinct(StringComparer.Ordinal))}."));
            }
        }
    }
}
