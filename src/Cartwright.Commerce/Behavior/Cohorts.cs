using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Computes <see cref="RetentionResponse"/>.</summary>
internal static class Cohorts
{
    private const long Day = 24L * 60 * 60 * 1_000_000;
    private const int MondayOffset = 3;                          // 1970-01-01 was a Thursday

    public static RetentionResponse Of(Snapshot shop, RetentionRequest request, CancellationToken cancellation)
    {
        if (!shop.Info.HasRealTimes)
        {
            throw new ValidationException("The shop's times only keep the order of what was done (times \"order\" in shop.json), so there are no weeks or months.");
        }

        bool byMonth = request.Period == "month";
        List<RowPart> parts = RowPart.OfShoppers(shop.Interactions);
        Tally[] tallies = new Tally[parts.Count];
        Parallel.For(0, parts.Count, new ParallelOptions { CancellationToken = cancellation }, i => tallies[i] = Count(shop.Interactions, parts[i], request, byMonth));
        var cohorts = new SortedDictionary<int, int[]>();
        int last = tallies.Length == 0 ? 0 : tallies.Max(tally => tally.Last);
        foreach ((int start, int[] counts) in tallies.SelectMany(tally => tally.Cohorts))
        {
            cohorts[start] = cohorts.TryGetValue(start, out int[]? others) ? [.. others.Zip(counts, (x, y) => x + y)] : counts;
        }

        // A period that the history cuts off would look like a loss.
        Cohort[] answered = [.. cohorts.Select(cohort => new Cohort(StartOf(cohort.Key, byMonth), cohort.Value[0],
            [.. Enumerable.Range(1, Math.Clamp(last - 1 - cohort.Key, 0, request.Periods)).Select(p => (double)cohort.Value[p] / cohort.Value[0])]))];
        double[] mean = [.. Enumerable.Range(0, request.Periods).Select(p => answered.Where(c => c.Share.Count > p).ToArray())
            .TakeWhile(old => old.Length > 0).Select((old, p) => old.Sum(c => c.Share[p] * c.Shoppers) / old.Sum(c => (double)c.Shoppers))];
        return new RetentionResponse(answered, mean);
    }

    private static Tally Count(InteractionColumns rows, RowPart part, RetentionRequest request, bool byMonth)
    {
        var tally = new Tally([]);
        int[]? counts = null;
        (int shopper, long day, int period, int first, int before) = (-1, long.MinValue, 0, 0, int.MinValue);
        for (int i = part.Start; i < part.End; i++)
        {
            if (rows.Kind[i] != request.Kind)
            {
                continue;
            }

            if (rows.Shopper[i] != shopper)
            {
                (shopper, counts, before) = (rows.Shopper[i], null, int.MinValue);
            }

            if (rows.At[i] / Day != day)
            {
                day = rows.At[i] / Day;
                period = PeriodOf(day, byMonth);
            }

            if (period == before)
            {
                continue;
            }

            before = period;
            tally.Last = Math.Max(tally.Last, period);
            if (counts is null)
            {
                first = period;
                if (!tally.Cohorts.TryGetValue(first, out counts))
                {
                    tally.Cohorts[first] = counts = new int[request.Periods + 1];
                }
            }

            if (period - first <= request.Periods)
            {
                counts[period - first]++;
            }
        }

        return tally;
    }

    private static int PeriodOf(long day, bool byMonth)
    {
        if (!byMonth)
        {
            return (int)((day + MondayOffset) / 7);
        }

        DateTime date = DateTime.UnixEpoch.AddDays(day);
        return (date.Year * 12) + date.Month - 1;
    }

    private static DateOnly StartOf(int period, bool byMonth) => byMonth
        ? new DateOnly(period / 12, (period % 12) + 1, 1)
        : DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays((period * 7) - MondayOffset));

    /// <param name="Cohorts">Shoppers by the period of their first coming, each with how many came in every period after.</param>
    private sealed record Tally(Dictionary<int, int[]> Cohorts)
    {
        public int Last { get; set; } = int.MinValue;
    }
}
