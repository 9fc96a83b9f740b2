using System.Numerics;
using System.Runtime.InteropServices;

namespace Cartwright.Learning.Metrics;

/// <summary>Measures of a full ranking: every candidate takes part, and ties count against the model.</summary>
/// <remarks>
/// First <see cref="Ranks"/> finds at which places the relevant items stand, then each measure reads those ranks.
/// One relevant item is a list of one rank.
/// </remarks>
public static class Ranking
{
    /// <summary>The rank of a relevant item that was no candidate: no cut-off reaches it.</summary>
    public const int Missed = int.MaxValue;

    /// <summary>The place of one target, from 1: one more than the candidates that score at least as high.</summary>
    /// <param name="scores">One for each item; NaN counts as lower than any number.</param>
    /// <param name="target">Index of the relevant item.</param>
    /// <param name="isCandidate">One for each item, or empty where all are candidates.</param>
    /// <returns>
    /// <see cref="Missed"/> if the target is no candidate. A target among n candidates of the same score gets n, so
    /// that a model which scores everything alike gains nothing.
    /// </returns>
    /// <exception cref="ShapeException">There are not as many marks as scores.</exception>
    public static int Rank(ReadOnlySpan<float> scores, int target, ReadOnlySpan<bool> isCandidate = default)
    {
        Span<int> rank = stackalloc int[1];
        Ranks(scores, [target], isCandidate, rank);
        return rank[0];
    }

    /// <summary>The places of several relevant items of one list, from 1, in rising order.</summary>
    /// <param name="scores">One for each item; NaN counts as lower than any number.</param>
    /// <param name="targets">Indexes of the relevant items, each once.</param>
    /// <param name="isCandidate">One for each item, or empty where all are candidates.</param>
    /// <param name="ranks">
    /// As many as targets. Irrelevant items of the same score stand before the relevant ones; relevant items that are
    /// no candidates get <see cref="Missed"/>.
    /// </param>
    /// <exception cref="ShapeException">Scores and marks, or targets and ranks, differ in number.</exception>
    public static void Ranks(
        ReadOnlySpan<float> scores, ReadOnlySpan<int> targets, ReadOnlySpan<bool> isCandidate, Span<int> ranks)
    {
        ShapeException.Require(ranks.Length == targets.Length, $"There is one rank for each target; found room for {ranks.Length} ranks and {targets.Length} targets.");
        if (!isCandidate.IsEmpty)
        {
            ShapeException.Require(
                isCandidate.Length == scores.Length,
                $"There is a mark for each scored item, or none at all; found {isCandidate.Length} marks and {scores.Length} scores.");
        }

        for (int t = 0; t < targets.Length; t++)
        {
            int target = targets[t];
            ShapeException.Require((uint)target < (uint)scores.Length, $"Target {t} is item {target}; there are scores of {scores.Length} items, counted from 0.");
            ranks[t] = isCandidate.IsEmpty || isCandidate[target]
                ? CountAtLeast(scores, scores[target], isCandidate)
                : Missed;
        }

        // Every relevant item counted the relevant ones of its own score before it. Give those consecutive places.
        ranks.Sort();
        for (int t = ranks.Length - 2; t >= 0; t--)
        {
            if (ranks[t] != Missed && ranks[t] >= ranks[t + 1])
            {
                ranks[t] = ranks[t + 1] - 1;
            }
        }
    }

