using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Tests.Evaluation;

public sealed class TopListTests
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(10), InlineData(100), InlineData(150)]
    public void Keeps_what_sorting_would_put_first_ties_by_number(int length)
    {
        var random = new Random(length);
        float[] scores = [.. Enumerable.Range(0, 100).Select(_ => (float)random.Next(20))];
        int[] products = new int[length];
        var list = new TopList(products, new float[length]);

        list.OfferAll(scores);

        list.Sort();
        Assert.Equal(Enumerable.Range(0, 100).OrderByDescending(p => scores[p]).ThenBy(p => p).Take(length), products[..list.Count]);
    }

    [Fact]
    public void Never_keeps_what_has_no_score()
    {
        int[] products = new int[3];
        var list = new TopList(products, new float[3]);

        list.Offer(0, float.NaN);
        list.Offer(1, float.NegativeInfinity);
        list.Offer(2, -5);

        Assert.Equal(1, list.Count);
        Assert.Equal(2, products[0]);
    }
}
