using System.Buffers;
using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Trains models on the training part of one split (or several folds) and measures them on its test part.</summary>
internal sealed class ModelComparison(IReadOnlyList<Product> products, bool hasRealTimes, TimeProvider clock)
{
    private readonly ProductContent _content = ProductContent.Of(products);

    /// <summary>Answers an evaluation request on data that is read already.</summary>
    /// <param name="test">Data that replaces the protocol's test part; null where the protocol cuts one.</param>
    /// <exception cref="ValidationException">No such protocol or model, or the data lacks what it needs.</exception>
    public static EvaluationReport Evaluate(EvaluateRequest request, Snapshot data, Snapshot? test, TimeProvider clock,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<IRecommendationTrainer> models = Chosen(request.Model);
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

        var comparison = new ModelComparison(products, data.Info.HasRealTimes, clock);
        return new EvaluationReport
        {
            Data = data.Info.Name,
            Protocol = request.Protocol,
            Seed = request.Seed,
            TestCount = splits.Sum(split => split.Test.TargetCount),
            Candidates = products.Count,
            Models = [.. models.Select(model => comparison.Evaluate(model, splits, request, progress, cancellationToken))],
        };
    }

    public TrainingData TrainingDataOf(RankingSplit split) => new()
    {
        ProductCount = products.Count,
        Sequences = split.Train,
        Validation = split.Validation,
        Content = _content,
        HasRealTimes = hasRealTimes,
    };

    /// <summary>Measures a model; where it has no answer of its own, the most popular products count, as in service.</summary>
    public RankingMeasurement Measure(IRecommendationModel model, RankingSplit split, RankingCases cases, IReadOnlyList<int> cutoffs,
        CancellationToken cancellationToken)
    {
        float[] popular = PopularityTrainer.Count(split.Train.Product, products.Count);
        return RankingMeasure.Run((histories, scores) => ScoreWithFallback(model, popular, histories, scores), products.Count, cases, cutoffs, cancellationToken);
    }

    private ModelEvaluation Evaluate(IRecommendationTrainer trainer, IReadOnlyList<RankingSplit> splits, EvaluateRequest request,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        PeakMemory.Restart();
        var measured = new List<RankingMeasurement>();
        TimeSpan trained = TimeSpan.Zero;
        foreach (RankingSplit split in splits)
        {
            progress?.Report(new RunProgress($"training {trainer.Name}", measured.Count, splits.Count, "splits"));
            long start = clock.GetTimestamp();
            IRecommendationModel model = trainer.Fit(TrainingDataOf(split),
                new FitOptions { Seed = request.Seed, Epochs = request.Epochs, Clock = clock }, progress, cancellationToken);
            trained += clock.GetElapsedTime(start);
            progress?.Report(new RunProgress($"testing {trainer.Name}", measured.Count, splits.Count, "splits"));
            measured.Add(Measure(model, split, split.Test, request.Cutoff, cancellationToken));
        }

        return new ModelEvaluation(trainer.Name, trainer.IsBaseline ? "baseline" : "model",
            RankingMeasurement.Estimate(measured, request.Seed, withFullMap: request.Protocol == "random-75"),
            trained.TotalSeconds, PeakMemory.Bytes);
    }

    private static IReadOnlyList<IRecommendationTrainer> Chosen(string name)
    {
        NearMiss.Require("recommendation model", name, ["all", .. RecommendationModels.All.Select(model => model.Name)]);
        return [.. RecommendationModels.All.Where(model => name == "all" || model.IsBaseline || model.Name == name)];
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
