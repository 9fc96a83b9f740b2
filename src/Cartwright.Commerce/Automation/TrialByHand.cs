using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Automation;

/// <summary>The simulated shop without automation: prices stay, and stock is ordered at a point that was fixed once, in economic quantities.</summary>
/// <remarks>The point suffices for 95 % of Poisson demand over lead time and a day at the mean of the last sixty days; the quantity is Harris's, at the same costs that the trial counts.</remarks>
internal sealed class TrialByHand(TrialLane lane)
{
    public const string Words = "Prices stay at what each product usually costs. Stock is ordered each morning where it falls below a point fixed from the sales of the 60 days before "
        + "(95 % of Poisson demand over lead time and a day), in economic quantities. The first place shows what sold most in four weeks.";

    private const double SafetyDeviations = 1.645;
    private const double DaysPerYear = 365;
    private readonly double[] _daily = new double[lane.World.Products.Length];

    /// <summary>Fixes the points.</summary>
    /// <param name="lately">Units sold of each product on the days before.</param>
    public void Begin(IReadOnlyList<int[]> lately)
    {
        for (int p = 0; p < _daily.Length; p++)
        {
            _daily[p] = lately.Count == 0 ? 0 : lately.Average(day => day[p]);
        }
    }

    /// <summary>Orders what is below its point.</summary>
    public void Open(int day)
    {
        for (int p = 0; p < _daily.Length; p++)
        {
            SimulatedProduct product = lane.World.Products[p];
            double demand = Math.Max(_daily[p], 0.05) * (product.LeadTimeDays + 1);
            double point = demand + (SafetyDeviations * Math.Sqrt(demand));
            int position = lane.Market.Stock[p] + lane.Market.OnOrder[p];
            if (lane.Market.IsSold(p, day) && position < point)
            {
                double economic = Math.Sqrt(2 * _daily[p] * DaysPerYear * TrialLane.OrderCost / (product.Cost * TrialLane.HoldingRate));
                lane.Order(p, (int)Math.Ceiling(Math.Max(economic, point - position)), day);
            }
        }
    }
}
