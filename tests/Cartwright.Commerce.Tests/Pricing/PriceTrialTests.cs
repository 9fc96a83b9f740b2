using Cartwright.Commerce.Pricing;

namespace Cartwright.Commerce.Tests.Pricing;

public sealed class PriceTrialTests
{
    [Fact]
    public void Repricing_comes_near_the_oracle_and_beats_cost_plus()
    {
        SimulateResponse trial = new PriceTrial(new SimulateRequest { Products = 200, Shoppers = 4000, GuardrailRuns = 0 }).Run(null, default);

        Assert.InRange(trial.ShareOfOracle, 0.85, 1.02);
        Assert.InRange(trial.AboveCostPlus, 0.12, 1);
    }

    [Fact]
    public void No_guardrail_is_ever_broken()
    {
        (long proposals, long broken) = GuardrailTrial.Run(300, seed: 7, progress: null, default);

        Assert.True(proposals > 1000);
        Assert.Equal(0, broken);
    }

    [Fact]
    public void A_belief_finds_the_elasticity_that_sales_were_drawn_from()
    {
        var random = new Random(3);
        var belief = new PriceBelief(10, [Math.Log(20), PriceBeliefs.UsualElasticity, 0.3, 0.3], [0.5, 0.8, 0.2, 0.4]);
        for (int day = 0; day < 400; day++)
        {
            double price = 8 + (4 * random.NextDouble());
            belief.Observe(new SoldDay("p", price, null, MathF.Round((float)(30 * Math.Pow(price / 10, -1.4) + (random.NextDouble() - 0.5))), IsSoldOut: false), factor: 1);
        }

        Assert.InRange(belief.Elasticity, -1.55, -1.25);
        Assert.InRange(belief.ElasticityDeviation, 0.01, 0.15);
        Assert.InRange(belief.Units(10, null), 28, 32);
    }
}
