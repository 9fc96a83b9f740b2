using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Simulation;

namespace Cartwright.Commerce.Pricing;

/// <summary>The simulated shop priced in several ways, each on a market of its own that starts the same.</summary>
internal sealed class PriceTrial
{
    private const int DaysAtEnd = 14;

    private readonly SimulateRequest _request;
    private readonly ShopWorld _world;
    private readonly Guardrails _guardrails;
    private readonly List<IReadOnlyList<SoldDay>> _history = [];
    private readonly int[] _usual;                        // cents: median of the days without promotion

    public PriceTrial(SimulateRequest request)
    {
        _request = request;
        _guardrails = new Guardrails(request.LeastMargin, request.MostAboveUsual, request.MostStep);
        _world = new ShopWorld(request.Seed, request.Products, request.Shoppers, request.HistoryDays + request.Days);
        _usual = [.. _world.Products.Select(product => (int)Math.Round(100 * product.ReferencePrice))];
    }

    /// <summary>One market with what its prices earned.</summary>
    private sealed class Lane(string policy, Market market, int[] prices, double? markup = null)
    {
        public string Policy => policy;

        public Market Market => market;

        public double? Markup => markup;

        /// <summary>Cents, as set for today.</summary>
        public int[] Prices => prices;

        public double Profit { get; set; }

        public double ProfitAtEnd { get; set; }

        public long Units { get; set; }
    }

    public SimulateResponse Run(IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        double best = BestMarkup();
        Market first = Past(learns: true, cancellation);
        Lane[] lanes =
        [
            new("reprice", first, Usual()), new("oracle", Past(false, cancellation), Usual()),
            new("cost-plus", Past(false, cancellation), CostPlus(_request.Markup), _request.Markup),
            new("best-cost-plus", Past(false, cancellation), CostPlus(best), best), new("unchanged", Past(false, cancellation), Usual()),
        ];
        PriceBeliefs beliefs = PriceBeliefs.Learn(_history, _world.Products.Select((_, p) => Today(lanes[0], p)).ToDictionary(product => product.Id, StringComparer.Ordinal));
        var repricer = new Repricer(beliefs, _guardrails, coverDays: 1, Draws.Stream(_request.Seed, "reprice"));
        for (int day = _request.HistoryDays; day < _request.HistoryDays + _request.Days; day++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (Lane lane in lanes)
            {
                lane.Market.Open(day);
                SetPrices(lane, day, repricer);
                lane.Market.SetPrices(lane.Prices);
                int[] stock = [.. lane.Market.Stock];
                lane.Market.SellOverTheCounter(day);
                Count(lane, isAtEnd: day >= _request.HistoryDays + _request.Days - DaysAtEnd);
                if (lane.Policy == "reprice")
                {
                    beliefs.Observe(Sold(lane.Market, day, stock));
                }
            }

            progress?.Report(new RunProgress("repricing", day - _request.HistoryDays + 1, _request.Days, "days")
            {
                Values = new Dictionary<string, double>(StringComparer.Ordinal) { ["share of the oracle's profit"] = lanes[0].Profit / Math.Max(1e-9, lanes[1].Profit) },
            });
        }

        (long proposals, long broken) = GuardrailTrial.Run(_request.GuardrailRuns, _request.Seed, progress, cancellation);
        return new SimulateResponse(_request.Days, _request.Products, [.. lanes.Select(lane => new PolicyOutcome(lane.Policy, lane.Profit, lane.Units, lane.Markup))],
            lanes[0].Profit / lanes[1].Profit, lanes[0].ProfitAtEnd / lanes[1].ProfitAtEnd, (lanes[0].Profit / lanes[2].Profit) - 1, _request.GuardrailRuns, proposals, broken);
    }

