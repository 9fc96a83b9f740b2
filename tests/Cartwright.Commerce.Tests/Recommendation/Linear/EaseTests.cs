using System.ComponentModel.DataAnnotations;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Formats;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class EaseTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    public void No_single_weight_can_be_moved_to_lower_what_the_paper_minimizes(double discount)
    {
        TrainingData data = WithStars(ItemKnnTests.RandomShop(seed: 1, out _));
        var options = new EaseOptions { Regularization = 5, Dropout = 0.4f, StarWeight = 0.1f, Closeness = 0, ActivityDiscount = (float)discount, ContentWeight = 0 };

        Ease model = Fit(data, options);

        // The slope of |X - X B|^2 + sum d_i |b_i|^2 by B_ij, j other than i, is -2 (X'(X - X B))_ij + 2 d_i B_ij.
        double[][] x = [.. Enumerable.Range(0, data.Sequences.Count).Select(s => Row(data.Sequences.StepsOf(s), data.ProductCount, options.StarWeight))];
        double mean = x.Average(row => row.Count(value => value != 0));
        x = [.. x.Select(row => (Row: row, Weight: Math.Pow(row.Count(value => value != 0) / mean, -discount / 2))).Select(of => of.Row.Select(value => value * of.Weight).ToArray())];
        double[][] b = [.. Enumerable.Range(0, data.ProductCount).Select(i => Similar(model, i))];
        double[][] left = [.. x.Select(row => row.Select((value, j) => value - Enumerable.Range(0, row.Length).Sum(i => row[i] * b[i][j])).ToArray())];
        for (int i = 0; i < data.ProductCount; i++)
        {
            double penalty = 5 + (0.4 / 0.6 * x.Sum(row => row[i] * row[i]));
            Assert.Equal(0, b[i][i]);
            for (int j = 0; j < data.ProductCount; j++)
            {
                double slope = -x.Zip(left, (row, rest) => row[i] * rest[j]).Sum() + (penalty * b[i][j]);
                Assert.True(i == j || Math.Abs(slope) < 1e-3, $"the slope at {i}, {j} is {slope}");
            }
        }
    }

    [Fact]
    public void Scores_a_history_by_the_weights_of_its_stars()
    {
        TrainingData data = WithStars(ItemKnnTests.RandomShop(seed: 2, out _));
        Ease model = Fit(data, new EaseOptions { StarWeight = 0.2f, ContentWeight = 0 });
        var history = new Steps(new[] { 4, 9, 4 }) { Values = new[] { 1f, 4f, 2f } };

        float[] scores = new float[data.ProductCount];
        model.Score(history, scores);

        double[] four = Similar(model, 4), nine = Similar(model, 9);      // the latest stars of 4 are 2, the mean of 2 and 4 is 3
        Assert.All(scores.Index(), pair => Assert.Equal((0.8 * four[pair.Index]) + (1.2 * nine[pair.Index]), pair.Item, 5));
    }

    [Fact]
    public void A_catalog_too_large_to_invert_is_refused_before_anything_is_computed()
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 3, out _) with { ProductCount = new EaseTrainer().MostProducts + 1 };

        var refused = Assert.Throws<ValidationException>(() => new EaseTrainer().Fit(data, new FitOptions(), null, CancellationToken.None));

        Assert.Contains("20,000", refused.Message, StringComparison.Ordinal);
        Assert.Contains("20,001", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        string folder = Directory.CreateTempSubdirectory("cartwright-ease-").FullName;
        Fit(ItemKnnTests.RandomShop(seed: 4, out _), new EaseOptions()).Save(folder);
        string file = Path.Combine(folder, "model.safetensors");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^100]);

        Assert.Throws<ModelFormatException>(() => new EaseTrainer().Load(folder));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The same steps with stars from 1 to 5 that follow from shopper and product.</summary>
    internal static TrainingData WithStars(TrainingData data) => data with
    {
        Sequences = new Sequences
        {
            Start = data.Sequences.Start,
            Product = data.Sequences.Product,
            Kind = data.Sequences.Kind,
            At = data.Sequences.At,
            Owner = data.Sequences.Owner,
            Value = [.. data.Sequences.Product.Select((product, step) => 1f + ((product * 7) + step) % 5)],
        },
    };

    private static Ease Fit(TrainingData data, EaseOptions options) =>
        EaseTrainer.Fit(data, options, new float[data.ProductCount * data.ProductCount], CancellationToken.None);

    private static double[] Similar(Ease model, int product)
    {
        float[] row = new float[model.ProductCount];
        model.ScoreSimilar(product, row);
        return [.. row.Select(value => (double)value)];
    }

    private static double[] Row(Steps steps, int productCount, double starWeight)
    {
        double[] row = new double[productCount];
        var latest = new Dictionary<int, double>();
        for (int i = 0; i < steps.Count; i++)
        {
            latest[steps.Products.Span[i]] = steps.Values.Span[i];
        }

        foreach ((int product, double stars) in latest)
        {
            row[product] = 1 + (starWeight * (stars - latest.Values.Average()));
        }

        return row;
    }
}
