using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;
using Cartwright.Commerce.Simulation;
using MathNet.Numerics.Distributions;

namespace Cartwright.Commerce.Automation;

/// <summary>Tries the default rules on simulated shops, each beside itself without them: the same people, days and luck.</summary>
public sealed class AutomationTrial(TimeProvider clock)
{
    private const int FixedFromDays = 60;

    /// <summary>Lets automation look after simulated shops.</summary>
    /// <param name="shops">Where the shops with automation are opened.</param>
    public async Task<SimulateResponse> SimulateAsync(SimulateRequest request, ITrialShops shops, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequestValidation.Validate(request, clock);
        var outcomes = new TrialOutcome[request.Shops];
        var checks = new TrialRules[request.Shops];
        int days = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, request.Shops), cancellationToken, async (i, stop) =>
        {
            (outcomes[i], checks[i]) = await RunAsync(request, request.Seed + i, shops, () => progress?.Report(
                new RunProgress("looking after shops", Interlocked.Increment(ref days), request.Shops * request.Days, "days")), stop);
        });
        return new SimulateResponse(request.Days, outcomes, Figures(outcomes), outcomes.Sum(outcome => outcome.Changes), checks.Sum(check => check.Broken), checks.Sum(check => check.Untraced),
            checks.Sum(check => check.Undone), checks.Sum(check => check.NotUndone), checks.Sum(check => check.NotRestored), TrialByHand.Words);
    }

    private static async Task<(TrialOutcome Outcome, TrialRules Checks)> RunAsync(SimulateRequest request, int seed, ITrialShops shops, Action dayPassed, CancellationToken cancellationToken)
    {
        var world = new ShopWorld(seed, request.Products, request.Shoppers, request.HistoryDays + request.Days);
        var (off, on) = (new TrialLane(world, seed), new TrialLane(world, seed));
        var hand = new TrialByHand(off);
        var time = new TrialClock();
        await using ITrialShop shop = await shops.OpenAsync(time, cancellationToken);
        var rules = new TrialRules(request, on, shop, time, seed);
        await PastAsync(request, off, on, hand, rules, cancellationToken);
        await rules.BeginAsync(request.HistoryDays, cancellationToken);
        for (int day = request.HistoryDays; day < request.HistoryDays + request.Days; day++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            off.Market.Open(day);
            hand.Open(day);
            await off.DayAsync(day, isOwnPrice: true, _ => Task.FromResult(Popular(off)));

            on.Market.Open(day);
            await rules.OpenAsync(day, cancellationToken);
            (IReadOnlyList<Interaction> done, int[] sold) = await on.DayAsync(day, isOwnPrice: true, shopper => rules.FirstAsync(shopper, cancellationToken));
            rules.Note(day, done, sold);
            dayPassed();
        }

        await rules.UndoAsync(cancellationToken);
        return (new TrialOutcome(seed, off.Sums, on.Sums, rules.Changes), rules);
    }

    /// <summary>The days on which the shop goes on by itself, the same in both; then the usual prices are asked and somebody else orders.</summary>
    private static async Task PastAsync(SimulateRequest request, TrialLane off, TrialLane on, TrialByHand hand, TrialRules rules, CancellationToken cancellationToken)
    {
        var lately = new List<int[]>();
        List<int>[] asked = [.. off.World.Products.Select(_ => new List<int>())];
        for (int day = 0; day < request.HistoryDays; day++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (TrialLane lane in new[] { off, on })
            {
                lane.Market.Open(day);
                (IReadOnlyList<Interaction> done, int[] sold) = await lane.DayAsync(day, isOwnPrice: false, _ => Task.FromResult(Popular(lane)));
                if (lane == on)
                {
                    rules.Note(day, done, sold);
                    lately.Add(sold);
                }
            }

            for (int p = 0; p < asked.Length; p++)
            {
                if (off.Market.IsSold(p, day) && !off.Market.IsPromoted[p])
                {
                    asked[p].Add(off.Market.PriceCents[p]);
                }
            }
        }

        for (int p = 0; p < asked.Length; p++)
        {
            asked[p].Sort();
            off.Prices[p] = on.Prices[p] = asked[p].Count > 0 ? asked[p][asked[p].Count / 2] : off.Market.PriceCents[p];
        }

        hand.Begin([.. lately.TakeLast(FixedFromDays)]);
        off.Begin();
        on.Begin();
    }

    private static FirstPlace Popular(TrialLane lane) => new(lane.Popular(), _ => Task.CompletedTask);

    private static TrialFigure[] Figures(TrialOutcome[] outcomes) =>
    [
        Figure("profit", outcomes, sums => sums.Profit, isMoney: true), Figure("revenue", outcomes, sums => sums.Revenue, isMoney: true),
        Figure("stockOutShare", outcomes, sums => sums.StockOutShare, isMoney: false), Figure("lostShare", outcomes, sums => sums.LostShare, isMoney: false),
        Figure("holdingCost", outcomes, sums => sums.HoldingCost, isMoney: true), Figure("orderCost", outcomes, sums => sums.OrderCost, isMoney: true),
        Figure("slotReward", outcomes, sums => sums.SlotReward, isMoney: false),
    ];

    /// <remarks>Each shop is compared with itself, so the interval is Student's over the differences.</remarks>
    private static TrialFigure Figure(string name, TrialOutcome[] outcomes, Func<TrialSums, double> of, bool isMoney)
    {
        double[] differences = [.. outcomes.Select(outcome => isMoney ? (of(outcome.On) / of(outcome.Off)) - 1 : of(outcome.On) - of(outcome.Off))];
        double mean = differences.Average();
        double? radius = differences.Length < 2 ? null
            : StudentT.InvCDF(0, 1, differences.Length - 1, 0.975) * Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (differences.Length - 1) / differences.Length);
        return new TrialFigure(name, outcomes.Average(outcome => of(outcome.Off)), outcomes.Average(outcome => of(outcome.On)), mean, mean - radius, mean + radius);
    }
}
