using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Writes a score for every product of one case; negative infinity for one that is no candidate.</summary>
/// <param name="index">Number of the case.</param>
internal delegate void CaseScorer(int index, Span<float> scores);

/// <summary>Sets several ways to rank beside each other on the same held-out cases.</summary>
internal sealed class BasketMeasure(RankingCases cases, int productCount, EvaluateBasketsRequest request, TimeProvider clock)
{
    private readonly List<(string Model, bool IsBaseline, RankingMeasurement Measured, double Seconds, long PeakBytes, double Milliseconds)> _models = [];

    /// <param name="trainSeconds">What was needed before the first case.</param>
    public void Add(string model, bool isBaseline, CaseScorer score, double trainSeconds, CancellationToken cancellationToken)
    {
        var measured = new RankingMeasurement(cases, request.Cutoff, productCount);
        long start = clock.GetTimestamp();
        Parallel.For(0, cases.Cases.Count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => new float[productCount],
            (index, _, scores) =>
            {
                score(index, scores);
                measured.Record(index, RankingMeasure.Ranks(scores, cases.Cases[index].Targets.Span), scores);
                return scores;
            },
            _ => { });
        double each = clock.GetElapsedTime(start).TotalMilliseconds * Math.Min(Environment.ProcessorCount, cases.Cases.Count) / Math.Max(1, cases.Cases.Count);
        _models.Add((model, isBaseline, measured, trainSeconds, PeakMemory.Bytes, each));
    }

    public EvaluationReport Report(string data) => new()
    {
        Data = data,
        Protocol = request.Protocol,
        Seed = request.Seed,
        TestCount = cases.TargetCount,
        Candidates = productCount,
        Models = [.. _models.Select(one => new ModelEvaluation(one.Model, one.IsBaseline ? "baseline" : "model", Metrics(one.Measured, one.IsBaseline), one.Seconds, one.PeakBytes)
        {
            AnswerMilliseconds = one.Milliseconds,
        })],
    };

    private Dictionary<string, MetricEstimate> Metrics(RankingMeasurement measured, bool isBaseline)
    {
        var metrics = new Dictionary<string, MetricEstimate>(RankingMeasurement.Estimate([measured], request.Seed, withFullMap: false), StringComparer.Ordinal);
        int cutoff = request.Cutoff[0];
        var best = _models.Where(one => one.IsBaseline).MaxBy(one => one.Measured.Mean($"ndcg@{cutoff}"));
        foreach (string metric in isBaseline ? [] : (string[])[$"recall@{cutoff}", $"ndcg@{cutoff}"])
        {
            metrics[$"{metric} over {best.Model}"] = RankingMeasurement.Above([measured], [best.Measured], metric, request.Seed);
        }

        return metrics;
    }
}
