using Cartwright.Commerce.Search;

namespace Cartwright.Commerce.Tests.Search;

public sealed class TrafficAllocationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public void No_product_moves_further_than_the_bound_and_each_stands_once(int mostMove)
    {
        // The ranking has the worst first, so that every draw pulls as hard as it can.
        ValueBelief[] beliefs = [.. Enumerable.Range(0, 12).Select(i => new ValueBelief(1 + i, 12 - i))];
        var allocation = new TrafficAllocation(beliefs, mostMove);
        var random = new Random(1);

        for (int draw = 0; draw < 500; draw++)
        {
            int[] order = allocation.Draw(random).Order;
            Assert.Equal(Enumerable.Range(0, 12), order.Order());
            Assert.All(order.Select((product, place) => Math.Abs(product - place)), move => Assert.True(move <= mostMove, $"moved by {move}"));
        }
    }

    [Fact]
    public void Propensities_are_the_shares_of_draws_and_sum_to_1_both_ways()
    {
        var allocation = new TrafficAllocation([new ValueBelief(2, 8), new ValueBelief(3, 7), new ValueBelief(1, 1)], mostMove: 2);

        double[,] shares = allocation.Propensities(new Random(2));

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(1, Enumerable.Range(0, 3).Sum(j => shares[i, j]), 9);
            Assert.Equal(1, Enumerable.Range(0, 3).Sum(j => shares[j, i]), 9);
        }

        var random = new Random(3);
        double first = Enumerable.Range(0, 4_000).Average(_ => allocation.Draw(random).Order[0] == 2 ? 1.0 : 0);
        Assert.Equal(first, shares[2, 0], 0.08);
    }

    [Fact]
    public void Regret_falls_as_clicks_come_in_and_ends_below_that_of_the_ranking()
    {
        // A ranking with the best product third: within the bound of two places, but a fixed order never finds out.
        double[] values = [0.10, 0.12, 0.30, 0.08, 0.15, 0.05];
        double[] looks = [1, 0.6, 0.4, 0.3, 0.2, 0.15];
        const int MostMove = 2, Days = 20, Pages = 300;
        double best = Enumerable.Range(0, 6).Select(i => values.OrderDescending().ElementAt(i) * looks[i]).Sum();
        double ranked = values.Zip(looks, (value, look) => value * look).Sum();
        var random = new Random(4);
        var clicks = Enumerable.Repeat(0.8, 6).ToArray();
        var skips = Enumerable.Repeat(7.2, 6).ToArray();
        var regrets = new List<double>();
        for (int day = 0; day < Days; day++)
        {
            double earned = 0;
            for (int page = 0; page < Pages; page++)
            {
                var allocation = new TrafficAllocation([.. clicks.Zip(skips, (c, s) => new ValueBelief(c, s))], MostMove);
                int[] order = allocation.Draw(random).Order;
                for (int place = 0; place < 6; place++)
                {
                    earned += values[order[place]] * looks[place];
                    if (random.NextDouble() < looks[place])
                    {
                        bool isClicked = random.NextDouble() < values[order[place]];
                        clicks[order[place]] += isClicked ? 1 : 0;
                        skips[order[place]] += isClicked ? 0 : 1;
                    }
                }
            }

            regrets.Add(best - (earned / Pages));
        }

        Assert.True(regrets[^5..].Average() < regrets[0] / 2, $"{regrets[0]} to {regrets[^5..].Average()}");
        Assert.True(regrets[^5..].Average() < (best - ranked) / 3, $"{regrets[^5..].Average()} against {best - ranked} of the ranking");
    }

    [Fact]
    public void A_query_nobody_searched_has_the_value_of_any_product()
    {
        (ValueBelief[] beliefs, int pages) = QueryValues.Of(DrawnClicks.ByPosition(2_000, seed: 5), "q0", ["p0", "p11", "stranger"], CancellationToken.None);

        Assert.True(pages > 900);
        Assert.True(beliefs[0].Mean < beliefs[2].Mean && beliefs[2].Mean < beliefs[1].Mean);
        Assert.True(beliefs[2].Quantile(0.95) - beliefs[2].Quantile(0.05) > 2 * (beliefs[1].Quantile(0.95) - beliefs[1].Quantile(0.05)));
    }
}
