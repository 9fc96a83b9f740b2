using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Behavior;

/// <summary>Computes <see cref="FunnelResponse"/>.</summary>
/// <remarks>
/// Parts of whole shoppers are counted side by side and added in their order, so the answer does not depend on the threads. A session in which somebody
/// signed in, or two shared, lies in several places: such ones are gathered, put in order of time and counted last.
/// </remarks>
internal sealed class Funnels
{
    private const long Minute = 60L * 1_000_000;
    private const long Day = 24 * 60 * Minute;

    // Median times are taken from about so many at most, evenly chosen.
    private const int MostTimes = 200_000;

    private const InteractionKind Nothing = (InteractionKind)byte.MaxValue;

    private readonly InteractionColumns _rows;
    private readonly InteractionKind[] _steps;
    private readonly int[] _unit;
    private readonly int _timedUnits;
    private readonly long _limit;
    private readonly long _from;
    private readonly long _to;

    private Funnels(Snapshot shop, FunnelRequest request)
    {
        _rows = shop.Interactions;
        _steps = [.. request.Steps];
        _unit = request.By == "session" ? _rows.Session : _rows.Shopper;
        _timedUnits = 1 + ((request.By == "session" ? shop.Sessions.Count : shop.Shoppers.Count) / MostTimes);
        _limit = request.Hours is { } hours ? (long)(hours * 60 * Minute) : long.MaxValue;
        _from = request.From is { } first ? Start(first) : long.MinValue;
        _to = request.To is { } last ? Start(last.AddDays(1)) : long.MaxValue;
    }

    public static FunnelResponse Of(Snapshot shop, FunnelRequest request, CancellationToken cancellation)
    {
        if (request.Hours is not null && !shop.Info.HasRealTimes)
        {
            throw new ValidationException("The shop's times only keep the order of what was done (times \"order\" in shop.json), so a limit in hours says nothing. Leave it out.");
        }

        var funnels = new Funnels(shop, request);
        Tally[] tallies = request.By == "session" ? funnels.BySession(shop.Sessions.Count, cancellation) : funnels.ByShopper(cancellation);
        long[] counts = new long[request.Steps.Count];
        var times = new List<long>[counts.Length];
        for (int step = 0; step < counts.Length; step++)
        {
            counts[step] = tallies.Sum(tally => tally.Counts[step]);
            times[step] = [.. tallies.SelectMany(tally => tally.Times[step])];
        }

        Parallel.ForEach(times, values => values.Sort());
        return Answer(funnels._steps, counts, times, shop.Info.HasRealTimes, request.By);
    }

    private Tally[] ByShopper(CancellationToken cancellation) => Each(RowPart.OfShoppers(_rows), (part, tally) => Count(part, tally, states: null, []), cancellation);

    private Tally[] BySession(int sessionCount, CancellationToken cancellation)
    {
        var states = new Progress[sessionCount];
        HashSet<int> scattered = Scattered(sessionCount);
        Tally[] tallies = Each([.. RowPart.OfShoppers(_rows), .. RowPart.OfNobody(_rows)], (part, tally) => Count(part, tally, states, scattered), cancellation);
        return scattered.Count == 0 ? tallies : [.. tallies, Gathered(states, scattered)];
    }

    private Tally[] Each(List<RowPart> parts, Action<RowPart, Tally> count, CancellationToken cancellation)
    {
        Tally[] tallies = [.. parts.Select(_ => new Tally(_steps.Length))];
        Parallel.For(0, parts.Count, new ParallelOptions { CancellationToken = cancellation }, i => count(parts[i], tallies[i]));
        return tallies;
    }

