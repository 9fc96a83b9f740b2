using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class BprTests
{
    [Fact]
    public void Scores_by_the_normalized_sum_of_the_distinct_products_of_a_history()
    {
        var model = new Bpr(new BprOptions { FactorCount = 2 }, vectors: [1, 0, 0, 1, 1, 1], parts: [2, 0, 0, 4, 9, 9], biases: [0.5f, 0, -1]);
        float[] scores = new float[3];

        model.Score(new[] { 1, 0, 1 }, scores);

        double root = Math.Sqrt(2);
        Assert.Equal(0.5 + (2 / root), scores[0], 5);
        Assert.Equal(4 / root, scores[1], 5);
        Assert.Equal(-1 + (6 / root), scores[2], 5);
    }

    [Fact]
    public void The_loss_falls()
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 6, out _);
        var ascent = new BprAscent(data.Sequences, data.ProductCount, new BprOptions(), seed: 1);

        double first = ascent.Pass();
        double last = Enumerable.Range(0, 20).Select(_ => ascent.Pass()).Last();

        Assert.InRange(first, 0.4, 0.8);                             // near ln 2, where nothing is known
        Assert.True(last < 0.8 * first, $"from {first} to {last}");
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        string folder = Directory.CreateTempSubdirectory("cartwright-bpr-").FullName;
        new Bpr(new BprOptions { FactorCount = 2 }, new float[6], new float[6], new float[3]).Save(folder);
        string file = Path.Combine(folder, "model.safetensors");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^5]);

        Assert.Throws<ModelFormatException>(() => new BprTrainer().Load(folder));
        Directory.Delete(folder, recursive: true);
    }
}
