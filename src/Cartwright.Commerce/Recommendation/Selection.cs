using System.Numerics;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Evaluation;

namespace Cartwright.Commerce.Recommendation;

/// <summary>Takes the best products that a request allows, out of a score for every product.</summary>
/// <remarks>A product's own record is looked at only when its score would make the list.</remarks>
internal static class Selection
{
    /// <param name="count">Products to take, at most; 1,000 or less.</param>
    /// <param name="scores">By live index; negative infinity keeps a product out.</param>
    public static IReadOnlyList<(int Product, float Score)> Take(AllowedProducts allowed, int count, ReadOnlySpan<float> scores)
    {
        Span<int> products = stackalloc int[count];
        Span<float> best = stackalloc float[count];
        var list = new TopList(products, best);
        float threshold = float.NegativeInfinity;
        int width = Vector<float>.Count;
        for (int block = 0; block < scores.Length; block += width)
        {
            if (block <= scores.Length - width && !Vector.GreaterThanAny(new Vector<float>(scores[block..]), new Vector<float>(threshold)))
            {
                continue;
            }

            int end = Math.Min(block + width, scores.Length);
            for (int product = block; product < end; product++)
            {
                if (scores[product] > threshold && allowed.Allows(product))
                {
                    list.Offer(product, scores[product]);
                    threshold = list.Threshold;
                }
            }
        }

        list.Sort();
        var taken = new (int, float)[list.Count];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = (products[i], best[i]);
        }

        return taken;
    }
}
