using Cartwright.Learning.Kernels;

namespace Cartwright.Learning.Trees;

/// <summary>The best question found for the rows of a leaf, by the sums of its histogram.</summary>
/// <remarks>
/// Gain is G_l^2/(H_l + l2) + G_r^2/(H_r + l2) - G^2/(H + l2) with G and H the sums of gradients and curvatures: Chen and Guestrin, "XGBoost",
/// KDD 2016, equation 7. Numbers are tried with what is missing on either side. Categories are put in the order of gradient over
/// curvature, in which the best two sets lie apart: Fisher, "On Grouping for Maximum Homogeneity", 1958.
/// </remarks>
internal struct TreeSplit
{
    private const double LeastCurvature = 1e-3;
    private const int RowsPerCategory = 10;
    private const double CategorySmoothing = 10;

    public double Gain;
    public int Feature;
    public int LastLeft;
    public BinSet LeftBins;
    public LeafSums Left;

    public readonly bool IsFound => Gain > 0;

    /// <param name="histogram">[bins + 1, 4], what is missing last.</param>
    /// <param name="canMiss">Whether any row of the table misses the value.</param>
    public static TreeSplit Find(
        int feature, bool isCategory, bool canMiss, ReadOnlySpan<double> histogram, LeafSums all, BoostedTreesOptions options)
    {
        var search = new Search(feature, all, options);
        int missing = (histogram.Length / HistogramKernel.Stride) - 1;
        if (isCategory)
        {
            search.Categories(histogram, missing);
        }
        else
        {
            search.Numbers(histogram, missing, canMiss);
        }

        return search.Best;
    }

    private ref struct Search(int feature, LeafSums all, BoostedTreesOptions options)
    {
        private readonly double _l2 = options.L2;
        private readonly int _rowsPerLeaf = options.RowsPerLeaf;
        private readonly double _whole = all.Strength(options.L2);

        public TreeSplit Best;

        public void Numbers(ReadOnlySpan<double> histogram, int missing, bool canMiss)
        {
            LeafSums absent = LeafSums.Of(histogram, missing);
            var left = default(LeafSums);

            // First with what is missing on the right; the last bin asks whether the value is there at all.
            int last = canMiss ? missing : missing - 1;
            for (int bin = 0; bin < last; bin++)
            {
                left += LeafSums.Of(histogram, bin);
                if (Try(left))
                {
                    Best.LastLeft = bin;
                    Best.LeftBins = default;
                    if (!canMiss && left.Count > all.Count - left.Count)
                    {
                        // Nothing was ever missing: what is missing later goes with the majority.
                        Best.LeftBins.Add(missing);
                    }
                }
            }

            left = all;
            for (int bin = missing - 2; bin >= 0 && absent.Count > 0; bin--)
            {
                left -= LeafSums.Of(histogram, bin + 1);
                if (Try(left))
                {
                    Best.LastLeft = bin;
                    Best.LeftBins = default;
                    Best.LeftBins.Add(missing);
                }
            }
        }

        public void Categories(ReadOnlySpan<double> histogram, int missing)
        {
            Span<double> ratios = stackalloc double[missing + 1];
            Span<int> order = stackalloc int[missing + 1];
            int used = 0;
            for (int bin = 0; bin <= missing; bin++)
            {
                LeafSums sums = LeafSums.Of(histogram, bin);
                if (sums.Count >= RowsPerCategory)
                {
                    ratios[used] = sums.Gradient / (sums.Curvature + CategorySmoothing);
                    order[used++] = bin;
                }
            }

            ratios[..used].Sort(order[..used]);
            var left = default(LeafSums);
            var bins = default(BinSet);
            for (int i = 0; i < used; i++)
            {
                left += LeafSums.Of(histogram, order[i]);
                bins.Add(order[i]);
                if (Try(left))
                {
                    Best.LastLeft = -1;
                    Best.LeftBins = bins;
                }
            }
        }

        private bool Try(LeafSums left)
        {
            LeafSums right = all - left;
            if (left.Count < _rowsPerLeaf || right.Count < _rowsPerLeaf || left.Curvature < LeastCurvature || right.Curvature < LeastCurvature)
            {
                return false;
            }

            double gain = left.Strength(_l2) + right.Strength(_l2) - _whole;
            if (!(gain > Best.Gain))
            {
                return false;
            }

            Best.Gain = gain;
            Best.Feature = feature;
            Best.Left = left;
            return true;
        }
    }
}

/// <summary>Sums over the rows of a leaf.</summary>
internal readonly record struct LeafSums(double Gradient, double Curvature, double Count)
{
    public static LeafSums Of(ReadOnlySpan<double> histogram, int bin)
    {
        ReadOnlySpan<double> sums = histogram.Slice(bin * HistogramKernel.Stride, HistogramKernel.Stride);
        return new LeafSums(sums[0], sums[1], sums[2]);
    }

    public static LeafSums operator +(LeafSums x, LeafSums y) => new(x.Gradient + y.Gradient, x.Curvature + y.Curvature, x.Count + y.Count);

    public static LeafSums operator -(LeafSums x, LeafSums y) => new(x.Gradient - y.Gradient, x.Curvature - y.Curvature, x.Count - y.Count);

    /// <summary>Twice what the best value of the leaf takes off the loss.</summary>
    public double Strength(double l2) => Gradient * Gradient / (Curvature + l2 + 1e-15);

    /// <summary>The value that lowers the loss most.</summary>
    public double Value(double l2) => -Gradient / (Curvature + l2 + 1e-15);
}
