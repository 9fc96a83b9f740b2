using System.Buffers;
using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Runs;
using Cartwright.Learning;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains models on the training part of one split (or several folds) and measures them on its test part.</summary>
internal sealed class ModelComparison(IReadOnlyList<Product> products, bool hasRealTimes, TimeProvider clock)
{
    private const int TimedAnswers = 100;
    private const string NearestModel = "item-knn";

    private readonly ProductContent _content = ProductContent.Of(products);

    /// <summary>Models for which the training part held nothing to learn from.</summary>
    private readonly SortedSet<string> _untaught = new(StringComparer.Ordinal);

    /// <summary>Answers an evaluation request on data that is read already.</summary>
    /// <param name="test">Data that replaces the protocol's test part; null where the protocol cuts one.</param>
    /// <exception cref="ValidationException">No such protocol or model, or the data lacks what it needs.</exception>
    public static EvaluationReport Evaluate(EvaluateRequest request, Snapshot data, Snapshot? test, TimeProvider clock,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        (EvaluationReport report, _) = Evaluate(productCount => Chosen(request, productCount), request, data, test, clock, progress, cancellationToken);
        return report;
    }

    /// <summary>Every pair of models on the same held-out steps.</summary>
    /// <exception cref="ValidationException">No such model, or the data lacks what the protocol needs.</exception>
    public static CompareResponse Compare(CompareRequest request, Snapshot data, TimeProvider clock, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        IRecommendationTrainer[] named = [.. request.Models.Select(RecommendationModels.Named)];
        IReadOnlyList<IRecommendationTrainer> models = [.. RecommendationModels.All.Where(model => (named.Length == 0 && data.Products.Count <= model.MostProducts)
            || model.IsBaseline || named.Contains(model))];
        Array.ForEach(named, model => RecommendationModels.RequireFewProducts(model, data.Products.Count));
        var asked = new EvaluateRequest { Protocol = request.Protocol, Cutoff = [request.Cutoff], Seed = request.Seed, Epochs = request.Epochs };
        (EvaluationReport report, IReadOnlyList<Tested> tested) = Evaluate(_ => models, asked, data, null, clock, progress, cancellationToken);
        string metric = $"{request.Metric}@{request.Cutoff}";
        var pairs = new List<ModelPair>();
        Tested[] ranked = [.. tested.OrderByDescending(one => one.Measured.Average(split => split.Mean(metric)))];
        for (int a = 0; a < ranked.Length; a++)
        {
            for (int b = a + 1; b < ranked.Length; b++)
            {
                MetricEstimate difference = RankingMeasurement.Above(ranked[a].Measured, ranked[b].Measured, metric, request.Seed);
                pairs.Add(new ModelPair(ranked[a].Trainer.Name, ranked[b].Trainer.Name, difference, difference.Low > 0));
            }
        }

        return new CompareResponse(report, metric, [.. pairs.OrderByDescending(pair => pair.Difference.Value)]);
    }

    private static (EvaluationReport Report, IReadOnlyList<Tested> Tested) Evaluate(Func<int, IReadOnlyList<IRecommendationTrainer>> modelsFor, EvaluateRequest request, Snapshot data,
        Snapshot? test, TimeProvider clock, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        IReadOnlySet<InteractionKind> kinds = request.Kinds is { Count: > 0 } asked ? asked.ToHashSet() : RankingProtocols.KindsOf(data);
        IReadOnlyList<Product> products = data.Products;
        IReadOnlyList<RankingSplit> splits;
        if (test is null)
        {
            splits = RankingProtocols.Cut(request.Protocol, data, kinds, request.Seed);
        }
        else
        {
            (products, RankingSplit split) = RankingProtocols.Cut(request.Protocol, data, test, kinds);
            splits = [split];
        }

        IReadOnlyList<IRecommendationTrainer> models = modelsFor(products.Count);
        var comparison = new ModelComparison(products, data.Info.HasRealTimes, clock);
        Shared[] shared = [.. splits.Select(_ => new Shared())];
        var tested = new List<Tested>();
        foreach (IRecommendationTrainer model in models)
        {
            tested.Add(comparison.Test(model, splits, shared, tested, request, progress, cancellationToken));
        }

        return (new EvaluationReport
        {
            Data = data.Info.Name,
            Protocol = request.Protocol,
            Seed = request.Seed,
            TestCount = splits.Sum(split => split.Test.TargetCount),
            Candidates = products.Count,
            Models = [.. tested.Select(one => EvaluationOf(one, tested, request)), .. comparison.EvaluateMeanRating(splits, request.Seed, cancellationToken)],
            Notes = NotesOf([.. data.Notes, .. test?.Notes ?? []], models, request.Model, products.Count, comparison._untaught),
        }, tested);
    }

