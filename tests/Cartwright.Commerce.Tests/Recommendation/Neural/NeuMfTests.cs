using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class NeuMfTests
{
    private static readonly NeuMfOptions Options = new() { ProductCount = 4, FactorCount = 3, HiddenSize = 4, LayerCount = 2, Dropout = 0, NegativeCount = 1 };

    [Fact]
    public void A_logit_is_the_papers_with_the_sum_of_the_historys_vectors_as_shopper()
    {
        NeuMf network = new(Options, new Random(1));
        int[] history = [3, 0, 3];

        float[] found = Logits(network, history);

        for (int product = 0; product < Options.ProductCount; product++)
        {
            Assert.Equal(Logit(network, [0, 3], product), found[product], 1e-5);
        }
    }

    [Fact]
    public void The_loss_asks_for_each_product_after_the_others_alone()
    {
        NeuMf network = new(Options, new Random(1));
        int[][] bags = [[0, 1, 3], [0, 2, 3]];
        int[] onlyStrangers = [2, 1];

        float found = network.Loss(bags, targetCount: 10, new Random(2)).Item();

        double expected = 0;
        for (int bag = 0; bag < bags.Length; bag++)
        {
            foreach (int target in bags[bag])
            {
                int[] others = [.. bags[bag].Where(product => product != target)];
                expected += Softplus(-Logit(network, others, target)) + Softplus(Logit(network, others, onlyStrangers[bag]));
            }
        }

        Assert.Equal(expected / 12, found, 1e-5);
    }

    [Fact]
    public void Asks_for_no_more_products_of_a_shopper_than_it_is_told()
    {
        NeuMf network = new(Options with { ProductCount = 50 }, new Random(1));
        int[][] bags = [[.. Enumerable.Range(0, 40)]];

        float[] losses = [.. Enumerable.Range(0, 5).Select(seed => network.Loss(bags, targetCount: 2, new Random(seed)).Item())];

        Assert.Equal(5, losses.Distinct().Count());
    }

    private static float[] Logits(NeuMf network, int[] history)
    {
        (Tensor factors, Tensor hidden) = network.Read(network.ProductVectors);
        return network.Forward(network.Shoppers(ProductBags.Of([(Steps)history])), factors, hidden).ToArray();
    }

    /// <summary>From the weights, number by number.</summary>
    private static double Logit(NeuMf network, int[] bag, int product)
    {
        Dictionary<string, float[]> weights = network.State().ToDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal);
        (int factors, int hidden) = (Options.FactorCount, Options.HiddenSize);
        int size = factors + hidden;
        double[] shopper = [.. Enumerable.Range(0, size).Select(i => bag.Sum(p => weights["tastes.weight"][(p * size) + i]) / Math.Sqrt(bag.Length))];
        double[] item = [.. Enumerable.Range(0, size).Select(i => (double)weights["products.weight"][(product * size) + i])];
        double[] first = [.. Enumerable.Range(0, hidden).Select(o => Math.Max(0, weights["of_product.bias"][o] + Enumerable.Range(0, hidden).Sum(i =>
            (weights["of_shopper.weight"][(o * hidden) + i] * shopper[factors + i]) + (weights["of_product.weight"][(o * hidden) + i] * item[factors + i]))))];
        double[] second = [.. Enumerable.Range(0, hidden / 2).Select(o =>
            Math.Max(0, weights["layers.0.bias"][o] + Enumerable.Range(0, hidden).Sum(i => weights["layers.0.weight"][(o * hidden) + i] * first[i])))];
        double[] last = [.. Enumerable.Range(0, factors).Select(i => shopper[i] * item[i]), .. second];
        return weights["output.bias"][0] + last.Select((value, i) => value * weights["output.weight"][i]).Sum();
    }

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));
}
