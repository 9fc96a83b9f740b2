using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Search;

/// <summary>How high a model ranks what was judged to be good, query by query, and how near it comes to the grades.</summary>
/// <remarks>
/// All products are candidates, only judged pairs are relevant, ties count against the model. ndcg@k is graded (<see cref="GradeScale.Ndcg"/>); recall,
/// precision, mrr and map count what is better than the lowest grade. Queries without anything good are left out of these, not of rmse. Intervals are
/// over queries; those of a difference over the same queries for both.
/// </remarks>
internal sealed class RankMeasure(GradeScale scale, IReadOnlyList<int> cutoffs)
{
    private static readonly string[] Counted = ["recall", "precision", "mrr", "map"];

    private readonly Dictionary<string, List<double>> _values = new(StringComparer.Ordinal);
    private readonly List<double> _squares = [];
    private readonly List<int> _owners = [];
    private int _gradedQueries;

    /// <summary>Records an order.</summary>
    /// <param name="top">Grades of the first products, NaN where nobody judged; as many as the longest cutoff, or all there are.</param>
    /// <param name="judged">All grades of the query.</param>
    public void RecordOrder(float[] top, IReadOnlyCollection<float> judged)
    {
        int good = judged.Count(scale.IsGood);
        if (good == 0)
        {
            return;
        }

        int[] hits = [.. Enumerable.Range(0, top.Length).Where(place => scale.IsGood(top[place])).Select(place => place + 1)];
        int[] ranks = [.. hits, .. Enumerable.Repeat(Ranking.Missed, good - hits.Length)];
        foreach (int cutoff in cutoffs)
        {
            Add($"ndcg@{cutoff}", scale.Ndcg(top, judged, cutoff) ?? 0);
            Add($"recall@{cutoff}", Ranking.Recall(ranks, cutoff));
            Add($"precision@{cutoff}", Ranking.Precision(ranks, cutoff));
            Add($"mrr@{cutoff}", Ranking.ReciprocalRank(ranks, cutoff));
            Add($"map@{cutoff}", Ranking.AveragePrecision(ranks, cutoff));
        }
    }

    /// <summary>Records foretold grades of the judged products of one query.</summary>
    public void RecordGrades(IReadOnlyList<float> foretold, IReadOnlyList<float> judged)
    {
        for (int i = 0; i < judged.Count; i++)
        {
            _squares.Add(Regression.SquaredError(foretold[i], judged[i]));
            _owners.Add(_gradedQueries);
        }

        _gradedQueries++;
    }

    /// <summary>Queries with something good.</summary>
    public int QueryCount => _values.Values.FirstOrDefault()?.Count ?? 0;

    /// <summary>Over the queries with something good.</summary>
    public double Mean(string metric) => _values[metric].Average();

    public IReadOnlyDictionary<string, MetricEstimate> Estimate(int seed)
    {
        var metrics = new Dictionary<string, MetricEstimate>(StringComparer.Ordinal);
        foreach (string name in cutoffs.SelectMany(_ => Counted.Prepend("ndcg"), (cutoff, name) => $"{name}@{cutoff}").Where(_values.ContainsKey))
        {
            metrics[name] = Of(_values[name], seed);
        }

        if (_squares.Count > 0)
        {
            BootstrapInterval mean = Bootstrap.Mean(_squares.ToArray(), _owners.ToArray(), seed);
            metrics["rmse"] = new MetricEstimate(Math.Sqrt(mean.Value), Math.Sqrt(mean.Low), Math.Sqrt(mean.High));
        }

        return metrics;
    }

    /// <summary>By how much this is higher than another, in the same queries.</summary>
    /// <param name="metric">"ndcg@10".</param>
    public MetricEstimate Above(RankMeasure other, string metric, int seed) => Of([.. _values[metric].Zip(other._values[metric], (mine, theirs) => mine - theirs)], seed);

    private void Add(string name, double value)
    {
        if (!_values.TryGetValue(name, out List<double>? values))
        {
            _values.Add(name, values = []);
        }

        values.Add(value);
    }

    private static MetricEstimate Of(List<double> values, int seed)
    {
        BootstrapInterval mean = Bootstrap.Mean(values.ToArray(), seed);
        return new MetricEstimate(mean.Value, mean.Low, mean.High);
    }
}
