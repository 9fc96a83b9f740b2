using System.Buffers;
using Cartwright.Commerce.Catalog;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Evaluation;

/// <summary>Writes a score for every product after each history: scores is [histories.Length, products].</summary>
public delegate void BatchScorer(ReadOnlySpan<Steps> histories, Span<float> scores);

/// <summary>Measures how high a model ranks the targets of held-out cases among all products.</summary>
/// <remarks>
/// A target's rank is 1 + the products that are no target and score at least as much + the targets that score more: ties count
/// against the model. A target that stands in a history that is excluded is a miss.
/// Cases are scored in batches on all processors; the figures don't depend on how many there are.
/// </remarks>
public static class RankingMeasure
{
    /// <summary>Floats scored at once by one thread, at most: 4 MB.</summary>
    private const int BatchFloats = 1 << 20;

    /// <param name="cutoffs">Lengths of the list, each more than 0.</param>
    public static RankingMeasurement Run(BatchScorer score, int productCount, RankingCases cases, IReadOnlyList<int> cutoffs,
        CancellationToken cancellationToken = default) => Run(score, productCount, cases, cutoffs, traits: null, cancellationToken);

    /// <inheritdoc cref="Run(BatchScorer, int, RankingCases, IReadOnlyList{int}, CancellationToken)"/>
    /// <param name="traits">Where it is given, lists are also measured by what they are like.</param>
    public static RankingMeasurement Run(BatchScorer score, int productCount, RankingCases cases, IReadOnlyList<int> cutoffs, ListTraits? traits,
        CancellationToken cancellationToken)
    {
        var result = new RankingMeasurement(cases, cutoffs, productCount, traits);
        int batchSize = Math.Clamp(BatchFloats / Math.Max(1, productCount), 1, 64);
        int batchCount = (cases.Cases.Count + batchSize - 1) / batchSize;
        Parallel.For(0, batchCount, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
            batch => MeasureBatch(score, productCount, cases, batch * batchSize, Math.Min(batchSize, cases.Cases.Count - (batch * batchSize)), result));
        return result;
    }

    private static void MeasureBatch(BatchScorer score, int productCount, RankingCases cases, int first, int count, RankingMeasurement result)
    {
        float[] buffer = ArrayPool<float>.Shared.Rent(count * productCount);
        var histories = new Steps[count];
        for (int i = 0; i < count; i++)
        {
            histories[i] = cases.Cases[first + i].History;
        }

        score(histories, buffer.AsSpan(0, count * productCount));
        for (int i = 0; i < count; i++)
        {
            Span<float> scores = buffer.AsSpan(i * productCount, productCount);
            RankingCase tested = cases.Cases[first + i];
            if (cases.ExcludesHistory)
            {
                foreach (int product in tested.History.Products.Span)
                {
                    scores[product] = float.NegativeInfinity;
                }
            }

            foreach (int product in cases.Unlisted)
            {
                scores[product] = float.NegativeInfinity;
            }

            result.Record(first + i, Ranks(scores, tested.Targets.Span), scores);
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    /// <returns>Ranks of the targets, from 1, rising; <see cref="Ranking.Missed"/> for one that is no candidate.</returns>
    internal static int[] Ranks(ReadOnlySpan<float> scores, ReadOnlySpan<int> targets)
    {
        int[] ranks = new int[targets.Length];
        Ranking.Ranks(scores, targets, default, ranks);
        int last = ranks.Length;
        foreach (int target in targets)
        {
            if (!(scores[target] > float.NegativeInfinity))
            {
                ranks[--last] = Ranking.Missed;                  // it has the lowest score there is, so its rank stands last
            }
        }

        return ranks;
    }
}