    public TrainingData TrainingDataOf(RankingSplit split) => new()
    {
        ProductCount = products.Count,
        Sequences = split.Train,
        Validation = split.Validation,
        Content = _content,
        HasRealTimes = hasRealTimes,
    };

    /// <summary>All that may be learned from once options are chosen, without anything to choose by; null where validation steps never train.</summary>
    private TrainingData? WholeOf(RankingSplit split) => split.Whole is { } whole
        ? TrainingDataOf(split) with { Sequences = whole, Validation = split.Validation with { Cases = [] } } : null;

    /// <summary>Measures a model, by what its lists are like too; where it has no answer of its own, the most popular products count, as in service.</summary>
    public RankingMeasurement Measure(IRecommendationModel model, RankingSplit split, RankingCases cases, IReadOnlyList<int> cutoffs,
        CancellationToken cancellationToken)
    {
        float[] popular = PopularityTrainer.Count((split.Whole ?? split.Train).Product, products.Count);
        return RankingMeasure.Run((histories, scores) => ScoreWithFallback(model, popular, histories, scores), products.Count, cases, cutoffs,
            new ListTraits(popular, _content.Of), cancellationToken);
    }

    private Tested Test(IRecommendationTrainer trainer, IReadOnlyList<RankingSplit> splits, Shared[] shared, IReadOnlyList<Tested> before, EvaluateRequest request,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> added = BlendTrainer.GeneratorsOf(request.Generators, products.Count);
        PeakMemory.Restart();
        var measured = new List<RankingMeasurement>();
        var ratings = new RatingMeasure();
        TimeSpan trained = TimeSpan.Zero;
        double answered = 0;
        IReadOnlyDictionary<string, MetricEstimate> reasons = new Dictionary<string, MetricEstimate>(StringComparer.Ordinal);
        foreach (RankingSplit split in splits)
        {
            progress?.Report(new RunProgress($"training {trainer.Name}", measured.Count, splits.Count, "splits"));
            long start = clock.GetTimestamp();
            IRecommendationModel model = Learn(trainer, split, request, shared[measured.Count],
                isShared: added.Contains(trainer.Name, StringComparer.Ordinal) || (request.Explain && trainer.Name == NearestModel), progress, cancellationToken);

            trained += clock.GetElapsedTime(start);
            progress?.Report(new RunProgress($"testing {trainer.Name}", measured.Count, splits.Count, "splits"));
            measured.Add(Measure(model, split, split.Test, request.Cutoff, cancellationToken));
            answered = AnswerMilliseconds(model, split.Test);
            if (model is IRatingModel rating && RatingMeasure.HasRatings(split.Test))
            {
                ratings.Add(rating.Predict, split.Test, cancellationToken);
            }

            if (request.Explain && measured.Count == 1 && model is not Popularity)
            {
                progress?.Report(new RunProgress($"testing the reasons of {trainer.Name}", 0, 0, "shoppers"));
                reasons = new Faithfulness(model, shared[0].Last[NearestModel], split.Test, request.Seed).Measure(cancellationToken);
            }
        }

        // A blend took the models that were trained before it; what they cost is its cost too.
        Tested[] taken = [.. before.Where(one => trainer is BlendTrainer && added.Contains(one.Trainer.Name, StringComparer.Ordinal))];
        return new Tested(trainer, measured, ratings, trained.TotalSeconds + taken.Sum(one => one.TrainSeconds), taken.Select(one => one.PeakMemoryBytes).Append(PeakMemory.Bytes).Max(),
            answered, reasons);
    }