    /// <summary>The candidates with the highest scores, best first; of equal scores the lower index.</summary>
    /// <param name="scores">One for each item; NaN is never taken.</param>
    /// <param name="isCandidate">One for each item, or empty where all are candidates.</param>
    /// <param name="top">Filled from the front; its length is the cut-off.</param>
    /// <returns>How many were found: fewer than the cut-off where there are fewer candidates.</returns>
    /// <exception cref="ShapeException">There are not as many marks as scores.</exception>
    public static int Top(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isCandidate, Span<int> top)
    {
        if (!isCandidate.IsEmpty)
        {
            ShapeException.Require(
                isCandidate.Length == scores.Length,
                $"There is a mark for each scored item, or none at all; found {isCandidate.Length} marks and {scores.Length} scores.");
        }

        if (top.IsEmpty)
        {
            return 0;
        }

        int count = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (count == top.Length)
            {
                i = FirstAbove(scores, i, scores[top[count - 1]]);
                if (i == scores.Length)
                {
                    break;
                }
            }

            float score = scores[i];
            bool isBetter = count < top.Length ? !float.IsNaN(score) : score > scores[top[count - 1]];
            if (!isBetter || (!isCandidate.IsEmpty && !isCandidate[i]))
            {
                continue;
            }

            int place = count < top.Length ? count++ : count - 1;
            for (; place > 0 && scores[top[place - 1]] < score; place--)
            {
                top[place] = top[place - 1];
            }

            top[place] = i;
        }

