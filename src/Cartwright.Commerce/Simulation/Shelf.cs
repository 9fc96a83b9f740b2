namespace Cartwright.Commerce.Simulation;

/// <summary>The list of a category's products that the shop shows, in an order of its own.</summary>
internal sealed class Shelf(ShopWorld world, Market market, Random random)
{
    private readonly double[] _scores = new double[world.LeafProducts.Max(products => products.Length)];
    private readonly int[] _products = new int[world.LeafProducts.Max(products => products.Length)];

    /// <summary>Products on the list, best place first.</summary>
    public ReadOnlySpan<int> Products => _products.AsSpan(0, Length);

    public int Length { get; private set; }

    /// <summary>Orders by what is popular, what matches the words, what is new, what is in stock, and chance; the shop knows no taste.</summary>
    /// <param name="query">Index of what was searched, or -1.</param>
    public void Arrange(int leaf, int query, int day)
    {
        Length = 0;
        foreach (int p in world.LeafProducts[leaf])
        {
            if (!market.IsSold(p, day))
            {
                continue;
            }

            SimulatedProduct product = world.Products[p];
            double score = Math.Log(product.Popularity) + (0.7 * random.Gumbel())
                + (query < 0 ? 0 : 1.5 * world.Queries[query].Grade(product))
                + (day - product.LaunchDay < 30 ? 0.5 : 0)
                - (market.Stock[p] == 0 ? 4 : 0);
            _scores[Length] = -score;
            _products[Length++] = p;
        }

        Array.Sort(_scores, _products, 0, Length);
    }
}
