using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Behavior;

/// <summary>Learns from a shop's sessions: cuts validation from their end, learns names and scales, and trains the network.</summary>
internal static class SessionLearning
{
    private const double ValidationShare = 0.15;
    private const int MostTokens = 1_000_000;
    private const int MostValidationTokens = 60_000;
    private const int FewestSessions = 60;

    /// <summary>A shop's sessions, without those that may still go on.</summary>
    /// <exception cref="ValidationException">There is nothing to learn from.</exception>
    public static Session[] Ended(Snapshot shop)
    {
        Session[] sessions = Sessions.Of(shop);
        if (sessions.Length == 0)
        {
            throw new ValidationException(shop.Info.HasRealTimes
                ? "The shop has no sessions: nobody has looked at anything, searched or bought."
                : "The shop's interactions name no sessions and its times only keep an order (times \"order\" in shop.json), so it can't be told where a visit begins and ends.");
        }

        long last = sessions.Max(session => session.EndedAt) - (long)Sessions.Pause.TotalMicroseconds;
        return shop.Info.HasRealTimes && sessions.Any(session => session.EndedAt <= last) ? [.. sessions.Where(session => session.EndedAt <= last)] : sessions;
    }

    /// <param name="sessions">By time; the last of them validate.</param>
    /// <param name="products">By dense index.</param>
    /// <param name="isJudge">Sessions that are read for a judgment and not learned from; null for none.</param>
    /// <exception cref="ValidationException">There are too few sessions, or all of them end alike.</exception>
    public static LearnedSessions Fit(Session[] sessions, IReadOnlyList<Product> products, bool hasTimes, Func<Session, bool>? isJudge, int seed, int? epochs,
        TimeProvider clock, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        if (sessions.Length < FewestSessions)
        {
            throw new ValidationException($"There are {sessions.Length} sessions to learn from; {FewestSessions} are the fewest.");
        }

        int bought = sessions.Count(session => session.Outcome == SessionOutcome.Purchase);
        if (bought == 0 || bought == sessions.Length)
        {
            throw new ValidationException(bought == 0
                ? "No session ends with a purchase, so nothing can be learned of what leads to one."
                : "Every session ends with a purchase: the shop's history has no visits without one. Post views and carts too, with their sessions.");
        }

        long start = clock.GetTimestamp();
        progress?.Report(new RunProgress("reading sessions", 0, 0, "sessions"));
        int cut = sessions.Length - Tail(sessions, sessions.Length, (int)(ValidationShare * sessions.Length), MostValidationTokens);
        int from = cut - Tail(sessions, cut, cut, MostTokens);
        bool[] judges = [.. sessions.Select(session => isJudge?.Invoke(session) ?? false)];
        int[] learned = [.. Enumerable.Range(from, cut - from).Where(s => !judges[s])];
        var vocabulary = SessionVocabulary.Learn(learned.Select(s => sessions[s]), products);
        Func<int, ProductReading> reading = vocabulary.Over(products);
        var pasts = new Dictionary<string, ShopperPast>(StringComparer.Ordinal);
        SessionBatch all = SessionBatch.InOrder(sessions, from, reading, hasTimes, pasts);
        SessionBatch Part(int first, int end, bool isJudge) => all.Take([.. Enumerable.Range(first, end - first).Where(s => judges[s] == isJudge).Select(s => s - from)]);
        (SessionBatch train, SessionBatch validation, SessionBatch judged) = (Part(from, cut, false), Part(cut, sessions.Length, false), Part(from, sessions.Length, true));
        SessionModel model = SessionTrainer.Train(train, validation, vocabulary, hasTimes, seed, epochs, clock, progress, cancellation);
        return new LearnedSessions(model, train, validation, judged, from, pasts, clock.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>How many of the sessions before the end have no more events than allowed, at least one.</summary>
    private static int Tail(Session[] sessions, int end, int most, int mostTokens)
    {
        int count = 0;
        long tokens = 0;
        while (count < most && (count == 0 || tokens <= mostTokens))
        {
            tokens += Math.Min(SessionBatch.MostEvents, sessions[end - 1 - count].Events.Length);
            count++;
        }

        return Math.Max(1, count);
    }
}

/// <param name="Judged">Sessions that were kept aside.</param>
/// <param name="From">Place of the first session that was read; those before it were too many.</param>
/// <param name="Pasts">By shopper id, what was known of each after all these sessions.</param>
/// <param name="Seconds">Wall time that it took.</param>
internal sealed record LearnedSessions(
    SessionModel Model, SessionBatch Train, SessionBatch Validation, SessionBatch Judged, int From, Dictionary<string, ShopperPast> Pasts, double Seconds);
