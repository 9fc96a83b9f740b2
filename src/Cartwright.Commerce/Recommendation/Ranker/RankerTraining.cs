using System.Globalization;
using System.Text.Json;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Runs;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trainings of rankers: to a version on disk behind the model in service, or to a report.</summary>
internal sealed class RankerTraining(RankerVersions rankers, TimeProvider clock)
{
    public const string ModelName = "ranker";
    private const int ToldPlaces = 10;

    /// <param name="active">The recommendation model in service.</param>
    /// <param name="inPipeline">Version of the ranker that the pipeline has; null for none.</param>
    public TrainRankerResponse Run(TrainRankerRequest request, Snapshot shop, IRecommendationModel active, string? inPipeline, IProgress<RunProgress>? progress,
        CancellationToken cancellationToken)
    {
        TimeSpan? limit = request.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null;
        var fit = new FitOptions { Seed = request.Seed, Clock = clock, TimeLimit = limit };
        long start = clock.GetTimestamp();
        var lesson = RankerLesson.Run(shop, "The shop", data => Refit(active, data, fit, progress, cancellationToken), request.Seed, request.Epochs, limit, clock, progress, cancellationToken);
        double seconds = clock.GetElapsedTime(start).TotalSeconds;
        progress?.Report(new RunProgress("judging the ranker", 0, 0, "impressions"));
        var judge = new RankerJudge(lesson, new ModelComparison(shop.Products, shop.Info.HasRealTimes, clock), request.Seed);
        var estimates = new SortedDictionary<string, MetricEstimate>(StringComparer.Ordinal);
        foreach (ModelEvaluation model in judge.Run(seconds, cancellationToken))
        {
            foreach ((string metric, MetricEstimate estimate) in model.Metrics)
            {
                estimates[$"{model.Model} {metric}"] = estimate;
            }
        }

        double? mine = Ndcg(ModelName), alone = Ndcg(lesson.Generators.Name), rival = JudgeOther(inPipeline, judge, lesson, shop, cancellationToken);
        double toBeat = Math.Max(alone ?? double.PositiveInfinity, rival ?? double.NegativeInfinity);
        string version = rankers.Save(lesson.Ranker, lesson.Share, new ModelCard
        {
            Model = ModelName,
            TrainedAt = clock.GetUtcNow(),
            Seed = request.Seed,
            Options = JsonSerializer.SerializeToElement(request, RankerJson.Default.TrainRankerRequest),
            Metrics = estimates.ToDictionary(pair => pair.Key, pair => pair.Value.Value, StringComparer.Ordinal),
            DataHash = lesson.Train.Hash(),
            TrainSeconds = seconds,
            ParameterCount = lesson.Ranker.ParameterCount,
        });
        bool isActive = request.Activate || mine > toBeat;
        return new TrainRankerResponse(version, isActive, Summary(lesson, estimates, mine, toBeat, isActive, version), lesson.Ranker.Generators, lesson.Log.Shown, lesson.Log.Clicked,
            lesson.Share, [.. Enumerable.Range(1, ToldPlaces).Select(place => (double)lesson.Ranker.LookChance(place))], estimates, seconds);

        double? Ndcg(string model) => estimates.TryGetValue($"{model} {RankerJudge.NdcgMetric}", out MetricEstimate? estimate) ? estimate.Value : null;
    }

    public EvaluationReport Evaluate(EvaluateRankerRequest request, Snapshot shop, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        PeakMemory.Restart();
        var fit = new FitOptions { Seed = request.Seed, Epochs = request.Epochs, Clock = clock, Generators = request.Generators };
        IRecommendationTrainer generators = request.Generators is [var one] ? RecommendationModels.Named(one) : new BlendTrainer();
        foreach (string name in request.Generators)
        {
            _ = RecommendationModels.Named(name);
        }

        long start = clock.GetTimestamp();
        var lesson = RankerLesson.Run(shop, request.Data ?? "The shop", data => generators.Fit(data, fit, progress, cancellationToken), request.Seed, request.Epochs, null, clock, progress,
            cancellationToken);
        double seconds = clock.GetElapsedTime(start).TotalSeconds;
        progress?.Report(new RunProgress("judging the ranker", 0, 0, "impressions"));
        return new EvaluationReport
        {
            Data = shop.Info.Name,
            Protocol = "impressions",
            Seed = request.Seed,
            TestCount = lesson.Test.Count,
            Candidates = shop.Products.Count,
            Models = new RankerJudge(lesson, new ModelComparison(shop.Products, shop.Info.HasRealTimes, clock), request.Seed).Run(seconds, cancellationToken),
        };
    }

    /// <summary>The model in service as it would have been at an earlier time: the same generators with the same weights.</summary>
    private static IRecommendationModel Refit(IRecommendationModel active, TrainingData data, FitOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        IRecommendationModel[] models = [.. GeneratorScores.Of(active)
            .Select(model => RecommendationModels.Named(model.Name).Fit(data, options, progress, cancellationToken))];
        return active is Blend blend ? blend.Of(models) : models[0];
    }

    /// <returns>What the ranker in the pipeline reaches on the same steps; null where there is none that could answer.</returns>
    private double? JudgeOther(string? version, RankerJudge judge, RankerLesson lesson, Snapshot shop, CancellationToken cancellationToken)
    {
        try
        {
            if (version is null || rankers.Load(version) is not { } kept || !kept.Ranker.Generators.SequenceEqual(lesson.Ranker.Generators, StringComparer.Ordinal))
            {
                return null;
            }

            ClickProduct[] products = [.. shop.Products.Select(kept.Ranker.Catalog.Read)];
            return judge.Ndcg(lesson.Candidates.With(kept.Ranker, products), kept.Share, cancellationToken);
        }
        catch (Exception e) when (e is ModelFormatException or NotFoundException)
        {
            return null;
        }
    }

    private static string Summary(RankerLesson lesson, SortedDictionary<string, MetricEstimate> metrics, double? mine, double toBeat, bool isActive, string version)
    {
        string generators = lesson.Generators.Name;
        string learned = string.Create(CultureInfo.InvariantCulture, $"Learned from {lesson.Train.Count:N0} impressions: of a clicked product and one that was not, it gives the clicked one the higher chance in {metrics["ranker auc"].Value:P1} of pairs ({generators} alone: {metrics[$"{generators} auc"].Value:P1}), and its chances are off by {metrics["ranker calibrationError"].Value:P1} on average.");
        string order = mine is null ? " No shopper came back, so nothing tells how good its order is."
            : string.Create(CultureInfo.InvariantCulture, $" Its order of the first {Reordering.PoolSize} finds the next step with {RankerJudge.NdcgMetric} {mine:F4} ({generators} alone: {metrics[$"{generators} {RankerJudge.NdcgMetric}"].Value:F4}).");
        string service = isActive ? " It is in the pipeline now."
            : string.Create(CultureInfo.InvariantCulture, $" It is not in the pipeline: what is there is as good or better ({toBeat:F4}). To use it all the same, set \"ranker\": \"{version}\" with 'cartwright recommendation set-pipeline'.");
        return learned + order + service;
    }
}
