using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Pricing;
using Cartwright.Commerce.Runs;
using Cartwright.Server.Dashboard.Charts;
using Cartwright.Server.Runs;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>The CSV files behind the charts.</summary>
internal static class ChartFiles
{
    public static Task<IResult> KindAsync(int days, InteractionKind kind, ShopReading reading, CancellationToken cancellationToken) =>
        OfActivityAsync(days, reading, (activity, period) => ActivityCharts.OfKind(activity, period, kind), cancellationToken);

    public static Task<IResult> AllAsync(int days, ShopReading reading, CancellationToken cancellationToken) =>
        OfActivityAsync(days, reading, ActivityCharts.OfAll, cancellationToken);

    public static async Task<IResult> RunAsync(string id, RunService runs, CancellationToken cancellationToken)
    {
        Run run = await runs.FindAsync(id, cancellationToken) ?? throw new NotFoundException($"There is no run '{id}'.");
        return ChartCsv.Of(RunChart.Of(run, await runs.PointsAsync(id, cancellationToken)));
    }

    public static async Task<IResult> DemandAsync(string id, Shop shop, CancellationToken cancellationToken)
    {
        PriceProposal proposal = await shop.PriceSetter.FindAsync(id, cancellationToken);
        Chart chart = PriceCharts.Demand(proposal, (await shop.Store.ReadInfoAsync(cancellationToken)).Currency)
            ?? throw new NotFoundException($"Proposal '{id}' is of an older version, which kept no demand curve.");
        return ChartCsv.Of(chart);
    }

    public static async Task<IResult> ClicksAsync(string? query, ClickReading clicks, CancellationToken cancellationToken) =>
        ChartCsv.Of(SearchCharts.Clicks(await clicks.OfAsync(RecommendationQuestion.Text(query), cancellationToken)));

    private static async Task<IResult> OfActivityAsync(int days, ShopReading reading, Func<ActivityByDay, Period, Chart> make,
        CancellationToken cancellationToken)
    {
        ActivityByDay activity = await reading.ActivityAsync(cancellationToken)
            ?? throw new NotFoundException("This shop has no interactions with real times, so there is nothing to show by day.");
        return ChartCsv.Of(make(activity, Period.Last(activity, Math.Clamp(days, 1, 3660))));
    }
}
