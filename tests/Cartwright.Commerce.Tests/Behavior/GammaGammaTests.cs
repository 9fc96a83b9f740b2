using Cartwright.Commerce.Behavior;

namespace Cartwright.Commerce.Tests.Behavior;

public sealed class GammaGammaTests
{
    // Fader and Hardie 2013, section 4: the parameters for the CDNOW sample.
    private static readonly GammaGamma Published = new(6.25, 3.74, 15.44);

    [Fact]
    public void Draws_a_mean_of_few_purchases_toward_that_of_all()
    {
        double all = 6.25 * 15.44 / 2.74;

        Assert.Equal(all, Published.ExpectedValue(0, 0), 1e-9);
        Assert.InRange(Published.ExpectedValue(1, 100), all, 100);
        Assert.InRange(Published.ExpectedValue(50, 100), 98, 100);
    }

    [Fact]
    public void Finds_again_what_spending_was_drawn_from()
    {
        var random = new Random(3);
        (int, double)[] spenders = [.. Enumerable.Range(0, 4_000).Select(_ =>
        {
            double rate = Gamma(random, 4, 20);
            int repeats = random.Next(1, 8);
            return (repeats, Enumerable.Range(0, repeats).Average(_ => Gamma(random, 6, rate)));
        })];

        GammaGamma found = GammaGamma.Fit(spenders);

        Assert.InRange(found.P, 5.4, 6.6);
        Assert.InRange(found.Q, 3.6, 4.4);
        Assert.InRange(found.Gamma, 17.5, 22.5);
    }

    private static double Gamma(Random random, double shape, double rate) => MathNet.Numerics.Distributions.Gamma.Sample(random, shape, rate);
}
