using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class PopularityTests
{
    [Fact]
    public void Scores_a_product_by_the_steps_about_it_in_the_training_part()
    {
        TrainingData data = ItemKnnTests.Data(new TinyShop().Shopper("ann", "abcd").Shopper("bob", "bcda").Shopper("eve", "bb").Snapshot());

        IRecommendationModel model = new PopularityTrainer().Fit(data, new FitOptions(), null, CancellationToken.None);

        float[] scores = new float[4];
        model.Score(default, scores);
        Assert.Equal([1f, 4f, 1f, 0f], scores);                  // the last two steps of ann and of bob are held out
    }

    [Fact]
    public void Recent_popularity_takes_the_window_that_validates_best()
    {
        // For long everybody had thirty of a to m; lately people have some of w to z.
        var tiny = new TinyShop();
        for (int s = 0; s < 50; s++)
        {
            tiny.Shopper($"old{s}", "abcdefghijklmabcdefghijklmabcd", from: s);
        }

        for (int s = 0; s < 40; s++)
        {
            tiny.Shopper($"new{s}", "wxyzwxyz".Substring(s % 4, 4), from: 10_000 + s);
        }

        TrainingData data = ItemKnnTests.Data(tiny.Snapshot());

        IRecommendationModel model = new RecentPopularityTrainer().Fit(data, new FitOptions(), null, CancellationToken.None);

        Assert.True(double.Parse(model.Card["windowShare"], System.Globalization.CultureInfo.InvariantCulture) < 1);
    }

    [Fact]
    public void A_window_counts_the_newest_steps_and_orders_equals_by_all_steps()
    {
        float[] scores = RecentPopularityTrainer.Scores([0, 1, 2, 2, 2, 2, 2, 2, 2, 1], share: 0.2, productCount: 4);

        Assert.True(scores[1] > scores[0]);                      // one each in the window, but 1 has more in all
        Assert.True(scores[0] > scores[2]);
        Assert.Equal(0, scores[3]);
    }
}
