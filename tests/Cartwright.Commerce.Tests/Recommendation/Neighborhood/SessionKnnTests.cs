using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Formats;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class SessionKnnTests
{
    [Fact]
    public void Scores_as_the_formula_says()
    {
        var options = new SessionKnnOptions { HistoryReach = 1.5f, AgeReach = 0.7f, PlaceReach = 2, RarityPower = 1, RepeatWeight = 0.5f, NeighborCount = 1000 };
        int[] history = [3, 8, 3, 11];
        var sessions = Sessions(options);
        float[] scores = new float[sessions.ProductCount];

        new SessionKnn(options, sessions).Score(history, scores);

        for (int j = 0; j < scores.Length; j++)
        {
            double expected = 0;
            for (int n = 0; n < sessions.Count; n++)
            {
                int[] session = sessions.Of(n).ToArray();
                int[] shared = [.. history.Reverse().Distinct().Where(session.Contains)];
                if (shared.Length == 0 || !session.Contains(j))
                {
                    continue;
                }

                double like = shared.Sum(i => Math.Exp((Array.LastIndexOf(history, i) + 1 - history.Length) / 1.5) * Rarity(i))
                    / Math.Sqrt(history.Length * session.Length);
                double age = (sessions.Count - 1.0 - n) / sessions.Count;
                int apart = Math.Abs(Array.LastIndexOf(session, j) - Array.LastIndexOf(session, shared[0]));
                expected += like * Math.Exp(-age / 0.7) * Math.Exp(-apart / 2.0);
            }

            Assert.Equal(expected * (history.Contains(j) ? 0.5 : 1), scores[j], 1e-4 * (1 + expected));
        }

        double Rarity(int product) => Math.Log((sessions.Count + 1.0) / (sessions.With(product).Length + 0.5));
    }

    [Fact]
    public void Takes_the_nearest_sessions_only()
    {
        var options = new SessionKnnOptions { NeighborCount = 1, HistoryReach = 1e9f };
        KnownSessions sessions = Sessions(options);
        int[] alone = sessions.Of(17).ToArray();
        float[] scores = new float[sessions.ProductCount];

        new SessionKnn(options, sessions).Score(alone, scores);

        Assert.Equal(alone.Order(), Enumerable.Range(0, scores.Length).Where(p => scores[p] > 1e-6f));
    }

    [Fact]
    public void Has_no_answer_of_its_own_for_products_that_no_session_has()
    {
        Snapshot shop = new TinyShop().Products("a", "b", "c", "z").Shopper("ann", "abca").Shopper("bob", "abcab").Snapshot();
        IRecommendationModel model = RecommendationModels.Named("session-knn").Fit(ItemKnnTests.Data(shop), new FitOptions(), null, CancellationToken.None);

        Assert.False(model.CanScore(default));
        Assert.False(model.CanScore(new[] { 3 }));
        Assert.True(model.CanScore(new[] { 3, 0 }));
    }

    [Fact]
    public void A_file_whose_sessions_do_not_add_up_is_refused()
    {
        string folder = Directory.CreateTempSubdirectory("cartwright-model-").FullName;
        new SessionKnn(new SessionKnnOptions(), Sessions(new SessionKnnOptions())).Save(folder);
        string path = Path.Combine(folder, "model.safetensors");
        SafetensorsContent content = Safetensors.Read(path);
        float[] lengths = content.Tensors["lengths"].ToArray();
        lengths[0]++;
        Safetensors.Write(path, new Dictionary<string, Tensor>(content.Tensors) { ["lengths"] = Tensor.From(lengths, lengths.Length) },
            new Dictionary<string, string>(content.Metadata));

        Assert.Throws<ModelFormatException>(() => RecommendationModels.Named("session-knn").Load(folder));

        Directory.Delete(folder, recursive: true);
    }

    private static KnownSessions Sessions(SessionKnnOptions options) =>
        KnownSessions.Of(ItemKnnTests.RandomShop(seed: 1, out _), options.MaxLength, options.SampleCount);
}
