using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Tests.Evaluation;

public sealed class ListTraitsTests
{
    private const int Novelty = 0, Diversity = 1, PopularityBias = 2, Miscalibration = 3;

    // Products 0 and 1 are of kind 0, product 2 of kind 1, product 3 of both; nothing is known of product 4.
    private static readonly int[][] Values = [[0], [0], [1], [0, 1], []];

    private static readonly ListTraits Traits = new([7, 3, 1, 0, 0], product => Values[product]);

    [Fact]
    public void Novelty_is_the_mean_of_bits_that_a_draw_by_popularity_tells()
    {
        // (7 + 1) / 16 is one bit, (3 + 1) / 16 two.
        Assert.Equal(1.5, Of([0, 1], [2])[Novelty], 12);
    }

    [Fact]
    public void Diversity_is_what_two_listed_products_do_not_share()
    {
        // {0} and {0} share all, {0} and {1} nothing, {0} and {0, 1} a half.
        Assert.Equal(0, Of([0, 1], [2])[Diversity], 12);
        Assert.Equal(1, Of([0, 2], [2])[Diversity], 12);
        Assert.Equal((1 + 0.5 + 0.5) / 3, Of([0, 2, 3], [2])[Diversity], 12);
        Assert.Equal(1, Of([0, 4, 2], [2])[Diversity], 12);
    }

    [Fact]
    public void Popularity_bias_is_zero_where_the_list_is_as_popular_as_the_history()
    {
        Assert.Equal(0, Of([0, 1], [1, 0])[PopularityBias], 12);
        Assert.Equal(4, Of([0, 1], [2])[PopularityBias], 12);   // five steps each against one
    }

    [Fact]
    public void Miscalibration_is_zero_where_the_list_has_the_mix_of_the_history_and_grows_with_the_distance()
    {
        double same = Of([1, 2], [0, 2])[Miscalibration], near = Of([1, 1, 2], [0, 2])[Miscalibration], far = Of([0, 1], [0, 2])[Miscalibration];

        Assert.Equal(0, same, 12);
        Assert.True(near > 0 && far > near, $"{near}, {far}");
        // By hand: p = (1/2, 1/2), q = (1, 0): 0.5 ln(0.5 / 0.995) + 0.5 ln(0.5 / 0.005).
        Assert.Equal((0.5 * Math.Log(0.5 / 0.995)) + (0.5 * Math.Log(0.5 / 0.005)), far, 12);
    }

    [Fact]
    public void A_trait_that_can_not_be_told_is_no_number()
    {
        Assert.True(double.IsNaN(Of([4], [0])[Diversity]));
        Assert.True(double.IsNaN(Of([0], [])[PopularityBias]));
        Assert.True(double.IsNaN(Of([4], [0])[Miscalibration]));
    }

    private static double[] Of(int[] listed, int[] history)
    {
        double[] traits = new double[ListTraits.Names.Count];
        Traits.Measure(listed, history, traits);
        return traits;
    }
}
