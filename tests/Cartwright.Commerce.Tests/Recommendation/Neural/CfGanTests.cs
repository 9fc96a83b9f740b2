using Cartwright.Commerce.Recommendation;
using Cartwright.Learning.Tensors;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class CfGanTests
{
    private static readonly CfGanOptions Options = new()
    {
        ProductCount = 5, GeneratorSize = 4, DiscriminatorSize = 3, ZeroShare = 1, MaskShare = 1, ZeroWeight = 0.5f, Dropout = 0,
    };

    private static readonly int[][] Bags = [[0, 2, 3], [4]];

    [Fact]
    public void The_losses_are_the_papers_where_all_products_are_seen()
    {
        CfGan network = new(Options, new Random(1));
        var bags = ProductBags.Joined(Bags);

        float discriminator = network.DiscriminatorLoss(bags, new Random(2)).Item();
        float generator = network.GeneratorLoss(bags, new Random(2)).Item();

        double expectedDiscriminator = 0, expectedGenerator = 0, squares = 0;
        for (int bag = 0; bag < Bags.Length; bag++)
        {
            double[] made = Made(network, bag);
            double verdict = Verdict(network, made, Bags[bag]);
            double[] own = [.. Enumerable.Range(0, Options.ProductCount).Select(product => Bags[bag].Contains(product) ? 1d : 0d)];
            expectedDiscriminator += (Softplus(-Verdict(network, own, Bags[bag])) + Softplus(verdict)) / 2;
            expectedGenerator += Softplus(-verdict) / 2;
            squares += made.Where((_, product) => !Bags[bag].Contains(product)).Sum(value => value * value);
        }

        Assert.Equal(expectedDiscriminator, discriminator, 1e-5);
        Assert.Equal(expectedGenerator + (Options.ZeroWeight * squares / 6), generator, 1e-5);
    }

    [Fact]
    public void Each_side_learns_in_its_own_turn_alone()
    {
        CfGan network = new(Options, new Random(1));
        string[] ofGenerator = ["products.weight", "bias", "vectors.weight", "biases.weight"];

        network.DiscriminatorLoss(ProductBags.Joined(Bags), new Random(2)).Backward();
        string[] learnedFirst = [.. Learned(network)];
        network.ClearGradients();
        network.GeneratorLoss(ProductBags.Joined(Bags), new Random(2)).Backward();
        string[] learnedSecond = [.. Learned(network)];

        Assert.Equal(ofGenerator, learnedSecond);
        Assert.Equal(network.State().Select(p => p.Key).Except(ofGenerator), learnedFirst);
    }

    [Fact]
    public void What_the_mask_hides_the_discriminator_does_not_see()
    {
        CfGan network = new(Options with { MaskShare = 0, ZeroShare = 0 }, new Random(1));

        float generator = network.GeneratorLoss(ProductBags.Joined(Bags), new Random(2)).Item();

        double expected = Enumerable.Range(0, Bags.Length).Sum(bag =>
            Softplus(-Verdict(network, [.. Made(network, bag).Select((value, product) => Bags[bag].Contains(product) ? value : 0)], Bags[bag])) / 2);
        Assert.Equal(expected, generator, 1e-5);
    }

    private static IEnumerable<string> Learned(CfGan network) =>
        network.Parameters().Where(p => p.Value.Gradient.ContainsAnyExcept(0)).Select(p => p.Key);

    private static double[] Made(CfGan network, int bag) => [.. network.Generate(ProductBags.Joined([Bags[bag]])).ToArray().Select(value => (double)value)];

    /// <summary>The discriminator's logit from its weights, number by number.</summary>
    private static double Verdict(CfGan network, double[] vector, int[] bag)
    {
        Dictionary<string, float[]> weights = network.State().ToDictionary(p => p.Key, p => p.Value.ToArray(), StringComparer.Ordinal);
        int size = Options.DiscriminatorSize;
        return weights["verdict.bias"][0] + Enumerable.Range(0, size).Sum(h => weights["verdict.weight"][h] / (1 + Math.Exp(-(
            weights["seen_bias"][h] + vector.Select((value, product) => value * weights["seen.weight"][(product * size) + h]).Sum()
            + (bag.Sum(product => weights["condition.weight"][(product * size) + h]) / Math.Sqrt(bag.Length))))));
    }

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));
}
