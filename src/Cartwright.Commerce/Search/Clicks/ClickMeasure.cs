using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Metrics;

namespace Cartwright.Commerce.Search;

/// <summary>How well a model expects the clicks of pages it did not learn from.</summary>
/// <remarks>
/// logLikelihood: the mean over pages of the mean over places of log P(click or none | clicks above). perplexity@r: 2 to the mean of
/// -log2 P(click or none) at place r, clicks above unknown; perplexity: its mean over places. conditionalPerplexity: the same with clicks above
/// known. Dupret and Piwowarski 2008, section 5; PyClick measures the same. 1 is certainty, 2 is a coin. Intervals are over sessions.
/// </remarks>
internal sealed class ClickMeasure
{
    private static readonly double Ln2 = Math.Log(2);

    private readonly ClickLog _log;
    private readonly int _ranks;
    private readonly int[] _owner;

    public ClickMeasure(ClickLog log)
    {
        _log = log;
        _ranks = log.LongestPage;
        var owners = new Dictionary<int, int>();
        _owner = [.. log.Session.Select(session => owners.TryGetValue(session, out int known) ? known : owners[session] = owners.Count)];
        OwnerCount = owners.Count;
    }

    private int OwnerCount { get; }

    public IReadOnlyDictionary<string, MetricEstimate> Estimate(IClickModel model, int seed)
    {
        // [owner, rank]: sums of -log2 P over an owner's pages; [owner, rank] how many pages reach so far.
        double[] free = new double[OwnerCount * _ranks];
        double[] known = new double[OwnerCount * _ranks];
        int[] reached = new int[OwnerCount * _ranks];
        double[] likelihoods = new double[_log.PageCount];
        Span<double> chances = stackalloc double[ClickLog.MaxRank];
        for (int p = 0; p < _log.PageCount; p++)
        {
            ClickPage page = _log.Page(p);
            int at = _owner[p] * _ranks;
            model.Follow(page, chances);
            for (int rank = 0; rank < page.Pairs.Length; rank++)
            {
                double log = ClickChance.Log(chances[rank], page.IsClicked[rank]);
                likelihoods[p] += log / page.Pairs.Length;
                known[at + rank] -= log / Ln2;
                reached[at + rank]++;
            }

            model.Foretell(page, chances);
            for (int rank = 0; rank < page.Pairs.Length; rank++)
            {
                free[at + rank] -= ClickChance.Log(chances[rank], page.IsClicked[rank]) / Ln2;
            }
        }

        BootstrapInterval likelihood = Bootstrap.Mean(likelihoods, _owner, seed);
        var metrics = new Dictionary<string, MetricEstimate>(StringComparer.Ordinal)
        {
            ["logLikelihood"] = new(likelihood.Value, likelihood.Low, likelihood.High),
            ["perplexity"] = OverRanks(free, reached, seed),
            ["conditionalPerplexity"] = OverRanks(known, reached, seed),
        };
        for (int rank = 0; rank < _ranks; rank++)
        {
            metrics[$"perplexity@{rank + 1}"] = AtRank(free, reached, rank, seed);
        }

        return metrics;
    }

    /// <summary>The mean over places of their perplexities.</summary>
    private MetricEstimate OverRanks(double[] bits, int[] reached, int seed)
    {
        BootstrapInterval mean = Bootstrap.Statistic(owners =>
        {
            double[] sums = new double[_ranks];
            double[] counts = new double[_ranks];
            foreach (int owner in owners)
            {
                for (int rank = 0; rank < _ranks; rank++)
                {
                    sums[rank] += bits[(owner * _ranks) + rank];
                    counts[rank] += reached[(owner * _ranks) + rank];
                }
            }

            return Enumerable.Range(0, _ranks).Where(rank => counts[rank] > 0).Average(rank => Math.Pow(2, sums[rank] / counts[rank]));
        }, OwnerCount, seed);
        return new MetricEstimate(mean.Value, mean.Low, mean.High);
    }

    private MetricEstimate AtRank(double[] bits, int[] reached, int rank, int seed)
    {
        // The mean over pages; an owner's pages are drawn together.
        var (values, owners) = (new List<double>(), new List<int>());
        for (int owner = 0; owner < OwnerCount; owner++)
        {
            int count = reached[(owner * _ranks) + rank];
            for (int page = 0; page < count; page++)
            {
                values.Add(bits[(owner * _ranks) + rank] / count);
                owners.Add(owner);
            }
        }

        BootstrapInterval mean = Bootstrap.Mean(values.ToArray(), owners.ToArray(), seed);
        return new MetricEstimate(Math.Pow(2, mean.Value), Math.Pow(2, mean.Low), Math.Pow(2, mean.High));
    }
}
