namespace Cartwright.Learning.Trees;

/// <summary>Where the columns of a table are cut into bins, so that a value becomes one byte.</summary>
/// <remarks>
/// A number's bin counts the thresholds below it; a category has a bin of its own where it is among the most frequent. The bin after the
/// last is for what is missing or was never seen.
/// </remarks>
internal sealed class FeatureBins
{
    public const int MostBins = 255;

    // As scikit-learn's: more rows move the quantiles by less than a bin is wide.
    private const int MostSampledRows = 200_000;

    private readonly Cuts[] _cuts;

    private FeatureBins(Cuts[] cuts) => _cuts = cuts;

    public int Count => _cuts.Length;

    public bool IsCategory(int feature) => _cuts[feature].Thresholds is null;

    /// <summary>Bins of a column, without the one for what is missing.</summary>
    public int BinCount(int feature) => _cuts[feature].Count;

    /// <summary>Thresholds of a number's column, rising; null for categories.</summary>
    public float[]? Thresholds(int feature) => _cuts[feature].Thresholds;

    public int CategoryCount(int feature) => _cuts[feature].CategoryCount;

    /// <summary>The category of each bin; null for numbers.</summary>
    public int[]? Categories(int feature) => _cuts[feature].Categories;

    public static FeatureBins Learn(IReadOnlyList<FeatureColumn> columns, int binCount, ulong seed) =>
        new([.. columns.Select((column, i) => column.IsCategory
            ? Cuts.OfCategories(Frequent(column, binCount), column.CategoryCount)
            : Cuts.OfNumbers(Quantiles(Sample(column.Values, Seeds.Mix(seed, (ulong)i)), binCount)))]);

    public static FeatureBins Of(IEnumerable<(float[]? Thresholds, int[]? Categories, int CategoryCount)> cuts) =>
        new([.. cuts.Select(c => c.Thresholds is { } thresholds ? Cuts.OfNumbers(thresholds) : Cuts.OfCategories(c.Categories!, c.CategoryCount))]);

    /// <summary>[features][rows]</summary>
    /// <exception cref="ShapeException">The columns are not as many as were learned from, or differ in length.</exception>
    public byte[][] Apply(IReadOnlyList<FeatureColumn> columns)
    {
        ShapeException.Require(columns.Count == Count, $"The trees were learned from {Count} columns; found {columns.Count}. Give the same ones in the same order.");
        byte[][] bins = new byte[Count][];
        for (int f = 0; f < Count; f++)
        {
            float[] values = columns[f].Values;
            ShapeException.Require(
                values.Length == columns[0].Values.Length,
                $"All columns have a value for each row; column {f} has {values.Length} and the first {columns[0].Values.Length}.");
            byte[] of = bins[f] = new byte[values.Length];
            for (int row = 0; row < values.Length; row++)
            {
                of[row] = _cuts[f].BinOf(values[row]);
            }
        }

        return bins;
    }

    private static float[] Sample(float[] values, ulong seed)
    {
        float[] present = [.. values.Where(v => !float.IsNaN(v))];
        if (present.Length <= MostSampledRows)
        {
            return present;
        }

        Random random = Seeds.Random(seed, 0);
        for (int i = 0; i < MostSampledRows; i++)
        {
            int other = random.Next(i, present.Length);
            (present[i], present[other]) = (present[other], present[i]);
        }

        return present[..MostSampledRows];
    }

    /// <summary>Half way between neighbors where the values are few, else between those at evenly spaced ranks.</summary>
    private static float[] Quantiles(float[] values, int binCount)
    {
        Array.Sort(values);
        float[] distinct = [.. values.Distinct()];
        if (distinct.Length <= binCount)
        {
            return [.. Enumerable.Range(0, Math.Max(0, distinct.Length - 1)).Select(i => Between(distinct[i], distinct[i + 1]))];
        }

        return [.. Enumerable.Range(1, binCount - 1).Select(i =>
        {
            double place = (double)i / binCount * (values.Length - 1);
            return Between(values[(int)Math.Floor(place)], values[(int)Math.Ceiling(place)]);
        }).Distinct()];
    }

    // Never the upper one itself, which has to lie above the threshold.
    private static float Between(float low, float high)
    {
        float middle = low + ((high - low) / 2);
        return float.IsFinite(middle) && (middle < high || low == high) ? middle : low;
    }

    private static int[] Frequent(FeatureColumn column, int binCount)
    {
        int[] counts = new int[column.CategoryCount];
        foreach (float value in column.Values)
        {
            if (value >= 0 && value < column.CategoryCount)
            {
                counts[(int)value]++;
            }
        }

        return [.. Enumerable.Range(0, counts.Length).Where(c => counts[c] > 0).OrderByDescending(c => counts[c]).Take(binCount).Order()];
    }

    private sealed class Cuts
    {
        private readonly byte[] _binOfCategory = [];

        private Cuts(float[]? thresholds, int[]? categories, int categoryCount)
        {
            Thresholds = thresholds;
            Categories = categories;
            Count = thresholds is null ? categories!.Length : thresholds.Length + 1;
            if (categories is not null)
            {
                _binOfCategory = new byte[categoryCount];
                Array.Fill(_binOfCategory, (byte)Count);
                for (int bin = 0; bin < categories.Length; bin++)
                {
                    _binOfCategory[categories[bin]] = (byte)bin;
                }
            }
        }

        public float[]? Thresholds { get; }

        public int[]? Categories { get; }

        public int Count { get; }

        public int CategoryCount => _binOfCategory.Length;

        public static Cuts OfNumbers(float[] thresholds) => new(thresholds, categories: null, 0);

        public static Cuts OfCategories(int[] categories, int categoryCount) => new(thresholds: null, categories, categoryCount);

        public byte BinOf(float value)
        {
            if (float.IsNaN(value))
            {
                return (byte)Count;
            }

            if (Thresholds is null)
            {
                return value >= 0 && value < _binOfCategory.Length ? _binOfCategory[(int)value] : (byte)Count;
            }

            int low = 0;
            int high = Thresholds.Length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (Thresholds[middle] < value)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return (byte)low;
        }
    }
}
