namespace Cartwright.Commerce.Search;

/// <summary>A query and products to be put into order for it: the first that the index found, and any that were asked for besides.</summary>
internal sealed class RankList
{
    /// <summary>Numbers of each product: those of <see cref="RankFeatures"/>, and each beside the same of the first products found.</summary>
    public static int Width => 2 * RankFeatures.Count;

    private const float MostDeviations = 4;

    private readonly float[] _raw;
    private readonly float[] _mean;
    private readonly float[] _deviation;

    /// <param name="products">Dense indexes; the index's own first, best first.</param>
    /// <param name="foundCount">How many of them the index found.</param>
    /// <param name="raw">[products, <see cref="RankFeatures.Count"/>]</param>
    /// <param name="comparedCount">Of how many found products the others are seen beside.</param>
    public RankList(RankQueryView view, int[] products, int foundCount, float[] indexScores, float[] raw, int comparedCount)
    {
        View = view;
        Products = products;
        FoundCount = foundCount;
        IndexScores = indexScores;
        _raw = raw;
        (_mean, _deviation) = Spread(raw, Math.Min(comparedCount, foundCount));
        Grades = new float[products.Length];
        Array.Fill(Grades, float.NaN);
    }

    public RankQueryView View { get; }

    public int[] Products { get; }

    public int FoundCount { get; }

    /// <summary>0 for products that the index did not find.</summary>
    public float[] IndexScores { get; }

    /// <summary>As somebody judged each product for the query; NaN where nobody did.</summary>
    public float[] Grades { get; }

    public int Count => Products.Length;

    /// <summary>Writes a product's numbers: [<see cref="Width"/>].</summary>
    public void Write(int row, Span<float> to)
    {
        int half = RankFeatures.Count;
        ReadOnlySpan<float> raw = _raw.AsSpan(row * half, half);
        raw.CopyTo(to);
        for (int i = 0; i < half; i++)
        {
            to[half + i] = Math.Clamp((raw[i] - _mean[i]) / _deviation[i], -MostDeviations, MostDeviations);
        }
    }

    /// <summary>BM25F of a product, in deviations from the first products found.</summary>
    public float Standing(int row) => Math.Clamp((_raw[(row * RankFeatures.Count) + RankFeatures.Bm25F] - _mean[RankFeatures.Bm25F]) / _deviation[RankFeatures.Bm25F], -MostDeviations, MostDeviations);

    private static (float[] Mean, float[] Deviation) Spread(float[] raw, int count)
    {
        int half = RankFeatures.Count;
        var (mean, deviation) = (new float[half], new float[half]);
        for (int i = 0; i < half; i++)
        {
            double sum = 0, squares = 0;
            for (int row = 0; row < count; row++)
            {
                double value = raw[(row * half) + i];
                sum += value;
                squares += value * value;
            }

            double middle = count == 0 ? 0 : sum / count;
            mean[i] = (float)middle;
            deviation[i] = count == 0 ? 1 : (float)Math.Sqrt(Math.Max(0, (squares / count) - (middle * middle))) + 1e-3f;
        }

        return (mean, deviation);
    }
}
