namespace Cartwright.Commerce.Recommendation;

/// <summary>Draws products in proportion to a power of their counts.</summary>
internal sealed class ProductSampler
{
    private readonly double[] _ends;

    /// <param name="counts">By product; one that never came is never drawn, unless the power is 0.</param>
    /// <param name="exponent">0 draws all alike, 1 by popularity.</param>
    public ProductSampler(float[] counts, float exponent)
    {
        _ends = new double[counts.Length];
        double sum = 0;
        for (int p = 0; p < counts.Length; p++)
        {
            sum += Math.Pow(counts[p], exponent);
            _ends[p] = sum;
        }
    }

    public int[] Draw(int count, Random random)
    {
        int[] products = new int[count];
        for (int i = 0; i < count; i++)
        {
            int at = Array.BinarySearch(_ends, random.NextDouble() * _ends[^1]);
            products[i] = at >= 0 ? at + 1 : ~at;
        }

        return products;
    }
}
