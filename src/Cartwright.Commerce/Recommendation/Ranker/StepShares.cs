using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Recommendation;

/// <summary>How often each product was wanted, over the mean of all products.</summary>
internal static class StepShares
{
    /// <param name="steps">Steps of interest.</param>
    /// <param name="until">Microseconds since 1970; what came from then on does not count.</param>
    /// <returns>By product, 1 on the mean; zeros where nothing was done.</returns>
    public static float[] Of(Sequences steps, long until, int productCount)
    {
        float[] counts = new float[productCount];
        long all = 0;
        for (int step = 0; step < steps.StepCount; step++)
        {
            if (steps.At[step] < until)
            {
                counts[steps.Product[step]]++;
                all++;
            }
        }

        return all == 0 ? counts : Array.ConvertAll(counts, count => count * productCount / all);
    }
}
