using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Layers;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class MultVaeTests
{
    private static readonly MultVaeOptions Options = new() { ProductCount = 5, HiddenSize = 4, CodeSize = 3, Dropout = 0 };
    private static readonly int[][] Bags = [[0, 2, 3], [4]];

    [Fact]
    public void A_bag_is_read_as_a_row_of_length_1()
    {
        MultVae network = new(Options, new Random(1));

        (Tensor mean, Tensor logVariance) = network.Encode([0, 2, 3, 4], [0, 3, 4], [1 / MathF.Sqrt(3), 1]);

        for (int bag = 0; bag < Bags.Length; bag++)
        {
            double[] code = Code(network, Bags[bag]);
            for (int i = 0; i < Options.CodeSize; i++)
            {
                Assert.Equal(code[i], mean.Values[(bag * Options.CodeSize) + i], 1e-5);
                Assert.Equal(code[Options.CodeSize + i], logVariance.Values[(bag * Options.CodeSize) + i], 1e-5);
            }
        }
    }

    [Fact]
    public void The_loss_is_the_papers()
    {
        const float Weight = 0.3f;
        MultVae network = new(Options, new Random(1));

        float found = network.Loss(Bags, Weight, new Random(2)).Item();

        var random = new Random(2);
        foreach (int _ in Bags.SelectMany(bag => bag))
        {
            random.NextSingle();                                 // whether each product is dropped
        }

        float[] noise = Initialize.Normal(random, 1, Bags.Length, Options.CodeSize).ToArray();
        double expected = 0;
        for (int bag = 0; bag < Bags.Length; bag++)
        {
            double[] code = Code(network, Bags[bag]);
            float[] drawn = new float[Options.CodeSize];
            for (int i = 0; i < drawn.Length; i++)
            {
                double variance = Math.Exp(code[Options.CodeSize + i]);
                drawn[i] = (float)(code[i] + (Math.Sqrt(variance) * noise[(bag * Options.CodeSize) + i]));
                expected += Weight * (variance + (code[i] * code[i]) - 1 - code[Options.CodeSize + i]) / 2;
            }

            float[] logits = network.Decode(Tensor.From(drawn, 1, drawn.Length)).ToArray();
            expected -= Bags[bag].Sum(product => logits[product] - Math.Log(logits.Sum(logit => Math.Exp(logit))));
        }

        Assert.Equal(expected / Bags.Length, found, 1e-5);
    }

    [Fact]
    public void Drops_products_in_training_and_lets_the_others_count_for_them()
    {
        MultVae network = new(Options with { Dropout = 0.5f }, new Random(1));
        int[][] bags = [[0, 1, 2, 3, 4]];

        float[] losses = [.. Enumerable.Range(0, 20).Select(seed => network.Loss(bags, 0, new Random(seed)).Item())];

        Assert.True(losses.Distinct().Count() > 10);
        Assert.All(losses, loss => Assert.True(float.IsFinite(loss)));
    }

    [Fact]
    public void The_card_says_where_the_divergence_stopped_rising()
    {
        TrainingData data = ItemKnnTests.RandomShop(seed: 4, out _);

        IRecommendationModel model = new MultVaeTrainer { AnnealingEpochs = 10 }.Fit(data, new FitOptions { Epochs = 5 }, null, CancellationToken.None);

        float weight = float.Parse(model.Card["divergenceWeight"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(weight, 0.1f, 0.5f);
    }

    /// <summary>Mean and log variance of a bag's code, from the weights, product by product.</summary>
    private static double[] Code(MultVae network, int[] bag)
    {
        Dictionary<string, float[]> weights = network.State().ToDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal);
        double[] hidden = [.. Enumerable.Range(0, Options.HiddenSize).Select(h => Math.Tanh(
            weights["bias"][h] + (bag.Sum(product => weights["products.weight"][(product * Options.HiddenSize) + h]) / Math.Sqrt(bag.Length))))];
        return [.. Enumerable.Range(0, 2 * Options.CodeSize).Select(c =>
            weights["code.bias"][c] + hidden.Select((value, h) => value * weights["code.weight"][(c * Options.HiddenSize) + h]).Sum())];
    }
}
