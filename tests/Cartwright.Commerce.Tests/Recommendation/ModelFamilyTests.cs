using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation.Protocols;
using Cartwright.Commerce.Recommendation;
using Cartwright.Commerce.Runs;

namespace Cartwright.Commerce.Tests.Recommendation;

/// <summary>Checks that hold for every recommendation model. One that stands in <see cref="RecommendationModels.All"/> is checked.</summary>
public sealed class ModelFamilyTests
{
    private static readonly Steps[] Histories = [new[] { 0, 4, 7 }, new[] { 35 }, new[] { 12, 12, 3, 19 }];

    public static TheoryData<string> Models => [.. RecommendationModels.All.Select(model => model.Name)];

    [Fact]
    public void Every_trainer_stands_in_the_list()
    {
        IEnumerable<Type> trainers = typeof(IRecommendationTrainer).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IRecommendationTrainer)));

        Assert.Equal(trainers.OrderBy(type => type.Name), RecommendationModels.All.Select(trainer => trainer.GetType()).OrderBy(type => type.Name));
    }

    [Theory, MemberData(nameof(Models))]
    public void The_same_seed_gives_the_same_scores_to_the_bit(string model)
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 1, out _);

        IRecommendationModel first = Fit(model, data, epochs: 2), second = Fit(model, data, epochs: 2);

        Assert.Equal(Scores(first), Scores(second));
    }

    [Theory, MemberData(nameof(Models))]
    public void Gives_the_same_scores_after_it_was_saved_and_loaded(string model)
    {
        IRecommendationModel fitted = Fit(model, ItemKnnTests.RandomShop(seed: 2, out _), epochs: 2);
        string folder = Directory.CreateTempSubdirectory("cartwright-model-").FullName;

        fitted.Save(folder);
        IRecommendationModel loaded = RecommendationModels.Named(model).Load(folder);

        Assert.Equal((model, fitted.ProductCount, fitted.ParameterCount), (loaded.Name, loaded.ProductCount, loaded.ParameterCount));
        Assert.Equal(Scores(fitted), Scores(loaded));
        Directory.Delete(folder, recursive: true);
    }

    [Theory, MemberData(nameof(Models))]
    public void Scores_many_histories_as_it_scores_each(string model)
    {
        IRecommendationModel fitted = Fit(model, ItemKnnTests.RandomShop(seed: 3, out _), epochs: 2);
        float[] many = new float[Histories.Length * fitted.ProductCount];

        fitted.ScoreMany(Histories, many);

        float[] each = Scores(fitted);
        Assert.All(many.Zip(each), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    [Theory, MemberData(nameof(Models))]
    public void Is_not_worse_than_popularity_where_shoppers_have_tastes_and_better_where_it_looks_at_the_history(string model)
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 5, out RankingSplit split);

        double reached = ItemKnnTests.Ndcg(Fit(model, data, epochs: 60), split);

        double popularity = ItemKnnTests.Ndcg(Fit("popularity", data, epochs: 1), split);
        bool looksAtHistory = Fit(model, data, epochs: 1) is not Popularity;
        Assert.True(reached >= popularity * (looksAtHistory ? 1.2 : 0.8), $"{model} {reached}, popularity {popularity}");
    }

    [Theory, MemberData(nameof(Models))]
    public void Learns_once_more_with_what_it_chose_and_the_same_way_each_time(string model)
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 8, out _);
        TrainingData whole = data with { Sequences = ItemKnnTests.RandomShop(seed: 9, out _).Sequences, Validation = data.Validation with { Cases = [] } };
        IRecommendationModel chosen = Fit(model, data, epochs: 2);

        IRecommendationModel again = Refit(), twice = Refit();

        Assert.Equal((chosen.Name, chosen.ProductCount), (again.Name, again.ProductCount));
        Assert.Equal(Scores(again), Scores(twice));
        Assert.True(ReferenceEquals(again, chosen) || !Scores(again).SequenceEqual(Scores(chosen)), "the validation steps changed nothing");
        Assert.Equal(chosen.Card.Where(note => note.Key.StartsWith("weight", StringComparison.Ordinal)), again.Card.Where(note => note.Key.StartsWith("weight", StringComparison.Ordinal)));

        IRecommendationModel Refit() => RecommendationModels.Named(model).Refit(chosen, whole, new FitOptions { Seed = 7 }, null, CancellationToken.None);
    }

    [Fact]
    public void The_loss_of_sasrec_falls()
    {
        var losses = new List<double>();
        var progress = new Listener(report =>
        {
            if (report.Values.TryGetValue("loss", out double loss))
            {
                losses.Add(loss);
            }
        });

        RecommendationModels.Named("sasrec").Fit(ItemKnnTests.RandomShop(seed: 6, out _), new FitOptions { Epochs = 20 }, progress, CancellationToken.None);

        Assert.True(losses.Count >= 20);
        Assert.True(losses[^1] < 0.95 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    private static IRecommendationModel Fit(string model, TrainingData data, int epochs) =>
        RecommendationModels.Named(model).Fit(data, new FitOptions { Seed = 7, Epochs = epochs }, null, CancellationToken.None);

    private static float[] Scores(IRecommendationModel model) => [.. Histories.SelectMany(history =>
    {
        float[] scores = new float[model.ProductCount];
        model.Score(history, scores);
        return scores;
    })];

    private sealed class Listener(Action<RunProgress> heard) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => heard(value);
    }
}
