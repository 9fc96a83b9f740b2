using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Finds days on which interactions were recorded twice, lost their session, or were not recorded.</summary>
internal sealed class TrackingDays
{
    private const long Day = 24L * 60 * 60 * 1_000_000;

    /// <summary>The same thing within so long is one thing recorded twice.</summary>
    private const long RepeatWithin = 2L * 1_000_000;
    private const int MostLookedBack = 64;

    /// <summary>Days before and after a day that say what is usual on it.</summary>
    private const int Around = 21;
    private const int FewestDays = 14;
    private const int DaysOfWeek = 7;

    /// <summary>How many spreads from the usual are strange.</summary>
    private const double Strange = 6;

    /// <summary>On a day with fewer expected, none is no wonder.</summary>
    private const double FewestExpected = 15;

    /// <summary>What is left of what is expected, at most, where something was not recorded.</summary>
    private const double MostLeft = 0.35;

    /// <summary>The same of the days around, whatever the other kinds say: where they rose, this one did not vanish.</summary>
    private const double MostOfUsual = 0.6;

    private static readonly InteractionKind[] Kinds = Enum.GetValues<InteractionKind>();

    private readonly long _first;
    private readonly int _days;
    private readonly long[][] _counts;                    // by kind, by day
    private readonly long[][] _repeats;
    private readonly long[][] _withoutSession;            // of those who are signed in
    private readonly long[][] _signedIn;

    /// <param name="shop">What is searched.</param>
    /// <param name="history">Which days there are.</param>
    /// <param name="isOfBot">Rows that do not count: a bot's thousand views make a day look short of all else.</param>
    public TrackingDays(Snapshot shop, StrayTimes history, bool[] isOfBot)
    {
        _first = history.First;
        _days = (int)(history.Last - history.First + 1);
        _counts = Empty();
        _repeats = Empty();
        _withoutSession = Empty();
        _signedIn = Empty();
        Count(shop.Interactions, history, isOfBot);
    }

    public static DateOnly DayOf(long at) => Date(at / Day);

