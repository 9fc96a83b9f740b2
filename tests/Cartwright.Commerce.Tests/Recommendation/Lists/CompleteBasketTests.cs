using Cartwright.Commerce.Recommendation;

namespace Cartwright.Commerce.Tests.Recommendation;

public sealed class CompleteBasketTests
{
    private const int Products = 20_000;

    private readonly Baskets _baskets = new();

    public CompleteBasketTests()
    {
        var random = new Random(4);
        for (int b = 0; b < 3_000; b++)
        {
            int basket = _baskets.Open();
            int around = random.Next(200) * 100;
            for (int i = random.Next(1, 9); i > 0; i--)
            {
                _baskets.Add(basket, random.Next(10) == 0 ? random.Next(Products) : around + random.Next(30));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public void Scores_and_reasons_are_those_of_counts_of_every_product(int size)
    {
        int[] basket = BasketOf(size, seed: 1);

        IRanker ranker = new CompleteBasket(_baskets).Of(basket, [], Products, product => $"product {product}", product => $"p{product}");

        float[] scores = new float[Products];
        ranker.Score(default, scores);
        (float[] expected, int[][] together, int[] scanned) = Slowly(basket);
        BlendScales.Apply(BlendScale.Standard, expected);
        Assert.Equal(expected, scores);
        var counted = (CountedScores)ranker;
        for (int product = 0; product < Products; product++)
        {
            int best = Enumerable.Range(0, together.Length).Where(i => LiftOf(together[i][product], scanned[i], product) > 1)
                .OrderByDescending(i => LiftOf(together[i][product], scanned[i], product)).FirstOrDefault(-1);
            string? text = best < 0 ? null : $"goes with product {basket[^(best + 1)]}: {BoughtTogether.Words(together[best][product], scanned[best])}";
            Assert.Equal(text, counted.ReasonOf(product)?.Text);
        }
    }

    [Fact]
    public void A_large_basket_costs_no_more_memory_than_a_score_for_every_product_and_what_was_counted()
    {
        int[] basket = BasketOf(40, seed: 2);
        var complete = new CompleteBasket(_baskets);
        float[] own = new float[Products];
        complete.Of(basket, own, Products, _ => "", _ => "");

        long before = GC.GetAllocatedBytesForCurrentThread();
        complete.Of(basket, own, Products, _ => "", _ => "");
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, (sizeof(float) * Products) + 50_000);
    }

    private static int[] BasketOf(int size, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, size).Select(_ => (random.Next(200) * 100) + random.Next(30)).Distinct()];
    }

    /// <summary>The same with an array of counts of every product for each product of the basket.</summary>
    private (float[] Scores, int[][] Together, int[] Scanned) Slowly(int[] basket)
    {
        int asked = Math.Min(basket.Length, 40);
        float weight = asked == 0 ? 0 : (float)(1 / Math.Sqrt(asked));
        float[] scores = [.. Enumerable.Range(0, Products).Select(product => (float)Math.Log((_baskets.CountOf(product) + 0.5) / (_baskets.Count + 1)))];
        int[][] together = [.. Enumerable.Range(0, asked).Select(_ => new int[Products])];
        int[] scanned = new int[asked];
        for (int i = 0; i < asked; i++)
        {
            scanned[i] = _baskets.CountTogether(basket[^(i + 1)], Math.Min(Baskets.MostScanned, 20_000 / asked), together[i]);
            for (int product = 0; product < Products; product++)
            {
                scores[product] += _baskets.CountOf(product) > 0 ? weight * (float)Math.Log(LiftOf(together[i][product], scanned[i], product)) : 0;
            }
        }

        return (scores, together, scanned);
    }

    private double LiftOf(int together, int scanned, int product) => Association.Lift(together, (double)scanned * _baskets.CountOf(product) / Math.Max(1, _baskets.Count));
}
