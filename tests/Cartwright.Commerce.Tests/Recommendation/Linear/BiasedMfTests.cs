using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class BiasedMfTests
{
    [Fact]
    public void The_shopper_of_a_history_is_the_minimum_of_the_regularized_squared_error()
    {
        var random = new Random(1);
        var options = new BiasedMfOptions { FactorCount = 3, Regularization = 0.1f, BiasRegularization = 0.02f };
        var weights = new BiasedMfWeights(Draw(random, 15), Draw(random, 15), Draw(random, 5), new float[5], 3.5f, 1, 5);
        var history = new Steps(new[] { 4, 0, 2 }) { Values = new[] { 5f, float.NaN, 2f } };

        (float[] taste, float bias) = new BiasedMf(options, weights).ShopperOf(history);

        double[] chosen = [.. Enumerable.Range(0, 3).Select(f => new[] { 0, 2, 4 }.Sum(j => weights.Implicit[(j * 3) + f]) / Math.Sqrt(3))];
        double[] p = [.. taste.Zip(chosen, (sum, part) => sum - part)];
        double least = Loss(p, bias);
        for (int f = 0; f < 3; f++)
        {
            foreach (double by in new[] { -0.01, 0.01 })
            {
                Assert.True(Loss([.. p.Select((value, at) => at == f ? value + by : value)], bias) > least);
                Assert.True(Loss(p, bias + by) > least);
            }
        }

        double Loss(double[] at, double b) => Squared(4, 5, at, b) + Squared(2, 2, at, b) + (2 * 0.1 * at.Sum(x => x * x)) + (2 * 0.02 * b * b);

        double Squared(int product, double stars, double[] at, double b)
        {
            double left = stars - 3.5 - b - weights.Biases[product] - Enumerable.Range(0, 3).Sum(f => weights.Factors[(product * 3) + f] * (at[f] + chosen[f]));
            return left * left;
        }
    }

    [Fact]
    public void Finds_tastes_in_stars_that_biases_can_not_tell()
    {
        TrainingData data = Tasteful(out RankingCases test);

        var model = (IRatingModel)new BiasedMfTrainer().Fit(data, new FitOptions { Epochs = 120 }, null, CancellationToken.None);

        Assert.True(Rmse(model, test) < 0.8 * Rmse(MeanRating.Of(data.Sequences, data.ProductCount)!, test));
    }

    [Fact]
    public void Stars_of_any_scale_are_learned_alike()
    {
        TrainingData data = Tasteful(out RankingCases test);
        TrainingData hundredths = data with { Sequences = Scaled(data.Sequences, 20) };
        RankingCases tested = test with
        {
            Cases = [.. test.Cases.Select(one => one with
            {
                Ratings = one.Ratings.ToArray().Select(stars => stars * 20).ToArray(),
                History = one.History with { Values = one.History.Values.ToArray().Select(stars => stars * 20).ToArray() },
            })],
        };

        var fives = (IRatingModel)new BiasedMfTrainer().Fit(data, new FitOptions(), null, CancellationToken.None);
        var hundreds = (IRatingModel)new BiasedMfTrainer().Fit(hundredths, new FitOptions(), null, CancellationToken.None);

        Assert.Equal(20 * Rmse(fives, test), Rmse(hundreds, tested), 0.01);
    }

    private static Sequences Scaled(Sequences steps, float factor) => new()
    {
        Start = steps.Start,
        Product = steps.Product,
        Kind = steps.Kind,
        At = steps.At,
        Value = [.. steps.Value.Select(stars => stars * factor)],
        Owner = steps.Owner,
        Row = steps.Row,
    };

    [Fact]
    public void Predicts_and_ranks_the_same_after_it_was_saved_and_loaded_and_refuses_a_damaged_file()
    {
        TrainingData data = Tasteful(out RankingCases test);
        IRecommendationModel fitted = new BiasedMfTrainer().Fit(data, new FitOptions { Epochs = 3 }, null, CancellationToken.None);
        string folder = Directory.CreateTempSubdirectory("cartwright-mf-").FullName;

        fitted.Save(folder);
        IRecommendationModel loaded = new BiasedMfTrainer().Load(folder);

        Assert.Equal(Rmse((IRatingModel)fitted, test), Rmse((IRatingModel)loaded, test));
        float[] before = new float[data.ProductCount], after = new float[data.ProductCount];
        fitted.Score(test.Cases[0].History, before);
        loaded.Score(test.Cases[0].History, after);
        Assert.Equal(before, after);
        string file = Path.Combine(folder, "model.safetensors");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^50]);
        Assert.Throws<ModelFormatException>(() => new BiasedMfTrainer().Load(folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Answers_with_what_is_popular_where_nobody_gives_stars()
    {
        IRecommendationModel model = new BiasedMfTrainer().Fit(ItemKnnTests.RandomShop(seed: 1, out _), new FitOptions(), null, CancellationToken.None);

        Assert.IsType<Popularity>(model);
        Assert.Equal("biased-mf", model.Name);
    }

    [Fact]
    public void Errors_of_ratings_are_measured_where_a_step_is_one()
    {
        var measure = new RatingMeasure();
        var tested = new RankingCase(3, default, new[] { 0, 1, 2 }) { Ratings = new[] { 1f, float.NaN, 4f } };

        measure.Add((_, products, ratings) => ratings.Fill(3), new RankingCases { Cases = [tested], ExcludesHistory = true });

        Dictionary<string, MetricEstimate> estimates = new(measure.Estimate(seed: 1));
        Assert.Equal(2, measure.Count);
        Assert.Equal(Math.Sqrt(2.5), estimates["rmse"].Value, 12);
        Assert.Equal(1.5, estimates["mae"].Value, 12);
    }

    internal static double Rmse(IRatingModel model, RankingCases test)
    {
        var measure = new RatingMeasure();
        measure.Add(model.Predict, test);
        return measure.Rmse;
    }

    /// <summary>60 shoppers of two tastes, 20 products of two kinds: 5 stars where they match and 1 where they don't, every sixth rating held out.</summary>
    internal static TrainingData Tasteful(out RankingCases test)
    {
        var random = new Random(4);
        var start = new List<int> { 0 };
        var products = new List<int>();
        var stars = new List<float>();
        var cases = new List<RankingCase>();
        for (int s = 0; s < 60; s++)
        {
            int[] order = [.. Enumerable.Range(0, 20)];
            random.Shuffle(order);
            int[] held = order[..2], kept = order[2..12];
            products.AddRange(kept);
            stars.AddRange(kept.Select(Stars));
            start.Add(products.Count);
            cases.Add(new RankingCase(s, new Steps(kept) { Values = kept.Select(Stars).ToArray() }, held) { Ratings = held.Select(Stars).ToArray() });

            float Stars(int product) => product % 2 == s % 2 ? 5 : 1;
        }

        test = new RankingCases { Cases = cases, ExcludesHistory = true };
        return ItemKnnTests.RandomShop(seed: 1, out _) with
        {
            ProductCount = 20,
            Validation = test,
            Sequences = new Sequences
            {
                Start = [.. start],
                Product = [.. products],
                Kind = [.. products.Select(_ => InteractionKind.Rating)],
                At = [.. products.Select(_ => 0L)],
                Value = [.. stars],
                Owner = [.. Enumerable.Range(0, 60).Select(s => new SequenceOwner(true, s))],
            },
        };
    }

    private static float[] Draw(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
}