    public static DateOnly Date(long day) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(day));

    public IEnumerable<Anomaly> Find() => _days < FewestDays ? [] : Kinds.SelectMany(kind => Repeated((int)kind)).Concat(SessionsLost()).Concat(NotRecorded());

    private IEnumerable<Anomaly> Repeated(int kind)
    {
        RobustScale usual = UsualShare(_repeats[kind], _counts[kind]);
        for (int day = 0; day < _days; day++)
        {
            (long repeats, long count) = (_repeats[kind][day], _counts[kind][day]);
            double deviations = Deviations(repeats, count, usual);
            if (repeats >= 5 && repeats > count * (0.02 + (3 * usual.Median)) && deviations > Strange)
            {
                yield return Found(AnomalyKind.RepeatedEvents, day, (InteractionKind)kind, repeats, deviations,
                    $"{repeats:#,0} of {count:#,0} {Word(kind)}s came twice within 2 s ({Share(repeats, count)}, usual {usual.Median * 100:0.##} %).");
            }
        }
    }

    private IEnumerable<Anomaly> SessionsLost()
    {
        int[] kinds = [.. Enumerable.Range(0, Kinds.Length).Where(kind => _signedIn[kind].Sum() > 0 && UsualShare(_withoutSession[kind], _signedIn[kind]).Median < 0.1)];
        long[] without = Sum(_withoutSession, kinds);
        long[] counts = Sum(_signedIn, kinds);
        RobustScale usual = UsualShare(without, counts);
        for (int day = 0; day < _days; day++)
        {
            double deviations = Deviations(without[day], counts[day], usual);
            if (without[day] >= 5 && without[day] > counts[day] * (0.02 + (3 * usual.Median)) && deviations > Strange)
            {
                yield return Found(AnomalyKind.MissingSessions, day, null, without[day], deviations,
                    $"{without[day]:#,0} of {counts[day]:#,0} interactions of shoppers who are signed in have no session ({Share(without[day], counts[day])}, usual {usual.Median * 100:0.##} %).");
            }
        }
    }

    private IEnumerable<Anomaly> NotRecorded()
    {
        double[][] usual = [.. _counts.Select(UsualCounts)];
        long[] all = Sum(_counts, [.. Enumerable.Range(0, Kinds.Length)]);
        double[] sameWeekday = [.. Enumerable.Range(0, _days).Select(day => Median(all, day, DaysOfWeek, 8))];
        RobustScale ofAll = RobustScale.Of(Enumerable.Range(0, _days).Select(day => Ratio(all[day], sameWeekday[day])), leastSpread: 0.05);
        RobustScale[] ofKind = [.. Enumerable.Range(0, Kinds.Length).Select(kind =>
            RobustScale.Of(Enumerable.Range(0, _days).Select(day => Ratio(_counts[kind][day], Expected(usual, kind, day))), leastSpread: 0.05))];
        for (int day = 0; day < _days; day++)
        {
            double expected = sameWeekday[day];
            double deviations = -ofAll.Deviations(Ratio(all[day], expected));
            bool isAll = Enumerable.Range(0, Kinds.Length).All(kind => usual[kind][day] < FewestExpected || _counts[kind][day] <= MostLeft * usual[kind][day]);
            if (isAll && expected >= FewestExpected && all[day] <= MostLeft * expected && deviations > Strange)
            {
                yield return Found(AnomalyKind.MissingEvents, day, null, (long)(expected - all[day]), deviations,
                    $"Number of interactions: {all[day]:#,0}; about {expected:#,0} are usual on this weekday at the time. The shop was closed, or they were not recorded.");
                continue;
            }

            for (int kind = 0; kind < Kinds.Length; kind++)
            {
                expected = Expected(usual, kind, day);
                deviations = -ofKind[kind].Deviations(Ratio(_counts[kind][day], expected));
                if (expected >= FewestExpected && _counts[kind][day] <= MostLeft * expected && _counts[kind][day] <= MostOfUsual * usual[kind][day] && deviations > Strange)
                {
                    yield return Found(AnomalyKind.MissingEvents, day, (InteractionKind)kind, (long)(expected - _counts[kind][day]), deviations,
                        $"Number of {Word(kind)}s: {_counts[kind][day]:#,0}; about {expected:#,0} are usual beside the other interactions of the day.");
                }
            }
        }
    }

    /// <summary>What a kind's count should be on a day: the usual one around it, times how much more than usual the other kinds have.</summary>
    private double Expected(double[][] usual, int kind, int day)
    {
        double[] levels = [.. Enumerable.Range(0, Kinds.Length).Where(other => other != kind && usual[other][day] >= FewestExpected)
            .Select(other => _counts[other][day] / usual[other][day])];
        return levels.Length == 0 ? 0 : usual[kind][day] * RobustScale.MedianOf(levels);
    }

    private double[] UsualCounts(long[] counts) => [.. Enumerable.Range(0, _days).Select(day => Median(counts, day, 1, Around))];

    /// <summary>Median of the days around a day, itself left out.</summary>
    private double Median(long[] counts, int day, int step, int each) => RobustScale.MedianOf(
        [.. Enumerable.Range(-each, (2 * each) + 1).Where(i => i != 0).Select(i => day + (i * step)).Where(d => d >= 0 && d < _days).Select(d => (double)counts[d])]);

    private static double Ratio(long count, double expected) => expected < FewestExpected ? double.NaN : Math.Log((count + 1) / (expected + 1));

    /// <summary>A part's share on the days.</summary>
    private RobustScale UsualShare(long[] part, long[] whole) =>
        RobustScale.Of(Enumerable.Range(0, _days).Where(day => whole[day] > 0).Select(day => (double)part[day] / whole[day]));

    /// <summary>How many standard deviations lie between a part and the usual one: those of a binomial count, with one more for small ones, and of the days.</summary>
    private static double Deviations(long part, long whole, RobustScale usual) => (part - (whole * usual.Median))
        / Math.Sqrt((whole * usual.Median * (1 - usual.Median)) + 1 + (whole * usual.Spread * whole * usual.Spread));

    private void Count(InteractionColumns rows, StrayTimes history, bool[] isOfBot)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            if (isOfBot[i] || !history.Holds(rows.At[i]))
            {
                continue;
            }

            int day = (int)((rows.At[i] / Day) - _first);
            int kind = (int)rows.Kind[i];
            _counts[kind][day]++;
            _repeats[kind][day] += IsRepeat(rows, i) ? 1 : 0;
            _signedIn[kind][day] += rows.Shopper[i] >= 0 ? 1 : 0;
            _withoutSession[kind][day] += rows.Shopper[i] >= 0 && rows.Session[i] < 0 ? 1 : 0;
        }
    }

    private static bool IsRepeat(InteractionColumns rows, int row)
    {
        for (int i = row - 1; i >= Math.Max(0, row - MostLookedBack) && rows.Shopper[i] == rows.Shopper[row] && rows.At[row] - rows.At[i] <= RepeatWithin && rows.At[i] <= rows.At[row]; i--)
        {
            if (rows.Kind[i] == rows.Kind[row] && rows.Product[i] == rows.Product[row] && rows.Session[i] == rows.Session[row])
            {
                return true;
            }
        }

        return false;
    }

    private Anomaly Found(AnomalyKind kind, int day, InteractionKind? of, long rows, double deviations, FormattableString reason) => new()
    {
        Kind = kind, Day = Date(_first + day), Of = of, Rows = rows, Score = Math.Min(deviations, AnomalySearch.MostScore), Reason = reason.ToString(CultureInfo.InvariantCulture),
    };

    private long[] Sum(long[][] counts, int[] kinds) => [.. Enumerable.Range(0, _days).Select(day => kinds.Sum(kind => counts[kind][day]))];

    private long[][] Empty() => [.. Kinds.Select(_ => new long[_days])];

    private static string Word(int kind) => Kinds[kind] == InteractionKind.Search ? "searche" : Kinds[kind].ToString().ToLowerInvariant();

    private static string Share(long part, long whole) => ((double)part / whole).ToString("P0", CultureInfo.InvariantCulture);
}
