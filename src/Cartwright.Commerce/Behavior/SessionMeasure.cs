using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Behavior;

/// <summary>What a model told after each event of sessions.</summary>
/// <param name="Purchase">Chance that something is bought in the session.</param>
/// <param name="Next">The likeliest next action, as <see cref="SessionAction"/>; null where it tells none.</param>
internal sealed record SessionForetelling(float[] Purchase, int[]? Next);

/// <summary>How well purchases and next actions were told. Intervals are bootstraps over sessions, drawn whole.</summary>
/// <remarks>
/// Purchases are judged after every event before the session's first purchase, each event counting once: afterwards there is nothing left to tell.
/// Next actions are judged after every event.
/// </remarks>
internal sealed class SessionMeasure
{
    private readonly SessionBatch _batch;
    private readonly int _seed;
    private readonly int[] _session;                             // of each event
    private readonly int[] _judged;                              // events before a purchase
    private readonly ChanceMeasure _purchases;

    public SessionMeasure(SessionBatch batch, int seed)
    {
        (_batch, _seed) = (batch, seed);
        _session = new int[batch.TokenCount];
        for (int s = 0; s < batch.Count; s++)
        {
            _session.AsSpan(batch.Offsets[s]..batch.Offsets[s + 1]).Fill(s);
        }

        _judged = [.. Enumerable.Range(0, batch.TokenCount).Where(i => batch.Outcomes[i] != SessionBatch.NoTarget)];
        _purchases = new ChanceMeasure(
            [.. _judged.Select(i => _session[i])], [.. _judged.Select(i => batch.Outcomes[i] == (int)SessionOutcome.Purchase)], batch.Count, seed);
    }

    /// <summary>Events at which purchases are judged.</summary>
    public int Count => _judged.Length;

    public IReadOnlyDictionary<string, MetricEstimate> Estimate(SessionForetelling told)
    {
        var metrics = new SortedDictionary<string, MetricEstimate>(
            _purchases.Estimate(Judged(told.Purchase)).ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
        if (told.Next is { } next)
        {
            BootstrapInterval right = Bootstrap.Mean([.. Enumerable.Range(0, _batch.TokenCount).Select(i => next[i] == _batch.Next[i] ? 1.0 : 0)], _session, _seed);
            metrics["nextActionAccuracy"] = new MetricEstimate(right.Value, right.Low, right.High);
        }

        return metrics;
    }

    /// <summary>How far the told chances lie from what happened.</summary>
    /// <param name="chances">After each event: [events].</param>
    public MetricEstimate CalibrationError(float[] chances) => _purchases.CalibrationError(Judged(chances));

    private float[] Judged(float[] chances) => [.. _judged.Select(i => chances[i])];
}