    /// <summary>Sessions with rows of more than one shopper, or of a shopper and of nobody.</summary>
    private HashSet<int> Scattered(int sessionCount)
    {
        int[] owner = new int[sessionCount];
        var scattered = new HashSet<int>();
        ReadOnlySpan<int> sessions = _rows.Session;
        ReadOnlySpan<int> shoppers = _rows.Shopper;
        int before = -1;
        for (int i = 0; i < sessions.Length; i++)
        {
            if (sessions[i] == before && shoppers[i] == shoppers[i - 1])
            {
                continue;
            }

            before = sessions[i];
            if (before >= 0)
            {
                int of = shoppers[i] + 2;                  // 0 is nobody yet
                if (owner[before] == 0)
                {
                    owner[before] = of;
                }
                else if (owner[before] != of)
                {
                    scattered.Add(before);
                }
            }
        }

        return scattered;
    }

    private Tally Gathered(Progress[] states, HashSet<int> scattered)
    {
        var tally = new Tally(_steps.Length);
        int[] rows = [.. Enumerable.Range(0, _rows.Count).Where(i => scattered.Contains(_rows.Session[i])).OrderBy(i => _rows.At[i])];
        foreach (int i in rows)
        {
            int session = _rows.Session[i];
            if (_rows.Kind[i] == Wanted(states[session].Step))
            {
                Take(ref states[session], i, session, tally);
            }
        }

        return tally;
    }

    /// <summary>Goes through the rows of a part.</summary>
    /// <param name="states">How far each unit has come; null where the rows of each lie together, so that one state at a time does.</param>
    /// <param name="scattered">Units that are counted elsewhere.</param>
    private void Count(RowPart part, Tally tally, Progress[]? states, HashSet<int> scattered)
    {
        ReadOnlySpan<int> units = _unit;
        ReadOnlySpan<InteractionKind> kinds = _rows.Kind;
        Progress own = default;
        ref Progress state = ref own;
        int unit = -1;
        InteractionKind wanted = Nothing;
        for (int i = part.Start; i < part.End; i++)
        {
            if (units[i] != unit)
            {
                unit = units[i];
                own = default;
                if (states is not null && unit >= 0)
                {
                    state = ref states[unit];
                }

                wanted = unit < 0 || scattered.Contains(unit) ? Nothing : Wanted(state.Step);
            }

            if (kinds[i] == wanted)
            {
                Take(ref state, i, unit, tally);
                wanted = Wanted(state.Step);
            }
        }
    }

    private InteractionKind Wanted(int step) => step == _steps.Length ? Nothing : _steps[step];

    /// <summary>Takes the next step, if it is in time.</summary>
    private void Take(ref Progress state, int row, int unit, Tally tally)
    {
        int step = state.Step;
        long at = _rows.At[row];
        if (at < _from || at >= _to || (step > 0 && at - state.Begun > _limit))
        {
            return;
        }

        if (step == 0)
        {
            state.Begun = at;
        }
        else if (unit % _timedUnits == 0)
        {
            tally.Times[step].Add(at - state.Latest);
        }

        state.Latest = at;
        state.Step = step + 1;
        tally.Counts[step]++;
    }

    /// <summary>How far a session or a shopper has come.</summary>
    private struct Progress
    {
        public int Step;
        public long Begun;
        public long Latest;
    }

    private sealed class Tally(int steps)
    {
        public long[] Counts { get; } = new long[steps];

        public List<long>[] Times { get; } = [.. Enumerable.Range(0, steps).Select(_ => new List<long>())];
    }

    private static FunnelResponse Answer(InteractionKind[] steps, long[] counts, List<long>[] times, bool hasRealTimes, string by)
    {
        FunnelStep[] answered =
        [
            .. steps.Select((kind, i) => new FunnelStep(kind, counts[i], Share(counts[i], counts[0]), i == 0 ? Share(counts[0], counts[0]) : Share(counts[i], counts[i - 1]),
                i == 0 || times[i].Count == 0 || !hasRealTimes ? null : times[i][times[i].Count / 2] / (double)Minute)),
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

    private static long Start(DateOnly day) => (day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * Day;
}