    /// <summary>Trains a model with what validates kept apart, then once more with it where the protocol allows that.</summary>
    private IRecommendationModel Learn(IRecommendationTrainer trainer, RankingSplit split, EvaluateRequest request, Shared shared, bool isShared,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        var options = new FitOptions
        {
            Seed = request.Seed,
            Epochs = request.Epochs,
            Generators = request.Generators,
            Options = trainer.Name == request.Model ? request.Options : null,
            Fitted = shared.First,
            Clock = clock,
        };
        IRecommendationModel first, last;
        try
        {
            first = trainer.Fit(TrainingDataOf(split), options, progress, cancellationToken);
            last = WholeOf(split) is { } whole ? trainer.Refit(first, whole, options with { Fitted = shared.Last }, progress, cancellationToken) : first;
        }
        catch (NothingToLearnException)
        {
            // As in service, what is popular answers for a model that can't.
            _untaught.Add(trainer.Name);
            first = last = new Popularity(trainer.Name, PopularityTrainer.Count((split.Whole ?? split.Train).Product, products.Count), NetworkLesson.NoCard);
        }

        if (isShared)
        {
            (shared.First[trainer.Name], shared.Last[trainer.Name]) = (first, last);
        }

        return last;
    }

    /// <summary>The baseline of models of ratings, where the tested steps are ratings. It ranks nothing.</summary>
    private IEnumerable<ModelEvaluation> EvaluateMeanRating(IReadOnlyList<RankingSplit> splits, int seed, CancellationToken cancellationToken)
    {
        PeakMemory.Restart();
        long start = clock.GetTimestamp();
        var ratings = new RatingMeasure();
        foreach (RankingSplit split in splits)
        {
            if (RatingMeasure.HasRatings(split.Test) && MeanRating.Of(split.Whole ?? split.Train, products.Count) is { } model)
            {
                ratings.Add(model.Predict, split.Test, cancellationToken);
            }
        }

        if (ratings.Count > 0)
        {
            yield return new ModelEvaluation(MeanRating.Name, "baseline", new Dictionary<string, MetricEstimate>(ratings.Estimate(seed), StringComparer.Ordinal),
                clock.GetElapsedTime(start).TotalSeconds, PeakMemory.Bytes);
        }
    }

    /// <summary>A model's figures; those of one that is no baseline beside the best of the baselines too, on the same cases.</summary>
    private static ModelEvaluation EvaluationOf(Tested tested, IReadOnlyList<Tested> all, EvaluateRequest request)
    {
        var metrics = new Dictionary<string, MetricEstimate>(
            RankingMeasurement.Estimate(tested.Measured, request.Seed, withFullMap: request.Protocol == "random-75"), StringComparer.Ordinal);
        foreach ((string metric, MetricEstimate estimate) in tested.Ratings.Count > 0 ? tested.Ratings.Estimate(request.Seed) : [])
        {
            metrics[metric] = estimate;
        }

        foreach (int cutoff in tested.Trainer.IsBaseline ? [] : request.Cutoff)
        {
            Tested best = all.Where(one => one.Trainer.IsBaseline).MaxBy(one => one.Measured.Average(split => split.Mean($"ndcg@{cutoff}")))!;
            foreach (string metric in (string[])[$"recall@{cutoff}", $"ndcg@{cutoff}", $"mrr@{cutoff}"])
            {
                metrics[$"{metric} over {best.Trainer.Name}"] = RankingMeasurement.Above(tested.Measured, best.Measured, metric, request.Seed);
            }
        }

        foreach ((string metric, MetricEstimate estimate) in tested.Reasons)
        {
            metrics[metric] = estimate;
        }

        return new ModelEvaluation(tested.Trainer.Name, tested.Trainer.IsBaseline ? "baseline" : "model", metrics, tested.TrainSeconds, tested.PeakMemoryBytes)
        {
            AnswerMilliseconds = tested.AnswerMilliseconds,
        };
    }

