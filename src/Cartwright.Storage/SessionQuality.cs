using Cartwright.Commerce.Automation;
using Cartwright.Commerce.Behavior;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;

namespace Cartwright.Storage;

/// <summary>Whether the chances of a purchase that the model of sessions in service tells are still true.</summary>
/// <remarks>
/// As a training judges: the distance between what was told and what happened, in ten bins, over every event before a session's first purchase, here of the sessions that began since
/// and have ended. Chance alone makes that distance larger the fewer sessions there are, and a resample makes it larger again by as much, so the interval is the bootstrap's mirrored at the value
/// (the basic interval: Davison and Hinkley, "Bootstrap Methods and Their Application", 1997, section 5.2). It has got worse where three deviations below the value still lie more than two points above the card's figure.
/// </remarks>
/// <param name="folder"><c>models/behavior</c> of the shop.</param>
internal sealed class SessionQuality(string folder) : IServedQuality
{
    private const string Figure = "calibrationError";
    private const int FewestSessions = 100;
    private const int MostSessions = 5_000;
    private const double Worse = 0.02;

    /// <summary>Three deviations in half widths of an interval of 95 %.</summary>
    private const double Sure = 3 / 1.96;

    private readonly VersionFolders _versions = new(folder, "behavior");

    public string Slice => "behavior";

    public ServedQuality? Measure(Snapshot shop, string version, long trainedAt, long from, CancellationToken cancellationToken)
    {
        ModelCard card = _versions.Card(version);
        if (!shop.Info.HasRealTimes || !card.Metrics.TryGetValue($"{SessionTraining.ModelName} {Figure}", out double then))
        {
            return null;
        }

        Session[] sessions = SessionLearning.Ended(shop);
        int first = Math.Max(Array.FindIndex(sessions, session => session.StartedAt >= from), sessions.Length - MostSessions);
        SessionModel model = SessionModelFile.Load(_versions.FolderOf(version));
        if (sessions[^1].StartedAt < from || sessions.Length - first < FewestSessions || !model.HasTimes)
        {
            return null;
        }

        SessionBatch since = SessionBatch.InOrder(sessions, first, model.Vocabulary.Over(shop.Products), hasTimes: true, new(StringComparer.Ordinal));
        cancellationToken.ThrowIfCancellationRequested();
        MetricEstimate drawn = new SessionMeasure(since, card.Seed).CalibrationError(SessionEvaluation.Told(model.Read(since)).Purchase);
        double now = drawn.Value;
        (double low, double high) = (Math.Max(0, (2 * now) - drawn.High), (2 * now) - drawn.Low);
        return new ServedQuality(Figure, then, now, low, high, since.Count, now - (Sure * (drawn.High - now)) > then + Worse,
            FormattableString.Invariant($"The chances of a purchase that it tells are {100 * now:0.0} points off on average over {since.Count:#,0} sessions since (95 %: {100 * low:0.0} to {100 * high:0.0}); in its training it was {100 * then:0.0}."));
    }
}
