using System.Globalization;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Evaluation;

/// <summary>What a ranking model reached on each case, and the means.</summary>
/// <remarks>
/// With hits h_1, h_2, … the ranks of targets within the cut-off k and r targets in all:
/// recall@k = hits / r; precision@k = hits / k; ndcg@k = sum 1/log2(h + 1) / sum_{i=1..min(r, k)} 1/log2(i + 1);
/// mrr@k = 1 / h_1, or 0; map@k = sum (i / h_i) / min(r, k), mapFull@k the same over r;
/// auc = share of the pairs of a target and another candidate in which the target stands higher, whatever the cut-off;
/// coverage@k = share of all products that stand in any list. Means are over cases, those of <see cref="ListTraits"/> over the cases that have one.
/// </remarks>
public sealed class RankingMeasurement
{
    private const string Auc = "auc";

    private static readonly string[] Hits = ["recall", "precision", "ndcg", "mrr", "map", "mapFull"];

    private readonly RankingCases _cases;
    private readonly IReadOnlyList<int> _cutoffs;
    private readonly ListTraits? _traits;
    private readonly Dictionary<string, double[]> _values = new(StringComparer.Ordinal);
    private readonly double[][][] _byCutoff;
    private readonly bool[][] _isListed;
    private readonly int _productCount;

    internal RankingMeasurement(RankingCases cases, IReadOnlyList<int> cutoffs, int productCount, ListTraits? traits = null)
    {
        _cases = cases;
        _cutoffs = cutoffs;
        _productCount = productCount;
        _traits = traits;
        _isListed = [.. cutoffs.Select(_ => new bool[productCount])];
        string[] names = traits is null ? Hits : [.. Hits, .. ListTraits.Names];
        _byCutoff = [.. cutoffs.Select(cutoff => names.Select(name => _values[$"{name}@{cutoff}"] = new double[cases.Cases.Count]).ToArray())];
        _values[Auc] = new double[cases.Cases.Count];
    }

    /// <summary>The mean of one metric over all cases.</summary>
    /// <param name="metric">"ndcg@10", "coverage@20": a name and one of the cut-offs measured; "auc".</param>
    public double Mean(string metric) => metric.StartsWith("coverage@", StringComparison.Ordinal)
        ? Coverage(_cutoffs.ToList().IndexOf(int.Parse(metric.AsSpan("coverage@".Length), CultureInfo.InvariantCulture)))
        : _values[metric].Where(value => !double.IsNaN(value)).DefaultIfEmpty(0).Average();

    /// <summary>One metric case by case; NaN where a case has none.</summary>
    internal ReadOnlySpan<double> ValuesOf(string metric) => _values[metric];

    /// <summary>All metrics of several measurements of one model taken together, as if their cases were one set: folds.</summary>
    /// <returns>By name, with 95 % bootstrap intervals over owners. Coverage is a count over exactly these lists, so its interval is the value.</returns>
    internal static IReadOnlyDictionary<string, MetricEstimate> Estimate(IReadOnlyList<RankingMeasurement> measured, int seed, bool withFullMap)
    {
        RankingMeasurement first = measured[0];
        int[] owners = OwnersOf(measured);
        var estimates = new Dictionary<string, MetricEstimate>(StringComparer.Ordinal);
        for (int c = 0; c < first._cutoffs.Count; c++)
        {
            int cutoff = first._cutoffs[c];
            Add(Hits.Where(name => name != "mapFull" || withFullMap).Select(name => $"{name}@{cutoff}"));
            double coverage = measured.Average(one => one.Coverage(c));
            estimates.Add($"coverage@{cutoff}", new MetricEstimate(coverage, coverage, coverage));
            Add(first._traits is null ? [] : ListTraits.Names.Select(name => $"{name}@{cutoff}"));
        }

        Add([Auc]);
        return estimates;

        void Add(IEnumerable<string> metrics)
        {
            foreach (string metric in metrics)
            {
                double[] values = [.. measured.SelectMany(one => one._values[metric])];
                if (Array.Exists(values, value => !double.IsNaN(value)))
                {
                    estimates.Add(metric, Interval(values, owners, seed));
                }
            }
        }
    }

    /// <summary>By how much one model is above another, case by case: the mean difference, with its interval over owners.</summary>
    /// <param name="others">Measured on the same cases.</param>
    internal static MetricEstimate Above(IReadOnlyList<RankingMeasurement> measured, IReadOnlyList<RankingMeasurement> others, string metric, int seed) => Interval(
        [.. measured.Zip(others).SelectMany(pair => pair.First._values[metric].Zip(pair.Second._values[metric], (mine, theirs) => mine - theirs))],
        OwnersOf(measured), seed);

    /// <param name="ranks">Ranks of the targets, from 1, ascending.</param>
    /// <param name="scores">Scores of all products; negative infinity where one is no candidate.</param>
    internal void Record(int index, ReadOnlySpan<int> ranks, ReadOnlySpan<float> scores)
    {
        Span<double> hits = stackalloc double[Hits.Length];
        for (int c = 0; c < _cutoffs.Count; c++)
        {
            Measure(ranks, _cutoffs[c], hits);
            Write(_byCutoff[c], 0, index, hits);
        }

        int candidates = scores.Length - scores.Count(float.NegativeInfinity);
        _values[Auc][index] = Ranking.AreaUnderCurve(ranks, candidates);
        List(index, scores);
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

    private void List(int index, ReadOnlySpan<float> scores)
    {
        int longest = Math.Min(_cutoffs.Max(), scores.Length);
        Span<int> products = longest <= 256 ? stackalloc int[longest] : new int[longest];
        Span<float> best = longest <= 256 ? stackalloc float[longest] : new float[longest];
        Span<double> traits = stackalloc double[ListTraits.Names.Count];
        var list = new TopList(products, best);
        list.OfferAll(scores);
        list.Sort();
        for (int c = 0; c < _cutoffs.Count; c++)
        {
            ReadOnlySpan<int> listed = products[..Math.Min(list.Count, _cutoffs[c])];
            foreach (int product in listed)
            {
                _isListed[c][product] = true;                    // several threads may write the same true
            }

            if (_traits is not null)
            {
                _traits.Measure(listed, _cases.Cases[index].History.Products.Span, traits);
                Write(_byCutoff[c], Hits.Length, index, traits);
            }
        }
    }

    private static void Write(double[][] columns, int first, int index, ReadOnlySpan<double> values)
    {
        for (int m = 0; m < values.Length; m++)
        {
            columns[first + m][index] = values[m];
        }
    }

    private static MetricEstimate Interval(double[] values, int[] owners, int seed)
    {
        int[] told = [.. Enumerable.Range(0, values.Length).Where(i => !double.IsNaN(values[i]))];
        BootstrapInterval mean = Bootstrap.Mean(Array.ConvertAll(told, i => values[i]), Array.ConvertAll(told, i => owners[i]), seed);
        return new MetricEstimate(mean.Value, mean.Low, mean.High);
    }

    private static int[] OwnersOf(IReadOnlyList<RankingMeasurement> measured) => [.. measured.SelectMany(one => one._cases.Cases.Select(c => c.Owner))];

    private double Coverage(int cutoff) => _isListed[cutoff].Count(listed => listed) / (double)Math.Max(1, _productCount);
}
