using System.Globalization;
using Cartwright.Commerce.Pricing;

namespace Cartwright.Server.Dashboard.Charts;

/// <summary>What is believed of a product's demand around a proposed price, and the sentence that is its title.</summary>
internal static class PriceCharts
{
    /// <summary>Null for a proposal that kept no curve.</summary>
    public static Chart? Demand(PriceProposal proposal, string currency)
    {
        if (proposal.Demand.Count == 0)
        {
            return null;
        }

        IReadOnlyList<DemandPoint> points = proposal.Demand;
        return new Chart
        {
            Name = "demand",
            AxisName = $"Price, {currency}",
            ValueName = "Units per day",
            Axis = [.. points.Select(point => Figures.Money(point.Price, currency) + Mark(proposal, point.Price))],
            AxisInFile = [.. points.Select(point => point.Price.ToString(CultureInfo.InvariantCulture))],
            AxisValues = [.. points.Select(point => (double)point.Price)],
            Marks = [.. Marks(proposal)],
            Series =
            [
                new("Expected", ChartShape.Line, [.. points.Select(point => (double?)point.Units)]),
                new("Low", ChartShape.Reference, [.. points.Select(point => (double?)point.Low)]),
                new("High", ChartShape.Reference, [.. points.Select(point => (double?)point.High)]),
            ],
        };
    }

    /// <summary>"Cast Iron Pan would sell about 1.64 units a day at €41.80, and sells 1.80 at €39.90".</summary>
    public static string Finding(PriceProposal proposal, string title, string currency)
    {
        DemandPoint? now = At(proposal, proposal.CurrentPrice);
        DemandPoint? then = At(proposal, proposal.ProposedPrice);
        string change = $"from {Figures.Money(proposal.CurrentPrice, currency)} to {Figures.Money(proposal.ProposedPrice, currency)}";
        return now is null || then is null
            ? $"{title}: {change}"
            : $"{title} {change}: about {Figures.Number(then.Units)} units a day would be wanted, not {Figures.Number(now.Units)}";
    }

    private static IEnumerable<ChartMark> Marks(PriceProposal proposal)
    {
        for (int i = 0; i < proposal.Demand.Count; i++)
        {
            decimal price = proposal.Demand[i].Price;
            if (price == proposal.CurrentPrice)
            {
                yield return new ChartMark("Now", i);
            }
            else if (price == proposal.ProposedPrice)
            {
                yield return new ChartMark("Proposed", i);
            }
        }
    }

    private static string Mark(PriceProposal proposal, decimal price) =>
        price == proposal.CurrentPrice ? ", now" : price == proposal.ProposedPrice ? ", proposed" : "";

    private static DemandPoint? At(PriceProposal proposal, decimal price) => proposal.Demand.FirstOrDefault(point => point.Price == price);
}
