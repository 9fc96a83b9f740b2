using Cartwright.Learning.Kernels;
using Cartwright.Learning.Metrics;

namespace Cartwright.Learning.Neighbors;

/// <summary>Rows gathered around centers, each with the rows nearest to it.</summary>
/// <remarks>
/// Lloyd, "Least Squares Quantization in PCM", 1982; the first centers by Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding",
/// SODA 2007. A center that lost all its rows moves to the row that lies furthest from its own.
/// </remarks>
public sealed class KMeans
{
    private const int MostPasses = 200;
    private readonly int _dimensions;
    private readonly float[] _centers;

    private KMeans(float[] centers, int dimensions, double spread) => (_centers, _dimensions, Spread) = (centers, dimensions, spread);

    /// <summary>[clusters, dimensions]</summary>
    public ReadOnlySpan<float> Centers => _centers;

    /// <summary>Sum over the rows learned from of the squared distance to the nearest center.</summary>
    public double Spread { get; }

    /// <summary>Finds centers with a small <see cref="Spread"/>: the best of several starts.</summary>
    /// <param name="points">[rows, dimensions]; at least as many rows as clusters.</param>
    /// <param name="dimensions">Numbers of a row, 1 or more.</param>
    /// <param name="clusterCount">1 or more.</param>
    /// <param name="seed">Same seed and rows give the same centers, bit for bit.</param>
    /// <param name="startCount">Starts, 1 or more; more are surer to find the best centers.</param>
    /// <exception cref="ShapeException">There are fewer rows than clusters, or the numbers don't fill rows.</exception>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static KMeans Fit(float[] points, int dimensions, int clusterCount, ulong seed, int startCount = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(clusterCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(startCount, 1);
        int rows = points.Length / dimensions;
        ThrowUnlessRows(points, dimensions);
        ShapeException.Require(rows >= clusterCount, $"{clusterCount} clusters need as many rows or more; found {rows}. Ask for fewer.");

        KMeans? best = null;
        for (int start = 0; start < startCount; start++)
        {
            KMeans found = Improve(points, dimensions, FirstCenters(points, dimensions, clusterCount, Seeds.Random(seed, (ulong)start)));
            best = best is null || found.Spread < best.Spread ? found : best;
        }

        return best!;
    }

    /// <summary>The nearest center of each row; of equal distances the lower number.</summary>
    /// <param name="points">[rows, dimensions]</param>
    /// <returns>[rows], from 0.</returns>
    /// <exception cref="ShapeException">The numbers don't fill rows.</exception>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public int[] Assign(float[] points)
    {
        ThrowUnlessRows(points, _dimensions);

        int[] clusters = new int[points.Length / _dimensions];
        AssignRows(points, clusters, new float[clusters.Length]);
        return clusters;
    }

    private static void ThrowUnlessRows(float[] points, int dimensions)
    {
        ShapeException.Require(points.Length % dimensions == 0, $"{points.Length} numbers are not rows of {dimensions} numbers each.");
        int wrong = points.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (wrong >= 0)
        {
            throw new ArgumentException($"Row {wrong / dimensions} holds {points[wrong]}; rows that are clustered hold finite numbers. Leave it out.", nameof(points));
        }
    }

    private static float[] FirstCenters(float[] points, int dimensions, int clusterCount, Random random)
    {
        int rows = points.Length / dimensions;
        float[] centers = new float[clusterCount * dimensions];
        double[] distances = new double[rows];
        Array.Fill(distances, double.PositiveInfinity);
        int chosen = random.Next(rows);
        for (int c = 0; c < clusterCount; c++)
        {
            ReadOnlySpan<float> center = points.AsSpan(chosen * dimensions, dimensions);
            center.CopyTo(centers.AsSpan(c * dimensions));
            double sum = 0;
            for (int i = 0; i < rows; i++)
            {
                distances[i] = Math.Min(distances[i], Clusters.SquaredDistance(points.AsSpan(i * dimensions, dimensions), center));
                sum += distances[i];
            }

            // The next one by chance in proportion to the squared distance; any where all rows are centers.
            double draw = random.NextDouble() * sum;
            chosen = sum == 0 ? random.Next(rows) : 0;
            while (sum > 0 && chosen < rows - 1 && (draw -= distances[chosen]) >= 0)
            {
                chosen++;
            }
        }

        return centers;
    }

    private static KMeans Improve(float[] points, int dimensions, float[] centers)
    {
        int[] clusters = new int[points.Length / dimensions];
        int[] before = new int[clusters.Length];
        float[] distances = new float[clusters.Length];
        Array.Fill(before, -1);
        for (int pass = 0; pass < MostPasses; pass++)
        {
            new KMeans(centers, dimensions, spread: 0).AssignRows(points, clusters, distances);
            if (clusters.AsSpan().SequenceEqual(before))
            {
                break;
            }

            clusters.CopyTo(before, 0);
            centers = Means(points, dimensions, clusters, distances, centers.Length / dimensions);
        }

        double spread = 0;
        foreach (float distance in distances)
        {
            spread += distance;
        }

        return new KMeans(centers, dimensions, spread);
    }

    private static float[] Means(float[] points, int dimensions, int[] clusters, float[] distances, int clusterCount)
    {
        double[] sums = new double[clusterCount * dimensions];
        int[] sizes = new int[clusterCount];
        for (int i = 0; i < clusters.Length; i++)
        {
            sizes[clusters[i]]++;
            for (int d = 0; d < dimensions; d++)
            {
                sums[(clusters[i] * dimensions) + d] += points[(i * dimensions) + d];
            }
        }

        float[] centers = new float[sums.Length];
        for (int c = 0; c < clusterCount; c++)
        {
            if (sizes[c] == 0)
            {
                int furthest = distances.AsSpan().IndexOf(System.Numerics.Tensors.TensorPrimitives.Max<float>(distances));
                distances[furthest] = 0;
                points.AsSpan(furthest * dimensions, dimensions).CopyTo(centers.AsSpan(c * dimensions));
                continue;
            }

            for (int d = 0; d < dimensions; d++)
            {
                centers[(c * dimensions) + d] = (float)(sums[(c * dimensions) + d] / sizes[c]);
            }
        }

        return centers;
    }

    private void AssignRows(float[] points, int[] clusters, float[] distances)
    {
        var blocks = new RowBlocks(clusters.Length, _centers.Length);
        ParallelWork.For(blocks.Count, new Assigning(this, points, clusters, distances, blocks));
    }

    private readonly struct Assigning(KMeans found, float[] points, int[] clusters, float[] distances, RowBlocks blocks) : IWorkItem
    {
        public void Run(int index)
        {
            int dimensions = found._dimensions;
            for (int row = blocks.Start(index); row < blocks.End(index); row++)
            {
                ReadOnlySpan<float> point = points.AsSpan(row * dimensions, dimensions);
                (int nearest, float least) = (0, float.PositiveInfinity);
                for (int c = 0; c * dimensions < found._centers.Length; c++)
                {
                    float distance = Clusters.SquaredDistance(point, found._centers.AsSpan(c * dimensions, dimensions));
                    (nearest, least) = distance < least ? (c, distance) : (nearest, least);
                }

                (clusters[row], distances[row]) = (nearest, least);
            }
        }
    }
}
