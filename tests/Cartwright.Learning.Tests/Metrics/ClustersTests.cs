using Cartwright.Learning.Metrics;

namespace Cartwright.Learning.Tests.Metrics;

public sealed class ClustersTests
{
    [Fact]
    public void Adjusted_rand_index_gives_the_worked_values()
    {
        // Hubert and Arabie's formula by hand: of 6 pairs 1 is together in both, 1 and 2 in each; (1 - 2/6) / (1.5 - 2/6).
        Assert.Equal(4 / 7.0, Clusters.AdjustedRandIndex([0, 0, 1, 2], [0, 0, 1, 1]), 12);
        Assert.Equal(-0.5, Clusters.AdjustedRandIndex([0, 0, 1, 1], [0, 1, 0, 1]), 12);
    }

    [Fact]
    public void The_same_clusters_under_other_numbers_agree_wholly()
    {
        Assert.Equal(1, Clusters.AdjustedRandIndex([3, 3, 7, 7, 1], [0, 0, 2, 2, 5]));
        Assert.Equal(1, Clusters.AdjustedRandIndex([0, 0, 0], [4, 4, 4]));
        Assert.Equal(1, Clusters.AdjustedRandIndex([], []));
    }

    [Fact]
    public void Clusters_that_have_nothing_to_do_with_each_other_agree_as_by_chance()
    {
        var random = new Random(5);
        int[] first = [.. Enumerable.Range(0, 20_000).Select(_ => random.Next(4))];
        int[] second = [.. Enumerable.Range(0, 20_000).Select(_ => random.Next(3))];

        Assert.Equal(0, Clusters.AdjustedRandIndex(first, second), 0.002);
    }

    [Fact]
    public void Silhouette_gives_the_value_worked_by_hand()
    {
        // Of 0 and 1 against 4 and 6: (5 - 1) / 5, (4 - 1) / 4, (3.5 - 2) / 3.5, (5.5 - 2) / 5.5.
        double expected = ((4 / 5.0) + (3 / 4.0) + (1.5 / 3.5) + (3.5 / 5.5)) / 4;

        Assert.Equal(expected, Clusters.Silhouette([0, 1, 4, 6], 1, [0, 0, 1, 1]), 6);
        Assert.Equal(((8 / 9.0) + (7 / 8.0) + 0) / 3, Clusters.Silhouette([0, 1, 9], 1, [0, 0, 1]), 6);
        Assert.True(double.IsNaN(Clusters.Silhouette([0, 1], 1, [0, 0])));
    }

    [Fact]
    public void Calinski_Harabasz_gives_the_value_worked_by_hand()
    {
        // Means 0.5, 5 and 2.75 of all: between 2 (2.25² + 2.25²) on 1 degree, within 0.5 + 2 on 2.
        Assert.Equal(20.25 / (2.5 / 2), Clusters.CalinskiHarabasz([0, 1, 4, 6], 1, [0, 0, 1, 1]), 9);
        Assert.True(double.IsNaN(Clusters.CalinskiHarabasz([0, 1], 1, [0, 1])));
    }

    [Fact]
    public void Rows_and_clusters_of_another_number_are_refused()
    {
        Assert.Throws<ShapeException>(() => Clusters.AdjustedRandIndex([0, 1], [0]));
        Assert.Throws<ShapeException>(() => Clusters.Silhouette([0, 1, 2], 2, [0, 1]));
    }
}
