using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class BlendTests
{
    [Fact]
    public void Standard_scores_have_mean_0_and_deviation_1_and_what_is_no_candidate_stays_out()
    {
        float[] scores = [1, 2, 3, float.NegativeInfinity, 6];

        BlendScales.Apply(BlendScale.Standard, scores);

        float[] told = [scores[0], scores[1], scores[2], scores[4]];
        Assert.Equal(0, told.Average(), 1e-6f);
        Assert.Equal(1, told.Average(score => score * score), 1e-5f);
        Assert.Equal(float.NegativeInfinity, scores[3]);
    }

    [Fact]
    public void Scores_that_are_all_alike_say_nothing()
    {
        float[] scores = [4, 4, 4];

        BlendScales.Apply(BlendScale.Standard, scores);

        Assert.Equal([0, 0, 0], scores);
    }

    [Fact]
    public void Ranks_count_alone_whatever_the_distance()
    {
        float[] scores = [1000, 1, 2, 0.5f];

        BlendScales.Apply(BlendScale.Rank, scores);

        Assert.Equal([60f / 61, 60f / 63, 60f / 62, 60f / 64], scores);
    }

    [Theory]
    [InlineData(BlendScale.Standard)]
    [InlineData(BlendScale.Rank)]
    public void Scaling_and_adding_in_one_pass_gives_what_both_give_one_after_the_other(BlendScale scale)
    {
        var random = new Random(5);
        float[] scores = [.. Enumerable.Range(0, 1_003).Select(i => i == 7 ? float.NegativeInfinity : random.NextSingle())], scaled = [.. scores];
        float[] total = [.. scores.Select(_ => random.NextSingle())], before = [.. total];

        BlendScales.Add(scale, scores, 0.7f, total);

        BlendScales.Apply(scale, scaled);
        Assert.Equal(scaled, scores);
        Assert.Equal(before.Zip(scaled, (sum, score) => sum + (score * 0.7f)), total);
        Assert.Equal(float.NegativeInfinity, total[7]);
    }

    [Fact]
    public void The_score_is_the_weighted_sum_of_its_models()
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 1, out _);
        IRecommendationModel[] models = [.. new[] { "item-knn", "popularity" }.Select(name => Fit(name, data))];
        var blend = new Blend(new BlendOptions { Scale = BlendScale.Standard, Models = ["item-knn", "popularity"], Weights = [2, 0.5f] }, models);
        float[] expected = new float[data.ProductCount], own = new float[data.ProductCount], scores = new float[data.ProductCount];
        int[] history = [0, 4, 7];
        foreach ((IRecommendationModel model, float weight) in models.Zip([2f, 0.5f]))
        {
            model.Score(history, own);
            BlendScales.Apply(BlendScale.Standard, own);
            expected = [.. expected.Zip(own, (sum, score) => sum + (weight * score))];
        }

        blend.Score(history, scores);

        Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        float[][] parts = blend.Contributions(history, [3, 9]);
        Assert.Equal(scores[3], parts[0][0] + parts[1][0], 1e-5f);
        Assert.Equal(scores[9], parts[0][1] + parts[1][1], 1e-5f);
    }

    [Fact]
    public void The_weights_are_not_worse_on_validation_than_the_best_model_alone()
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 4, out RankingSplit split);
        string[] names = ["popularity", "item-knn", "gru4rec"];
        var options = new FitOptions { Epochs = 3, Generators = names };

        IRecommendationModel blend = new BlendTrainer().Fit(data, options, null, CancellationToken.None);

        double best = names.Max(name => Ndcg(RecommendationModels.Named(name).Fit(data, options, null, CancellationToken.None), data));
        Assert.True(Ndcg(blend, data) >= best - 1e-9, $"{Ndcg(blend, data)}, alone {best}");
        Assert.NotEmpty(split.Test.Cases);
    }

    [Fact]
    public void A_model_that_stands_ready_is_not_trained_again()
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 1, out _);
        IRecommendationModel ready = Fit("item-knn", data);
        var options = new FitOptions
        {
            Generators = ["item-knn"],
            Fitted = new Dictionary<string, IRecommendationModel>(StringComparer.Ordinal) { ["item-knn"] = ready },
        };

        var blend = (Blend)new BlendTrainer().Fit(data, options, null, CancellationToken.None);

        Assert.Same(ready, blend.Models.Single());
    }

    [Fact]
    public void A_limit_of_time_is_shared_by_the_models()
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 1, out _);
        var clock = new HurryingClock();
        var options = new FitOptions { Epochs = 1_000, Generators = ["sasrec", "gru4rec"], TimeLimit = TimeSpan.FromSeconds(40), Clock = clock };

        new BlendTrainer().Fit(data, options, null, CancellationToken.None);

        Assert.True(clock.Passed < TimeSpan.FromSeconds(70), $"{clock.Passed.TotalSeconds} s");   // two of 40 would be 80
    }

    [Theory]
    [InlineData("blend")]
    [InlineData("item-knn", "item-knn")]
    [InlineData("item-kn")]
    public void A_blend_of_itself_or_of_no_models_is_refused(params string[] names)
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 1, out _);

        Assert.Throws<ValidationException>(() => new BlendTrainer().Fit(data, new FitOptions { Generators = names }, null, CancellationToken.None));
    }

    /// <summary>A second passes at every look.</summary>
    private sealed class HurryingClock : TimeProvider
    {
        private long _seconds;

        public TimeSpan Passed => TimeSpan.FromSeconds(_seconds);

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _seconds);
    }

    private static IRecommendationModel Fit(string name, TrainingData data) =>
        RecommendationModels.Named(name).Fit(data, new FitOptions { Epochs = 2 }, null, CancellationToken.None);

    private static double Ndcg(IRecommendationModel model, TrainingData data) =>
        Cartwright.Commerce.Evaluation.RankingMeasure.Run(model.ScoreMany, data.ProductCount, data.Validation, [10]).Mean("ndcg@10");
}
