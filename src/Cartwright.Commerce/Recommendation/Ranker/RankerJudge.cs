using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Learning.Linear;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Judges a ranker on what was shown after it learned: the chances beside plain ones, the new order beside the generators' own.</summary>
/// <remarks>
/// Chances are those of a click at the place where each product was shown. Baselines: the share of clicks in all; the share at each place; popularity
/// and the generators' score, each made a chance by the same calibration as the ranker's, with its chances that a place is looked at. The order is
/// judged as everywhere: the first <see cref="Reordering.PoolSize"/> candidates anew, all products ranked, each shopper's next step.
/// </remarks>
internal sealed class RankerJudge(RankerLesson lesson, ModelComparison comparison, int seed)
{
    public const string NdcgMetric = "ndcg@10";

    /// <summary>Clicks and impressions that a place is given beside its own, as many as the mean of all places says.</summary>
    private const double PlacePrior = 20;

    private readonly string _generators = lesson.Generators.Name;

    /// <param name="seconds">What the ranker took to learn.</param>
    public IReadOnlyList<ModelEvaluation> Run(double seconds, CancellationToken cancellationToken)
    {
        ChanceMeasure measure = lesson.Test.Measure(seed);
        float[] logits = lesson.Ranker.Logits(lesson.Test, cancellationToken);
        float[] chances = [.. logits.Select((logit, row) => (float)(lesson.Ranker.Chance(logit) * LookChance(lesson.Test, row)))];
        float[] together = Calibrated((rows, row) => rows.NumbersOf(row)[lesson.Ranker.Generators.Count]);
        float[] popular = Calibrated((rows, row) => MathF.Log(1 + rows.PopularityOf(row)));
        RankingMeasurement before = Measure(lesson.Generators, cancellationToken);
        RankingMeasurement after = Measure(new ReorderedModel(lesson.Candidates, lesson.Share, lesson.Steps.Test.ExcludesHistory), cancellationToken);

        var mine = new Dictionary<string, MetricEstimate>(measure.Estimate(chances), StringComparer.Ordinal);
        Add(mine, measure.Above(chances, together, _generators));
        Add(mine, measure.Above(chances, popular, "popularity"));
        var theirs = new Dictionary<string, MetricEstimate>(measure.Estimate(together), StringComparer.Ordinal);
        if (lesson.Steps.Test.Cases.Count > 0)
        {
            Add(theirs, Ranked(before));
            Add(mine, Ranked(after));
            mine[$"{NdcgMetric} over {_generators}"] = RankingMeasurement.Above([after], [before], NdcgMetric, seed);
        }

        return
        [
            Baseline("mean-rate", measure.Estimate(Shares(oneForAll: true))),
            Baseline("place-rate", measure.Estimate(Shares(oneForAll: false))),
            Baseline("popularity", measure.Estimate(popular)),
            Baseline(_generators, theirs),
            new ModelEvaluation(RankerTraining.ModelName, "model", mine, seconds, PeakMemory.Bytes),
        ];
    }

    /// <summary>NDCG@10 of another ranker with the same generators, on the same steps.</summary>
    public double Ndcg(CandidateReader other, double share, CancellationToken cancellationToken) =>
        Measure(new ReorderedModel(other, share, lesson.Steps.Test.ExcludesHistory), cancellationToken).Mean(NdcgMetric);

    private RankingMeasurement Measure(IRecommendationModel model, CancellationToken cancellationToken) =>
        comparison.Measure(model, lesson.Steps, lesson.Steps.Test, [10], cancellationToken);

    private Dictionary<string, MetricEstimate> Ranked(RankingMeasurement measured) =>
        RankingMeasurement.Estimate([measured], seed, withFullMap: false).Where(pair => pair.Key is "ndcg@10" or "recall@10" or "mrr@10" or "coverage@10")
            .ToDictionary(StringComparer.Ordinal);

    private float LookChance(ClickRows rows, int row) => lesson.Ranker.LookChance(rows.PositionOf(row));

    /// <summary>One number of each row made a chance, by the validation rows.</summary>
    private float[] Calibrated(Func<ClickRows, int, float> number)
    {
        float[] Scores(ClickRows rows) => [.. Enumerable.Range(0, rows.Count).Select(row => number(rows, row))];
        ClickRows validation = lesson.Validation;
        int[] all = [.. Enumerable.Range(0, validation.Count)];
        var scaling = PlattScaling.Fit(Scores(validation), Array.ConvertAll(all, validation.IsClicked), Array.ConvertAll(all, row => LookChance(validation, row)));
        return [.. Scores(lesson.Test).Select((score, row) => (float)scaling.Chance(score, LookChance(lesson.Test, row)))];
    }

    /// <summary>Shares of clicks in what was learned from.</summary>
    private float[] Shares(bool oneForAll)
    {
        double[] shown = new double[ClickNetwork.MaxPosition + 1];
        double[] clicked = new double[ClickNetwork.MaxPosition + 1];
        for (int row = 0; row < lesson.Train.Count; row++)
        {
            int place = Place(lesson.Train, row);
            (shown[place], clicked[place]) = (shown[place] + 1, clicked[place] + (lesson.Train.IsClicked(row) ? 1 : 0));
        }

        double mean = clicked.Sum() / Math.Max(1, shown.Sum());
        return [.. Enumerable.Range(0, lesson.Test.Count).Select(row => Place(lesson.Test, row))
            .Select(place => (float)(oneForAll ? mean : (clicked[place] + (PlacePrior * mean)) / (shown[place] + PlacePrior)))];
    }

    private static int Place(ClickRows rows, int row) => Math.Min(rows.PositionOf(row), ClickNetwork.MaxPosition);

    private static ModelEvaluation Baseline(string name, IReadOnlyDictionary<string, MetricEstimate> metrics) => new(name, "baseline", metrics, 0, PeakMemory.Bytes);

    private static void Add(Dictionary<string, MetricEstimate> metrics, IReadOnlyDictionary<string, MetricEstimate> more)
    {
        foreach ((string name, MetricEstimate estimate) in more)
        {
            metrics[name] = estimate;
        }
    }
}
