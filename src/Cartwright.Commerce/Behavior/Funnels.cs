using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Computes <see cref="FunnelResponse"/> in one pass over the interactions.</summary>
internal static class Funnels
{
    private const long Minute = 60L * 1_000_000;
    private const long Day = 24 * 60 * Minute;

    // Median times are taken from so many at most, evenly chosen.
    private const int MostTimes = 200_000;

    public static FunnelResponse Of(Snapshot shop, FunnelRequest request, CancellationToken cancellation)
    {
        if (request.Hours is not null && !shop.Info.HasRealTimes)
        {
            throw new ValidationException("The shop's times only keep the order of what was done (times \"order\" in shop.json), so a limit in hours says nothing. Leave it out.");
        }

        InteractionColumns rows = shop.Interactions;
        bool bySession = request.By == "session";
        int[] unit = bySession ? rows.Session : rows.Shopper;
        int unitCount = bySession ? shop.Sessions.Count : shop.Shoppers.Count;
        InteractionKind[] steps = [.. request.Steps];
        long limit = request.Hours is { } hours ? (long)(hours * 60 * Minute) : long.MaxValue;
        long from = request.From is { } first ? Start(first) : long.MinValue;
        long to = request.To is { } last ? Start(last.AddDays(1)) : long.MaxValue;

        int[] reached = new int[unitCount];
        long[] begun = new long[unitCount];
        long[] latest = new long[unitCount];
        long[] counts = new long[steps.Length];
        List<long>[] times = [.. steps.Select(_ => new List<long>())];
        for (int i = 0; i < rows.Count; i++)
        {
            if ((i & 0xFFFFF) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            int of = unit[i];
            if (of < 0 || rows.At[i] < from || rows.At[i] >= to)
            {
                continue;
            }

            int step = reached[of];
            if (step == steps.Length || rows.Kind[i] != steps[step] || (step > 0 && rows.At[i] - begun[of] > limit))
            {
                continue;
            }

            if (step == 0)
            {
                begun[of] = rows.At[i];
            }
            else if (counts[step] % (1 + (counts[step] / MostTimes)) == 0)
            {
                times[step].Add(rows.At[i] - latest[of]);
            }

            latest[of] = rows.At[i];
            reached[of] = step + 1;
            counts[step]++;
        }

        return Answer(steps, counts, times, shop.Info.HasRealTimes, request.By);
    }

    private static FunnelResponse Answer(InteractionKind[] steps, long[] counts, List<long>[] times, bool hasRealTimes, string by)
    {
        FunnelStep[] answered =
        [
            .. steps.Select((kind, i) => new FunnelStep(kind, counts[i], Share(counts[i], counts[0]), i == 0 ? Share(counts[0], counts[0]) : Share(counts[i], counts[i - 1]),
                i == 0 || times[i].Count == 0 || !hasRealTimes ? null : Median(times[i]) / (double)Minute)),
        ];
        if (counts[0] == 0)
        {
            return new FunnelResponse(answered, null, $"No {by} has a {Word(steps[0])} in this time.");
        }

        int worst = Enumerable.Range(1, steps.Length - 1).MinBy(i => answered[i].OfPrevious);
        return new FunnelResponse(answered, worst + 1, string.Create(CultureInfo.InvariantCulture,
            $"Of {counts[0]:#,0} {by}s with a {Word(steps[0])}, {answered[^1].OfFirst:P1} reach a {Word(steps[^1])}; most are lost before the {Word(steps[worst])}, which {answered[worst].OfPrevious:P1} take."));
    }

    private static string Word(InteractionKind kind) => kind.ToString().ToLowerInvariant();

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private static long Median(List<long> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static long Start(DateOnly day) => (day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * Day;
}
