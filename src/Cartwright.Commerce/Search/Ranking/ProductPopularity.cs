using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Search;

/// <summary>How often shoppers turned to each product.</summary>
internal static class ProductPopularity
{
    /// <summary>ln(1 + views, clicks, carts and purchases) of each product, by dense index; 0 for those that came later.</summary>
    public static float[] Of(Snapshot shop, int productCount)
    {
        float[] counts = new float[productCount];
        InteractionColumns rows = shop.Interactions;
        for (int row = 0; row < rows.Count; row++)
        {
            if (rows.Product[row] is >= 0 and int product && product < productCount
                && rows.Kind[row] is InteractionKind.View or InteractionKind.Click or InteractionKind.Cart or InteractionKind.Purchase)
            {
                counts[product]++;
            }
        }

        return Array.ConvertAll(counts, count => MathF.Log(1 + count));
    }
}