    /// <summary>The median of answers to <see cref="TimedAnswers"/> histories, one after the other on this thread; the first few only warm up.</summary>
    private double AnswerMilliseconds(IRecommendationModel model, RankingCases cases)
    {
        using var alone = Compute.OnThisThread();
        float[] scores = new float[products.Count];
        List<double> times = [];
        foreach (RankingCase asked in cases.Sample(TimedAnswers).Cases.Where(asked => model.CanScore(asked.History)))
        {
            long start = clock.GetTimestamp();
            model.Score(asked.History, scores);
            times.Add(clock.GetElapsedTime(start).TotalMilliseconds);
        }

        double[] sorted = [.. times.Skip(times.Count / 10).Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }

    /// <summary>Models of one split that others read: as they were trained first, and last.</summary>
    private sealed class Shared
    {
        public Dictionary<string, IRecommendationModel> First { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, IRecommendationModel> Last { get; } = new(StringComparer.Ordinal);
    }

    private sealed record Tested(IRecommendationTrainer Trainer, IReadOnlyList<RankingMeasurement> Measured, RatingMeasure Ratings, double TrainSeconds, long PeakMemoryBytes,
        double AnswerMilliseconds, IReadOnlyDictionary<string, MetricEstimate> Reasons);

    /// <summary>The model that is asked for, the baselines, and what a blend adds.</summary>
    private static IReadOnlyList<IRecommendationTrainer> Chosen(EvaluateRequest request, int productCount)
    {
        RecommendationModels.RequireOptions(request.Model, request.Options);
        NearMiss.Require("recommendation model", request.Model, ["all", .. RecommendationModels.All.Select(model => model.Name)]);
        if (request is { Generators.Count: > 0, Model: not BlendTrainer.ModelName })
        {
            throw new ValidationException($"--generators names what a blend adds, and '{request.Model}' is none: leave it out, or use --model {BlendTrainer.ModelName}.");
        }

        IReadOnlyList<string> added = request.Model == BlendTrainer.ModelName ? BlendTrainer.GeneratorsOf(request.Generators, productCount) : [];
        foreach (string name in added.Append(request.Model).Where(name => name != "all"))
        {
            RecommendationModels.RequireFewProducts(RecommendationModels.Named(name), productCount);   // before others are trained for nothing
        }

        return [.. RecommendationModels.All.Where(model => (request.Model == "all" && productCount <= model.MostProducts)
            || model.IsBaseline || model.Name == request.Model || added.Contains(model.Name, StringComparer.Ordinal))];
    }

    private static string[]? NotesOf(IReadOnlyList<string> leftOut, IReadOnlyList<IRecommendationTrainer> models, string asked, int productCount, IEnumerable<string> untaught)
    {
        string[] notes =
        [
            .. leftOut,
            .. RecommendationModels.All.Where(model => asked == "all" && productCount > model.MostProducts && !models.Contains(model))
                .Select(model => $"{model.Name} is left out: it takes at most {model.MostProducts:N0} products, and there are {productCount:N0}."),
            .. untaught.Select(name => $"{name} found nothing to learn from in the training part, so that what is popular answers in its place."),
        ];
        return notes.Length > 0 ? notes : null;
    }

    private static void ScoreWithFallback(IRecommendationModel model, float[] popular, ReadOnlySpan<Steps> histories, Span<float> scores)
    {
        int width = popular.Length;
        var answered = new List<int>(histories.Length);
        for (int i = 0; i < histories.Length; i++)
        {
            if (model.CanScore(histories[i]))
            {
                answered.Add(i);
            }
            else
            {
                popular.CopyTo(scores[(i * width)..]);
            }
        }

        if (answered.Count == histories.Length)
        {
            model.ScoreMany(histories, scores);
            return;
        }

        var own = new Steps[answered.Count];
        for (int i = 0; i < own.Length; i++)
        {
            own[i] = histories[answered[i]];
        }

        float[] rows = ArrayPool<float>.Shared.Rent(own.Length * width);
        model.ScoreMany(own, rows.AsSpan(0, own.Length * width));
        for (int i = 0; i < own.Length; i++)
        {
            rows.AsSpan(i * width, width).CopyTo(scores[(answered[i] * width)..]);
        }

        ArrayPool<float>.Shared.Return(rows);
    }
}
