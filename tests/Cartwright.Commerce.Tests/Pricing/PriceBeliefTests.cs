using Cartwright.Commerce.Pricing;

namespace Cartwright.Commerce.Tests.Pricing;

public sealed class PriceBeliefTests
{
    [Fact]
    public void A_promotion_teaches_what_promotions_do_and_leaves_the_regular_price_alone()
    {
        PriceBelief told = Sold(isTold: true);
        PriceBelief untold = Sold(isTold: false);

        Assert.InRange(told.Units(10, null), 9.5, 10.5);
        Assert.InRange(told.Elasticity, -3.2, -1.8);                          // sold at -2, and promotions double it besides
        Assert.True(untold.Elasticity < -3.8, $"{untold.Elasticity}: without the word, the low price gets the promotion's merit.");
        Assert.InRange(told.Units(8, null, promoted: 1), 28, 34);
    }

    [Fact]
    public void A_week_teaches_what_its_days_would()
    {
        PriceBelief days = Belief();
        PriceBelief weeks = Belief();
        for (int week = 0; week < 50; week++)
        {
            double price = 9 + (week % 3);
            for (int day = 0; day < 7; day++)
            {
                days.Observe(new SoldDay("p", price, null, 12, IsSoldOut: false), factor: 1);
            }

            weeks.Observe(new SoldDay("p", price, null, 84, IsSoldOut: false, Days: 7), factor: 1);
        }

        Assert.Equal(days.Units(10, null), weeks.Units(10, null), 0.1);
        Assert.Equal(days.Elasticity, weeks.Elasticity, 0.05);
        Assert.Equal(days.ElasticityDeviation, weeks.ElasticityDeviation, 0.02);
    }

    private static PriceBelief Sold(bool isTold)
    {
        PriceBelief belief = Belief();
        for (int day = 0; day < 200; day++)
        {
            bool isPromoted = day % 10 < 2;
            double price = isPromoted ? 8 : 10;
            double units = 10 * Math.Pow(price / 10, -2) * (isPromoted ? 2 : 1);
            belief.Observe(new SoldDay("p", price, null, units, IsSoldOut: false, isPromoted && isTold ? 1 : 0), factor: 1);
        }

        return belief;
    }

    private static PriceBelief Belief() => new(10, [Math.Log(10), PriceBeliefs.UsualElasticity, 0.3, 0.3], [0.7, 0.8, 0.2, 0.4]);
}
