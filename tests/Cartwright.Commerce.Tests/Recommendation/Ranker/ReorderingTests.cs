using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation.Ranker;

public sealed class ReorderingTests
{
    [Theory]
    [InlineData(0.0, new[] { 0, 1, 2, 3 })]
    [InlineData(1.0, new[] { 2, 3, 0, 1 })]
    public void The_share_goes_from_the_generators_order_to_the_rankers(double share, int[] expected) =>
        Assert.Equal(expected, Reordering.Order([9, 5, 4, 1], [0.1f, -2, 3, 1], share));

    [Fact]
    public void Candidates_change_places_and_nobody_else_does()
    {
        var random = new Random(4);
        for (int trial = 0; trial < 200; trial++)
        {
            float[] scores = [.. Enumerable.Range(0, 40).Select(_ => (float)random.Next(12))];
            int[] pool = [.. Enumerable.Range(0, 40).OrderByDescending(p => scores[p]).ThenBy(p => p).Take(random.Next(1, 20))];
            float[] logits = [.. pool.Select(_ => random.NextSingle())];
            float[] dealt = [.. scores];

            Reordering.Deal(dealt, pool, Reordering.Order([.. pool.Select(p => scores[p])], logits, share: 1));

            int[] byLogit = [.. pool.Zip(logits).OrderByDescending(pair => pair.Second).Select(pair => pair.First)];
            Assert.Equal(byLogit, pool.OrderByDescending(p => dealt[p]));
            Assert.Equal(pool.Length, pool.Select(p => dealt[p]).Distinct().Count());
            Assert.All(Enumerable.Range(0, 40).Except(pool), p => Assert.Equal(scores[p], dealt[p]));
            Assert.True(pool.Max(p => dealt[p]) == pool.Max(p => scores[p]));
        }
    }

    [Fact]
    public void Takes_no_candidates_or_one()
    {
        float[] scores = [1, 2];

        Reordering.Deal(scores, [], Reordering.Order([], [], 1));
        Reordering.Deal(scores, [1], Reordering.Order([2], [0], 1));

        Assert.Equal([1, 2], scores);
    }
}
