using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Chooses how much the ranker's word counts beside the generators': by NDCG@10 on validation cases.</summary>
internal static class ReorderingShare
{
    private const int Cutoff = 10;
    private const int MostCases = 3_000;

    public static double[] Tried { get; } = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <returns>The share with the highest figure; of equals the smallest.</returns>
    public static double Choose(CandidateReader reader, RankingCases cases, CancellationToken cancellationToken)
    {
        RankingCases sample = cases.Sample(MostCases);
        double[][] reached = new double[sample.Cases.Count][];
        Parallel.For(0, reached.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            RankingCase tested = sample.Cases[i];
            Candidates candidates = reader.Read(tested.History, sample.ExcludesHistory);
            reached[i] = Array.ConvertAll(Tried, share =>
            {
                int[] order = Reordering.Order(candidates.Totals, candidates.Logits, share);
                int[] targets = tested.Targets.ToArray();
                int[] ranks = [.. order.Index().Where(pair => targets.Contains(candidates.Products[pair.Item])).Select(pair => pair.Index + 1)];
                return Ranking.Ndcg([.. ranks, .. Enumerable.Repeat(Ranking.Missed, targets.Length - ranks.Length)], Cutoff);
            });
        });
        return reached.Length == 0 ? 0 : Tried[Enumerable.Range(0, Tried.Length).MaxBy(t => reached.Sum(one => one[t]))];
    }
}

/// <summary>The first candidates of the generators, by falling score.</summary>
/// <param name="Products">By the generators' numbers.</param>
/// <param name="Totals">What the generators make of each together.</param>
/// <param name="Logits">What the ranker makes of each.</param>
internal readonly record struct Candidates(int[] Products, float[] Totals, float[] Logits);
