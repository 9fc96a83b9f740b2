using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Evaluation;

/// <summary>What a ranking model reached on each case, and the means.</summary>
/// <remarks>
/// With hits h_1, h_2, … the ranks of targets within the cut-off k and r targets in all:
/// recall@k = hits / r; precision@k = hits / k; ndcg@k = sum 1/log2(h + 1) / sum_{i=1..min(r, k)} 1/log2(i + 1);
/// mrr@k = 1 / h_1, or 0; map@k = sum (i / h_i) / min(r, k), mapFull@k the same over r;
/// coverage@k = share of all products that stand in any list. Means are over cases.
/// </remarks>
public sealed class RankingMeasurement
{
    private static readonly string[] PerCase = ["recall", "precision", "ndcg", "mrr", "map", "mapFull"];

    private readonly RankingCases _cases;
    private readonly IReadOnlyList<int> _cutoffs;
    private readonly double[][] _values;
    private readonly bool[][] _isListed;
    private readonly int _productCount;

    internal RankingMeasurement(RankingCases cases, IReadOnlyList<int> cutoffs, int productCount)
    {
        _cases = cases;
        _cutoffs = cutoffs;
        _productCount = productCount;
        _values = [.. Enumerable.Range(0, cutoffs.Count * PerCase.Length).Select(_ => new double[cases.Cases.Count])];
        _isListed = [.. cutoffs.Select(_ => new bool[productCount])];
    }

    /// <summary>The mean of one metric over all cases.</summary>
    /// <param name="metric">"ndcg@10", "coverage@20": a name and one of the cut-offs measured.</param>
    public double Mean(string metric)
    {
        int at = metric.IndexOf('@', StringComparison.Ordinal);
        int cutoff = _cutoffs.ToList().IndexOf(int.Parse(metric.AsSpan(at + 1), System.Globalization.CultureInfo.InvariantCulture));
        return metric.StartsWith("coverage", StringComparison.Ordinal) ? Coverage(cutoff)
            : _values[(cutoff * PerCase.Length) + Array.IndexOf(PerCase, metric[..at])].DefaultIfEmpty(0).Average();
    }

    /// <summary>One metric case by case.</summary>
    internal ReadOnlySpan<double> ValuesOf(string metric, int cutoffIndex) =>
        _values[(cutoffIndex * PerCase.Length) + Array.IndexOf(PerCase, metric)];

    /// <summary>All metrics of several measurements of one model taken together, as if their cases were one set: folds.</summary>
    /// <returns>By name, with 95 % bootstrap intervals over owners. Coverage is a count over exactly these lists, so its interval is the value.</returns>
    internal static IReadOnlyDictionary<string, MetricEstimate> Estimate(IReadOnlyList<RankingMeasurement> measured, int seed, bool withFullMap)
    {
        IReadOnlyList<int> cutoffs = measured[0]._cutoffs;
        int[] owners = [.. measured.SelectMany(one => one._cases.Cases.Select(c => c.Owner))];
        var estimates = new Dictionary<string, MetricEstimate>(StringComparer.Ordinal);
        for (int c = 0; c < cutoffs.Count; c++)
        {
            for (int m = 0; m < PerCase.Length; m++)
            {
                if (PerCase[m] != "mapFull" || withFullMap)
                {
                    double[] values = [.. measured.SelectMany(one => one._values[(c * PerCase.Length) + m])];
                    BootstrapInterval mean = Bootstrap.Mean(values, owners, seed);
                    estimates.Add($"{PerCase[m]}@{cutoffs[c]}", new MetricEstimate(mean.Value, mean.Low, mean.High));
                }
            }

            double coverage = measured.Average(one => one.Coverage(c));
            estimates.Add($"coverage@{cutoffs[c]}", new MetricEstimate(coverage, coverage, coverage));
        }

        return estimates;
    }

    /// <param name="ranks">Ranks of the targets, from 1, ascending.</param>
    /// <param name="scores">Scores of all products; negative infinity where one is no candidate.</param>
    internal void Record(int index, ReadOnlySpan<int> ranks, ReadOnlySpan<float> scores)
    {
        Span<double> values = stackalloc double[PerCase.Length];
        for (int c = 0; c < _cutoffs.Count; c++)
        {
            Measure(ranks, _cutoffs[c], values);
            for (int m = 0; m < values.Length; m++)
            {
                _values[(c * PerCase.Length) + m][index] = values[m];
            }
        }

        List(scores);
    }

    /// <summary>Writes recall, precision, ndcg, mrr, map and mapFull.</summary>
    internal static void Measure(ReadOnlySpan<int> ranks, int cutoff, Span<double> values)
    {
        values[0] = Ranking.Recall(ranks, cutoff);
        values[1] = Ranking.Precision(ranks, cutoff);
        values[2] = Ranking.Ndcg(ranks, cutoff);
        values[3] = Ranking.ReciprocalRank(ranks, cutoff);
        values[4] = Ranking.AveragePrecision(ranks, cutoff);
        values[5] = Ranking.AveragePrecisionFull(ranks, cutoff);
    }

    private void List(ReadOnlySpan<float> scores)
    {
        int longest = Math.Min(_cutoffs.Max(), scores.Length);
        Span<int> products = longest <= 256 ? stackalloc int[longest] : new int[longest];
        Span<float> best = longest <= 256 ? stackalloc float[longest] : new float[longest];
        var list = new TopList(products, best);
        list.OfferAll(scores);
        list.Sort();
        for (int c = 0; c < _cutoffs.Count; c++)
        {
            foreach (int product in products[..Math.Min(list.Count, _cutoffs[c])])
            {
                _isListed[c][product] = true;                    // several threads may write the same true
            }
        }
    }

    private double Coverage(int cutoff) => _isListed[cutoff].Count(listed => listed) / (double)Math.Max(1, _productCount);
}
