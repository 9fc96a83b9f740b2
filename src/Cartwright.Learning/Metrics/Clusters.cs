using System.Numerics.Tensors;

namespace Cartwright.Learning.Metrics;

/// <summary>How well rows fall into clusters, and how far two ways to cluster them agree.</summary>
public static class Clusters
{
    /// <summary>
    /// Share of pairs of rows on which two clusterings agree, less what chance would give: 1 where they are the same under other numbers, about 0 where
    /// they have nothing to do with each other. Clusters 0, 0, 1, 2 and 0, 0, 1, 1 give 0.5714.
    /// </summary>
    /// <param name="first">The cluster of each row: any numbers.</param>
    /// <param name="second">The same rows in another clustering.</param>
    /// <returns>1 where both have one cluster, or both as many as rows.</returns>
    /// <remarks>Hubert and Arabie, "Comparing Partitions", Journal of Classification 1985.</remarks>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static double AdjustedRandIndex(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        ShapeException.Require(
            second.Length == first.Length,
            $"Two clusterings are of the same rows; found {first.Length} clusters in the first and {second.Length} in the second.");
        Dictionary<(int, int), long> both = [];
        Dictionary<int, long> left = [];
        Dictionary<int, long> right = [];
        for (int i = 0; i < first.Length; i++)
        {
            both[(first[i], second[i])] = both.GetValueOrDefault((first[i], second[i])) + 1;
            left[first[i]] = left.GetValueOrDefault(first[i]) + 1;
            right[second[i]] = right.GetValueOrDefault(second[i]) + 1;
        }

        double together = Pairs(both.Values);
        double ofLeft = Pairs(left.Values);
        double ofRight = Pairs(right.Values);
        double all = first.Length * (first.Length - 1.0) / 2;
        double expected = all == 0 ? 0 : ofLeft * ofRight / all;
        double most = (ofLeft + ofRight) / 2;
        return most == expected ? 1 : (together - expected) / (most - expected);
    }

    /// <summary>
    /// Mean over rows of (b - a) / max(a, b): a is the mean distance to the rows of the own cluster, b to those of the nearest other one. From -1 to 1;
    /// higher is clearer, 0 is none. A row that is alone in its cluster counts 0. It compares every row with every other: take a sample of some thousands.
    /// </summary>
    /// <param name="points">[rows, dimensions]</param>
    /// <param name="dimensions">Numbers of a row, 1 or more.</param>
    /// <param name="clusters">The cluster of each row, from 0.</param>
    /// <returns>NaN where there are fewer than two clusters.</returns>
    /// <remarks>Rousseeuw, "Silhouettes", Journal of Computational and Applied Mathematics 1987; Euclidean distances.</remarks>
    /// <exception cref="ShapeException">There are not as many clusters as rows.</exception>
    public static double Silhouette(ReadOnlySpan<float> points, int dimensions, ReadOnlySpan<int> clusters)
    {
        int[] sizes = Sizes(points, dimensions, clusters);
        if (sizes.Count(size => size > 0) < 2)
        {
            return double.NaN;
        }

        double sum = 0;
        double[] distances = new double[sizes.Length];
        for (int i = 0; i < clusters.Length; i++)
        {
            if (sizes[clusters[i]] == 1)
            {
                continue;
            }

            Array.Clear(distances);
            ReadOnlySpan<float> row = points.Slice(i * dimensions, dimensions);
            for (int j = 0; j < clusters.Length; j++)
            {
                distances[clusters[j]] += TensorPrimitives.Distance(row, points.Slice(j * dimensions, dimensions));
            }

            double own = distances[clusters[i]] / (sizes[clusters[i]] - 1);
            double other = double.PositiveInfinity;
            for (int c = 0; c < sizes.Length; c++)
            {
                other = c == clusters[i] || sizes[c] == 0 ? other : Math.Min(other, distances[c] / sizes[c]);
            }

            double larger = Math.Max(own, other);
            sum += larger == 0 ? 0 : (other - own) / larger;
        }

        return sum / clusters.Length;
    }

    /// <summary>Variance between clusters over variance within, each by its degrees of freedom: (B / (k - 1)) / (W / (n - k)). Higher is clearer.</summary>
    /// <inheritdoc cref="Silhouette" path="/param"/>
    /// <returns>NaN where there are fewer than two clusters, or no more rows than clusters.</returns>
    /// <remarks>Caliński and Harabasz, "A Dendrite Method for Cluster Analysis", Communications in Statistics 1974.</remarks>
    /// <exception cref="ShapeException">There are not as many clusters as rows.</exception>
    public static double CalinskiHarabasz(ReadOnlySpan<float> points, int dimensions, ReadOnlySpan<int> clusters)
    {
        int[] sizes = Sizes(points, dimensions, clusters);
        int used = sizes.Count(size => size > 0);
        if (used < 2 || clusters.Length <= used)
        {
            return double.NaN;
        }

        double[] means = new double[sizes.Length * dimensions];
        double[] mean = new double[dimensions];
        for (int i = 0; i < points.Length; i++)
        {
            means[(clusters[i / dimensions] * dimensions) + (i % dimensions)] += points[i] / (double)sizes[clusters[i / dimensions]];
            mean[i % dimensions] += points[i] / (double)clusters.Length;
        }

        double within = 0;
        for (int i = 0; i < points.Length; i++)
        {
            double difference = points[i] - means[(clusters[i / dimensions] * dimensions) + (i % dimensions)];
            within += difference * difference;
        }

        double between = 0;
        for (int i = 0; i < means.Length; i++)
        {
            double difference = means[i] - mean[i % dimensions];
            between += sizes[i / dimensions] * difference * difference;
        }

        return between / (used - 1) / (within / (clusters.Length - used));
    }

    internal static float SquaredDistance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        float distance = TensorPrimitives.Distance(x, y);
        return distance * distance;
    }

    private static double Pairs(IEnumerable<long> counts) => counts.Sum(count => count * (count - 1.0) / 2);

    private static int[] Sizes(ReadOnlySpan<float> points, int dimensions, ReadOnlySpan<int> clusters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ShapeException.Require(
            points.Length == (long)clusters.Length * dimensions,
            $"{clusters.Length} rows of {dimensions} numbers are {(long)clusters.Length * dimensions}; found {points.Length}. Give one cluster for each row.");
        int most = -1;
        foreach (int cluster in clusters)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(cluster, nameof(clusters));
            most = Math.Max(most, cluster);
        }

        int[] sizes = new int[most + 1];
        foreach (int cluster in clusters)
        {
            sizes[cluster]++;
        }

        return sizes;
    }
}