        return count;
    }

    /// <summary>The first place from <paramref name="start"/> on with a score above the threshold, several at a glance; the length where there is none.</summary>
    internal static int FirstAbove(ReadOnlySpan<float> scores, int start, float threshold)
    {
        int i = start;
        if (Vector.IsHardwareAccelerated)
        {
            var thresholds = new Vector<float>(threshold);
            while (i <= scores.Length - Vector<float>.Count && !Vector.GreaterThanAny(new Vector<float>(scores[i..]), thresholds))
            {
                i += Vector<float>.Count;
            }
        }

        while (i < scores.Length && !(scores[i] > threshold))
        {
            i++;
        }

        return i;
    }

    /// <summary>Share of the relevant items within the cut-off: ranks 3 and 12 at 10 give 0.5.</summary>
    /// <param name="ranks">Of all relevant items, from 1; at least one.</param>
    /// <param name="cutoff">Length of the list that is looked at; at least 1.</param>
    /// <exception cref="ArgumentException">There are no ranks, or the cut-off is below 1.</exception>
    public static double Recall(ReadOnlySpan<int> ranks, int cutoff) =>
        (double)Hits(ranks, cutoff) / RelevantCount(ranks);

    /// <summary>Share of the list that is relevant: ranks 3 and 12 at 10 give 0.1.</summary>
    /// <inheritdoc cref="Recall"/>
    public static double Precision(ReadOnlySpan<int> ranks, int cutoff) =>
        RelevantCount(ranks) == 0 ? 0 : (double)Hits(ranks, cutoff) / cutoff;

    /// <summary>Reciprocal of the best rank, 0 beyond the cut-off: ranks 3 and 12 at 10 give 1/3.</summary>
    /// <inheritdoc cref="Recall"/>
    public static double ReciprocalRank(ReadOnlySpan<int> ranks, int cutoff)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cutoff, 1);
        _ = RelevantCount(ranks);
        int best = Missed;
        foreach (int rank in ranks)
        {
            best = Math.Min(best, rank);
        }

        return best <= cutoff ? 1.0 / best : 0;
    }

    /// <summary>
    /// Normalized discounted cumulative gain with relevance 0 or 1: ranks 3 and 12 at 10 give
    /// (1 / log2(4)) / (1 / log2(2) + 1 / log2(3)) = 0.3066.
    /// </summary>
    /// <inheritdoc cref="Recall"/>
    /// <remarks>Järvelin and Kekäläinen, "Cumulated Gain-Based Evaluation of IR Techniques", 2002.</remarks>
    public static double Ndcg(ReadOnlySpan<int> ranks, int cutoff)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cutoff, 1);
        double gain = 0;
        foreach (int rank in ranks)
        {
            gain += rank <= cutoff ? 1 / Math.Log2(rank + 1.0) : 0;
        }

        double best = 0;
        for (int rank = 1; rank <= Math.Min(RelevantCount(ranks), cutoff); rank++)
        {
            best += 1 / Math.Log2(rank + 1.0);
        }

        return gain / best;
    }

    /// <summary>
    /// Mean of the precisions at the relevant ranks, divided by the most that fit, min(relevant, cut-off): ranks 3 and
    /// 12 at 10 give (1/3) / 2 = 0.1667.
    /// </summary>
    /// <param name="ranks">Of all relevant items, from 1, rising; at least one.</param>
    /// <param name="cutoff">Length of the list that is looked at; at least 1.</param>
    /// <exception cref="ArgumentException">There are no ranks, or the cut-off is below 1.</exception>
    public static double AveragePrecision(ReadOnlySpan<int> ranks, int cutoff) =>
        SumOfPrecisions(ranks, cutoff) / Math.Min(RelevantCount(ranks), cutoff);

    /// <summary>
    /// As <see cref="AveragePrecision"/>, but divided by all relevant items, however many: with more relevant items
    /// than the cut-off it stays below 1.
    /// </summary>
    /// <inheritdoc cref="AveragePrecision"/>
    public static double AveragePrecisionFull(ReadOnlySpan<int> ranks, int cutoff) =>
        SumOfPrecisions(ranks, cutoff) / RelevantCount(ranks);

    private static double SumOfPrecisions(ReadOnlySpan<int> ranks, int cutoff)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cutoff, 1);
        double sum = 0;
        for (int hit = 0; hit < ranks.Length && ranks[hit] <= cutoff; hit++)
        {
            sum += (hit + 1.0) / ranks[hit];
        }

        return sum;
    }

    private static int RelevantCount(ReadOnlySpan<int> ranks) =>
        ranks.Length > 0
            ? ranks.Length
            : throw new ArgumentException("A list without a relevant item has no measure: leave it out.", nameof(ranks));

    /// <summary>Share of the pairs of a relevant item and another candidate in which the relevant one stands higher: ranks 1 and 4 of 4 give 0.5.</summary>
    /// <param name="ranks">Of all relevant items, from 1, rising; at least one. One that is no candidate stands below all.</param>
    /// <param name="candidateCount">Items that are ranked.</param>
    /// <returns>1 where there is nothing else to rank.</returns>
    public static double AreaUnderCurve(ReadOnlySpan<int> ranks, int candidateCount)
    {
        int ranked = RelevantCount(ranks) - ranks.Count(Missed);
        int others = candidateCount - ranked;
        if (others <= 0)
        {
            return 1;
        }

        double below = 0;
        for (int t = 0; t < ranked; t++)
        {
            below += others - (ranks[t] - 1 - t);
        }

        return below / others / ranks.Length;
    }

    private static int Hits(ReadOnlySpan<int> ranks, int cutoff)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cutoff, 1);
        int hits = 0;
        foreach (int rank in ranks)
        {
            hits += rank <= cutoff ? 1 : 0;
        }

        return hits;
    }

    // The target itself is among those counted, so the result is its rank from 1.
    private static int CountAtLeast(ReadOnlySpan<float> scores, float score, ReadOnlySpan<bool> isCandidate)
    {
        if (float.IsNaN(score))
        {
            return isCandidate.IsEmpty ? scores.Length : isCandidate.Count(true);
        }

        int count = 0;
        if (isCandidate.IsEmpty)
        {
            ReadOnlySpan<Vector<float>> blocks = MemoryMarshal.Cast<float, Vector<float>>(scores);
            Vector<int> counts = Vector<int>.Zero;
            foreach (Vector<float> block in blocks)
            {
                counts -= Vector.GreaterThanOrEqual(block, new Vector<float>(score));     // true is -1
            }

            count = Vector.Sum(counts);
            foreach (float other in scores[(blocks.Length * Vector<float>.Count)..])
            {
                count += other >= score ? 1 : 0;
            }
        }
        else
        {
            for (int i = 0; i < scores.Length; i++)
            {
                count += (scores[i] >= score) & isCandidate[i] ? 1 : 0;
            }
        }

        return count;
    }
}
