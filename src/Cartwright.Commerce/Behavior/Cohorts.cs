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

        InteractionColumns rows = shop.Interactions;
        bool byMonth = request.Period == "month";
        var cohorts = new SortedDictionary<int, int[]>();
        int last = int.MinValue;
        for (int s = 0; s < shop.Shoppers.Count; s++)
        {
            cancellation.ThrowIfCancellationRequested();
            int[]? counts = null;
            int first = 0;
            int before = int.MinValue;
            for (int i = rows.ShopperStart[s]; i < rows.ShopperStart[s + 1]; i++)
            {
                if (rows.Kind[i] != request.Kind)
                {
                    continue;
                }

                int period = PeriodOf(rows.At[i] / Day, byMonth);
                last = Math.Max(last, period);
                if (period == before)
                {
                    continue;
                }

                before = period;
                if (counts is null)
                {
                    first = period;
                    if (!cohorts.TryGetValue(first, out counts))
                    {
                        cohorts[first] = counts = new int[request.Periods + 1];
                    }
                }

                if (period - first <= request.Periods)
                {
                    counts[period - first]++;
                }
            }
        }

        // A period that the history cuts off would look like a loss.
        Cohort[] answered = [.. cohorts.Select(cohort => new Cohort(StartOf(cohort.Key, byMonth), cohort.Value[0],
            [.. Enumerable.Range(1, Math.Clamp(last - 1 - cohort.Key, 0, request.Periods)).Select(p => (double)cohort.Value[p] / cohort.Value[0])]))];
        double[] mean = [.. Enumerable.Range(0, request.Periods).Select(p => answered.Where(c => c.Share.Count > p).ToArray())
            .TakeWhile(old => old.Length > 0).Select((old, p) => old.Sum(c => c.Share[p] * c.Shoppers) / old.Sum(c => (double)c.Shoppers))];
        return new RetentionResponse(answered, mean);
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
}
