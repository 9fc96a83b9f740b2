using Cartwright.Learning.Metrics;
using Cartwright.Learning.Neighbors;

namespace Cartwright.Learning.Tests.Neighbors;

public sealed class KMeansTests
{
    [Fact]
    public void Finds_groups_that_lie_apart()
    {
        (float[] points, int[] groups) = Groups(seed: 3, count: 3_000, groupCount: 6);

        KMeans found = KMeans.Fit(points, 2, 6, seed: 1);

        Assert.Equal(1, Clusters.AdjustedRandIndex(groups, found.Assign(points)));
    }

    [Fact]
    public void Gives_the_spread_of_its_own_centers_and_none_is_better_than_the_means()
    {
        (float[] points, _) = Groups(seed: 4, count: 400, groupCount: 5);

        KMeans found = KMeans.Fit(points, 2, 3, seed: 1);

        int[] clusters = found.Assign(points);
        double spread = 0;
        for (int c = 0; c < 3; c++)
        {
            int[] own = [.. Enumerable.Range(0, clusters.Length).Where(i => clusters[i] == c)];
            for (int d = 0; d < 2; d++)
            {
                double mean = own.Average(i => points[(i * 2) + d]);
                Assert.Equal(mean, found.Centers[(c * 2) + d], 1e-4);
                spread += own.Sum(i => Math.Pow(points[(i * 2) + d] - mean, 2));
            }
        }

        Assert.Equal(spread, found.Spread, spread * 1e-4);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads()
    {
        (float[] points, _) = Groups(seed: 5, count: 30_000, groupCount: 4);
        int threads = Compute.ThreadCount;
        try
        {
            Compute.ThreadCount = 1;
            float[] alone = KMeans.Fit(points, 2, 7, seed: 9, startCount: 2).Centers.ToArray();
            Compute.ThreadCount = 3;
            float[] shared = KMeans.Fit(points, 2, 7, seed: 9, startCount: 2).Centers.ToArray();

            Assert.Equal(alone, shared);
        }
        finally
        {
            Compute.ThreadCount = threads;
        }
    }

    [Fact]
    public void Rows_that_are_all_alike_have_no_spread()
    {
        KMeans found = KMeans.Fit([1, 2, 1, 2, 1, 2], 2, 3, seed: 1);

        Assert.Equal(0, found.Spread);
        Assert.Equal([0, 0, 0], found.Assign([1, 2, 1, 2, 1, 2]));
    }

    [Fact]
    public void Fewer_rows_than_clusters_are_refused()
    {
        Assert.Throws<ShapeException>(() => KMeans.Fit([1, 2, 3], 1, 4, seed: 1));
        Assert.Throws<ShapeException>(() => KMeans.Fit([1, 2, 3], 2, 1, seed: 1));
    }

    private static (float[] Points, int[] Groups) Groups(int seed, int count, int groupCount)
    {
        var random = new Random(seed);
        int[] groups = [.. Enumerable.Range(0, count).Select(_ => random.Next(groupCount))];
        return ([.. groups.SelectMany(group => new[] { (10f * (group % 3)) + random.NextSingle(), (10f * (group / 3)) + random.NextSingle() })], groups);
    }
}
