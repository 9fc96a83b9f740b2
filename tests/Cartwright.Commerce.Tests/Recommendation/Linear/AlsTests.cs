using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class AlsTests
{
    [Fact]
    public void The_shopper_of_a_history_is_the_minimum_of_the_papers_objective()
    {
        var random = new Random(2);
        var options = new AlsOptions { FactorCount = 3, UnobservedWeight = 0.2f, Regularization = 0.05f };
        float[] y = [.. Enumerable.Range(0, 12 * 3).Select(_ => random.NextSingle() - 0.5f)];

        float[] x = new Als(options, y).ShopperOf(new[] { 7, 2, 7, 11 });

        double least = Loss([.. x.Select(value => (double)value)]);
        for (int f = 0; f < 3; f++)
        {
            foreach (double by in new[] { -0.01, 0.01 })
            {
                Assert.True(Loss([.. x.Select((value, at) => at == f ? value + by : value)]) > least);
            }
        }

        double Loss(double[] at)
        {
            double[] scores = [.. Enumerable.Range(0, 12).Select(i => Enumerable.Range(0, 3).Sum(f => at[f] * y[(i * 3) + f]))];
            return new[] { 2, 7, 11 }.Sum(i => (scores[i] - 1) * (scores[i] - 1)) + (0.2 * scores.Sum(s => s * s))
                + (0.05 * (3 + (0.2 * 12)) * at.Sum(v => v * v));
        }
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        string folder = Directory.CreateTempSubdirectory("cartwright-als-").FullName;
        TrainingData data = ItemKnnTests.RandomShop(seed: 4, out _);
        AlsTrainer.Fit(data.Sequences, data.ProductCount, new AlsOptions { Epochs = 1 }, 1, CancellationToken.None).Save(folder);
        string file = Path.Combine(folder, "model.safetensors");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^100]);

        Assert.Throws<ModelFormatException>(() => new AlsTrainer().Load(folder));
        Directory.Delete(folder, recursive: true);
    }
}