    /// <summary>A market after the days on which the shop prices by itself. Each is drawn from the same stream, so all are alike.</summary>
    private Market Past(bool learns, CancellationToken cancellation)
    {
        var market = new Market(_world, Draws.Stream(_request.Seed, "market"));
        var seen = _world.Products.Select(_ => new List<int>()).ToArray();
        for (int day = 0; day < _request.HistoryDays; day++)
        {
            cancellation.ThrowIfCancellationRequested();
            market.Open(day);
            int[] stock = [.. market.Stock];
            market.SellOverTheCounter(day);
            if (learns)
            {
                _history.Add(Sold(market, day, stock));
                foreach (int p in Enumerable.Range(0, seen.Length).Where(p => market.IsSold(p, day) && !market.IsPromoted[p]))
                {
                    seen[p].Add(market.PriceCents[p]);
                }
            }
        }

        for (int p = 0; learns && p < seen.Length; p++)
        {
            seen[p].Sort();
            _usual[p] = seen[p].Count > 0 ? seen[p][seen[p].Count / 2] : _usual[p];
        }

        return market;
    }

    private SoldDay[] Sold(Market market, int day, int[] stock) => [.. Enumerable.Range(0, _world.Products.Length).Where(p => market.IsSold(p, day))
        .Select(p => new SoldDay(_world.Products[p].Id, market.PriceCents[p] / 100.0, Competitors(market, p), market.SoldOverTheCounter[p],
            IsSoldOut: market.SoldOverTheCounter[p] >= stock[p], market.IsPromoted[p] ? 1 : 0))];

    private static double? Competitors(Market market, int p) => market.CompetitorCents[p] is { Length: > 0 } cents && cents.All(c => c > 0) ? cents.Average() / 100 : null;

    private int[] Usual() => [.. _usual];

    private PricedToday Today(Lane lane, int p) => new(_world.Products[p].Id, ShopWords.Leaves[_world.Products[p].Leaf].Path, (decimal)_world.Products[p].Cost,
        lane.Prices[p] / 100m, _usual[p] / 100m, lane.Market.Stock[p], Competitors(lane.Market, p));

    private void SetPrices(Lane lane, int day, Repricer repricer)
    {
        for (int p = 0; p < lane.Prices.Length && lane.Policy is "reprice" or "oracle"; p++)
        {
            if (!lane.Market.IsSold(p, day))
            {
                continue;
            }

            PricedToday today = Today(lane, p);
            decimal? price = lane.Policy == "oracle" ? Oracle(today, _world.Products[p].Elasticity) : repricer.Price(today);
            lane.Prices[p] = price is { } set ? (int)(100 * set) : lane.Prices[p];
        }
    }

    /// <summary>The best price under the same guardrails for whoever knows the elasticity: cost · e / (e - 1).</summary>
    private decimal? Oracle(PricedToday today, double elasticity)
    {
        (long low, long high, _, _) = _guardrails.Range(today);
        double best = elasticity > 1 ? 100 * (double)today.Cost * elasticity / (elasticity - 1) : high;
        return low > high ? null : (long)Math.Round(Math.Clamp(best, low, high)) / 100m;
    }

    private int[] CostPlus(double markup) => [.. _world.Products.Select((product, p) => Within(100 * product.Cost * (1 + markup), p))];

    private int Within(double cents, int p)
    {
        double floor = 100 * _world.Products[p].Cost / (1 - _request.LeastMargin);
        double ceiling = Math.Max(floor, _usual[p] * (1 + _request.MostAboveUsual));
        return (int)Math.Round(Math.Clamp(cents, floor, ceiling));
    }

    /// <summary>The one markup that would earn most, for whoever knows all demand.</summary>
    private double BestMarkup() => Enumerable.Range(1, 300).Select(i => i / 100.0).MaxBy(markup =>
    {
        int[] prices = CostPlus(markup);
        return _world.Products.Select((product, p) => ((prices[p] / 100.0) - product.Cost) * product.CounterDemand
            * Math.Pow(prices[p] / 100.0 / product.ReferencePrice, -product.Elasticity)).Sum();
    });

    private void Count(Lane lane, bool isAtEnd)
    {
        for (int p = 0; p < lane.Prices.Length; p++)
        {
            double profit = ((lane.Prices[p] / 100.0) - _world.Products[p].Cost) * lane.Market.SoldOverTheCounter[p];
            lane.Profit += profit;
            lane.ProfitAtEnd += isAtEnd ? profit : 0;
            lane.Units += lane.Market.SoldOverTheCounter[p];
        }
    }
}
