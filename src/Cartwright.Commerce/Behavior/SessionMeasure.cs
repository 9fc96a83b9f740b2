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
    private const int Bins = 10;

    private readonly SessionBatch _batch;
    private readonly int _seed;
    private readonly int[] _session;                             // of each event
    private readonly int[] _judged;                              // events before a purchase

    public SessionMeasure(SessionBatch batch, int seed)
    {
        (_batch, _seed) = (batch, seed);
        _session = new int[batch.TokenCount];
        for (int s = 0; s < batch.Count; s++)
        {
            _session.AsSpan(batch.Offsets[s]..batch.Offsets[s + 1]).Fill(s);
        }

        _judged = [.. Enumerable.Range(0, batch.TokenCount).Where(i => batch.Outcomes[i] != SessionBatch.NoTarget)];
    }

    /// <summary>Events at which purchases are judged.</summary>
    public int Count => _judged.Length;

    public IReadOnlyDictionary<string, MetricEstimate> Estimate(SessionForetelling told)
    {
        var metrics = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal)
        {
            ["auc"] = Auc(told.Purchase),
            ["calibrationError"] = CalibrationError(told.Purchase),
            ["logLoss"] = Mean(_judged, i => Classification.LogLoss(IsPurchase(i) ? told.Purchase[i] : 1 - told.Purchase[i])),
        };
        if (told.Next is { } next)
        {
            metrics["nextActionAccuracy"] = Mean([.. Enumerable.Range(0, _batch.TokenCount)], i => next[i] == _batch.Next[i] ? 1 : 0);
        }

        return metrics;
    }

    private bool IsPurchase(int i) => _batch.Outcomes[i] == (int)SessionOutcome.Purchase;

    private MetricEstimate Mean(int[] events, Func<int, double> of)
    {
        BootstrapInterval interval = Bootstrap.Mean([.. events.Select(of)], [.. events.Select(i => _session[i])], _seed);
        return new MetricEstimate(interval.Value, interval.Low, interval.High);
    }

    // Sorted once for all resamples: only how often each session was drawn changes.
    private MetricEstimate Auc(float[] chances)
    {
        int[] order = [.. _judged.OrderBy(i => chances[i])];
        return Drawn(weights =>
        {
            (double rank, double positives, double negatives) = (0, 0, 0);
            for (int start = 0; start < order.Length;)
            {
                (double here, double others) = (0, 0);
                int end = start;
                for (; end < order.Length && chances[order[end]] == chances[order[start]]; end++)
                {
                    int weight = weights[_session[order[end]]];
                    (here, others) = IsPurchase(order[end]) ? (here + weight, others) : (here, others + weight);
                }

                rank += here * (negatives + (others / 2));
                (positives, negatives, start) = (positives + here, negatives + others, end);
            }

            return positives == 0 || negatives == 0 ? double.NaN : rank / (positives * negatives);
        });
    }

    /// <summary>Mean over ten bins of how far the told chances lie from what happened, weighed by events.</summary>
    public MetricEstimate CalibrationError(float[] chances) => Drawn(weights =>
    {
        double[] differences = new double[Bins];
        double count = 0;
        foreach (int i in _judged)
        {
            int weight = weights[_session[i]];
            count += weight;
            differences[Math.Clamp((int)(chances[i] * Bins), 0, Bins - 1)] += weight * (chances[i] - (IsPurchase(i) ? 1 : 0));
        }

        return count == 0 ? double.NaN : differences.Sum(Math.Abs) / count;
    });

    private MetricEstimate Drawn(Func<int[], double> statistic)
    {
        BootstrapInterval interval = Bootstrap.Statistic(sessions =>
        {
            int[] weights = new int[_batch.Count];
            foreach (int session in sessions)
            {
                weights[session]++;
            }

            return statistic(weights);
        }, _batch.Count, _seed);
        return new MetricEstimate(interval.Value, interval.Low, interval.High);
    }
}
