using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Behavior;

/// <summary>Computes <see cref="AnomaliesResponse"/>.</summary>
internal sealed class AnomalySearch(AnomaliesRequest request, TimeProvider clock)
{
    /// <summary>Score of what can't be at all; no other is higher.</summary>
    public const double MostScore = 100;

    /// <param name="shop">What is searched.</param>
    /// <param name="rejects">Rows that did not come into the shop.</param>
    public AnomaliesResponse Of(Snapshot shop, IReadOnlyList<Reject> rejects, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        var history = new StrayTimes(shop, clock.GetUtcNow());
        List<Anomaly> found = [.. rejects.Where(reject => reject.File.StartsWith("interactions", StringComparison.Ordinal)).Select(Rejected)];
        progress?.Report(new RunProgress("looking for rows that can't be", 0, 0, "rows"));
        found.AddRange(new ImpossibleRows(shop, history).Find());
        cancellation.ThrowIfCancellationRequested();
        if (shop.Info.HasRealTimes)
        {
            progress?.Report(new RunProgress("learning what visits are like", 0, 0, "visits"));
            var visits = new StrangeVisits(shop, request.Seed, clock);
            found.AddRange(visits.Find(cancellation));
            progress?.Report(new RunProgress("looking at the days", 0, 0, "days"));
            found.AddRange(history.Find());
            found.AddRange(new TrackingDays(shop, history, visits.IsOfBot).Find());
        }

        AnomalyCount[] counts = [.. found.GroupBy(anomaly => anomaly.Kind).OrderBy(of => of.Key).Select(of => new AnomalyCount(of.Key, of.Count(), of.Sum(anomaly => anomaly.Rows)))];
        return new AnomaliesResponse([.. found.OrderByDescending(anomaly => anomaly.Score).ThenByDescending(anomaly => anomaly.Rows).Take(request.Count)], counts,
            Summary(counts, found.Count, shop));
    }

    private static Anomaly Rejected(Reject reject) => new()
    {
        Kind = AnomalyKind.RejectedRow, Rows = 1, Score = MostScore, Reason = $"{reject.File}:{reject.Line.ToString(CultureInfo.InvariantCulture)}: {reject.Reason}",
    };

    private static string Summary(AnomalyCount[] counts, int found, Snapshot shop)
    {
        string looked = shop.Info.HasRealTimes ? "" : " The shop's times only keep an order, so days and visits were not looked at.";
        return (found == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Nothing strange in {shop.Interactions.Count:#,0} interactions.")
            : string.Create(CultureInfo.InvariantCulture, $"{found:#,0} {(found == 1 ? "finding" : "findings")} in {shop.Interactions.Count:#,0} interactions: {string.Join(", ", counts.Select(Words))}.")) + looked;
    }

    private static string Words(AnomalyCount count)
    {
        (string one, string many) = count.Kind switch
        {
            AnomalyKind.Bot => ("bot", "bots"),
            AnomalyKind.RepeatedEvents => ("day with interactions recorded twice", "days with interactions recorded twice"),
            AnomalyKind.MissingSessions => ("day without sessions", "days without sessions"),
            AnomalyKind.MissingEvents => ("day with interactions not recorded", "days with interactions not recorded"),
            AnomalyKind.WrongTime => ("visitor at a wrong time", "visitors at a wrong time"),
            AnomalyKind.WrongPrice => ("wrong price", "wrong prices"),
            AnomalyKind.WrongQuantity => ("wrong quantity", "wrong quantities"),
            AnomalyKind.UnknownProduct => ("unknown product", "unknown products"),
            _ => ("rejected row", "rejected rows"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{count.Findings:#,0} {(count.Findings == 1 ? one : many)}");
    }
}
