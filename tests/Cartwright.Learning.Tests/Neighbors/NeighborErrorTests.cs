using Cartwright.Learning.Linear;
using Cartwright.Learning.Metrics;
using Cartwright.Learning.Neighbors;
using Cartwright.Learning.Tables;
using Cartwright.Learning.Trees;

namespace Cartwright.Learning.Tests.Neighbors;

/// <summary>What indexes, clusters, metrics, trees, tables and linear models say to rows and counts that they can't work with.</summary>
public sealed class NeighborErrorTests
{
    private static readonly float[] Points = [0, 1, 2, 3, 4, 5];

    [Fact]
    public void Indexes_say_what_a_query_is()
    {
        var flat = FlatIndex.Build(Points, 2);
        var graph = Hnsw.Build(Points, 2, VectorSimilarity.Cosine);

        Refuses("has 2 numbers", () => flat.Search([1], new int[1], new float[1]));
        Refuses("1 indexes and 2", () => flat.Search([1, 2], new int[1], new float[2]));
        Refuses("no finite number", () => flat.Search([1, float.NaN], new int[1], new float[1]));
        Refuses("has 2 numbers", () => graph.Search([1, 2, 3], 10, new int[1], new float[1]));
        Refuses("no finite number", () => graph.Search([1, float.NaN], 10, new int[1], new float[1]));
        Refuses("breadth", () => graph.Search([1, 2], -1, new int[1], new float[1]));
        Refuses("Vector 1", () => FlatIndex.Build([0, 1, float.NaN, 3], 2));
        Refuses("Vector 1", () => Hnsw.Build([0, 1, float.NaN, 3], 2, VectorSimilarity.Cosine));
        Refuses("not vectors of 4 numbers", () => FlatIndex.Build(Points, 4));
        Refuses("not vectors of 4 numbers", () => Hnsw.Build(Points, 4, VectorSimilarity.Cosine));
    }

    [Fact]
    public void Neighbors_are_found_of_finite_rows_among_some()
    {
        SparseRows rows = Rows(Points);
        var neighbors = new NearestNeighbors(rows);

        Refuses("count", () => neighbors.Find(rows, 0));
        Refuses("has no rows", () => new NearestNeighbors(Rows()).Find(rows, 1));
        Refuses("Row 1 has a length", () => neighbors.Find(Rows(0, 1, float.NaN, 3), 1));
        Refuses("Row 0 has a length", () => _ = new NearestNeighbors(Rows(float.PositiveInfinity, 1)));
        Refuses("have 3 columns", () => neighbors.Find(new SparseRows([0, 0], [], [], 3), 1));
        Assert.Equal(9, neighbors.Find(rows, 7).Length);
        Refuses("column at position 1", () => _ = new SparseRows([0, 2], [0, 2], [1, 1], 2));
    }

    [Fact]
    public void Clusters_are_found_of_finite_rows_that_are_enough()
    {
        Refuses("4 clusters need as many rows", () => KMeans.Fit(Points, 2, 4, 1));
        Refuses("clusterCount", () => KMeans.Fit(Points, 2, 0, 1), "clusterCount");
        Refuses("Row 1 holds NaN", () => KMeans.Fit([0, 1, 2, float.NaN], 2, 1, 1));
        Refuses("Row 0 holds NaN", () => KMeans.Fit(Points, 2, 2, 1).Assign([float.NaN, 1]));
        Refuses("not rows of 4", () => KMeans.Fit(Points, 4, 1, 1));
    }

    [Fact]
    public void Metrics_compare_lists_of_one_length_without_nan()
    {
        Refuses("1 classes and 2 scores", () => Classification.Auc([1, 2], [1]));
        Refuses("Number 1 of the scores is NaN", () => Classification.Auc([1, float.NaN], [0, 1]));
        Refuses("classes 0 and 1", () => Classification.Auc([1, 2], [0, 2]));
        Refuses("Number 0 of the chances is NaN", () => Classification.CalibrationError([float.NaN], [true]));
        Refuses("found 1 outcomes", () => Classification.CalibrationError([0.5f, 0.5f], [true]));
        Refuses("found 1 and 2", () => Classification.F1([1, 0], [1], 1));
        Refuses("Target 1 is item 2", () => Ranking.Ranks([1, 2], [0, 2], [], new int[2]));
        Refuses("room for 1 ranks", () => Ranking.Ranks([1, 2], [0, 1], [], new int[1]));
        Refuses("found 1 marks", () => Ranking.Top([1, 2], [true], new int[1]));
        foreach (Func<int[], int, double> measure in (Func<int[], int, double>[])[
            (ranks, cutoff) => Ranking.Recall(ranks, cutoff), (ranks, cutoff) => Ranking.Precision(ranks, cutoff),
            (ranks, cutoff) => Ranking.ReciprocalRank(ranks, cutoff), (ranks, cutoff) => Ranking.Ndcg(ranks, cutoff),
            (ranks, cutoff) => Ranking.AveragePrecision(ranks, cutoff), (ranks, cutoff) => Ranking.AveragePrecisionFull(ranks, cutoff)])
        {
            Refuses("cutoff", () => measure([1], 0));
            Refuses("without a relevant item", () => measure([], 10));
        }

        Refuses("Item 3", () => new Coverage(3).Add([3]));
        Refuses("candidateCount of Coverage", () => _ = new Coverage(-1), "candidateCount");
        Refuses("one cluster for each row", () => Clusters.Silhouette(Points, 2, [0, 1]));
        Refuses("found 1 clusters in the first and 2", () => Clusters.AdjustedRandIndex([0], [0, 1]));
        Refuses("found 1 groups and 2", () => Bootstrap.Mean([1, 2], [0], 1));
    }

    [Fact]
    public void Linear_models_and_trees_learn_from_targets_that_are_numbers()
    {
        SparseRows rows = Rows(Points);
        FeatureColumn column = new("price", [1, 2, 3]);

        Refuses("target of row 1 is NaN", () => LinearModel.FitNumber(rows, [1, float.NaN, 3], 1));
        Refuses("found 2 targets for 3 rows", () => LinearModel.FitNumber(rows, [1, 2], 1));
        Refuses("holds NaN", () => LinearModel.FitNumber(Rows(1, float.NaN), [1], 1));
        Refuses("class of row 2 is not one of 0 to 1", () => LinearModel.FitClasses(rows, [0, 1, 2], 2, 1));
        Refuses("at least one row", () => LinearModel.FitNumber(Rows(), [], 1));
        Refuses("logit of row 0 is NaN", () => PlattScaling.Fit([float.NaN], [true]));
        Refuses("3 rows and 2 columns with 4 factors", () => ImplicitLeastSquares.Improve(rows, new float[8], new float[8], 4, 0, 1));
        Refuses("at least one column and one row", () => BoostedTrees.Fit([], [], new BoostedTreesOptions()));
        Refuses("found 2 targets for 3 rows", () => BoostedTrees.Fit([column], [1, 2], new BoostedTreesOptions()));
        Refuses("A target is NaN", () => BoostedTrees.Fit([column], [1, 2, 3], new BoostedTreesOptions(), new TreeValidation([column], [1, float.NaN, 3])));
        Refuses("validation of boosted trees has no rows",
            () => BoostedTrees.Fit([column], [1, 2, 3], new BoostedTreesOptions(), new TreeValidation([new FeatureColumn("price", [])], [])));
    }

    [Fact]
    public void Table_networks_learn_from_columns_of_one_length_and_classes_that_are_whole()
    {
        var options = new TableNetworkOptions { Target = TableTarget.Class, ClassCount = 2, NumberCount = 1, CategoryCounts = [3], VocabularySizes = [4] };
        var network = new TableNetwork(options, NumberPieces.Learn([[1, 2]], options.PieceCount), new Random(1));
        TableRows rows = new() { Count = 2, Numbers = [[1, 2]], Categories = [[0, 2]], Texts = [new TokenColumn([0, 1, 1], [3])] };

        Refuses("target of row 1 is NaN", () => network.Loss(rows, [0, float.NaN]));
        Refuses("target of row 0 is 0.5", () => network.Loss(rows, [0.5f, 0]));
        Refuses("found 1 targets for 2 rows", () => network.Loss(rows, [0]));
        Refuses("Column 0 of numbers has 1 rows", () => network.Forward(rows with { Numbers = [[1]] }));
        Refuses("Column 0 of categories has 1 rows", () => network.Forward(rows with { Categories = [[1]] }));
        Refuses("Column 0 of texts has 1 rows", () => network.Forward(rows with { Texts = [new TokenColumn([0, 0], [])] }));
        Refuses("takes 1 columns of categories", () => network.Forward(rows with { Categories = [] }));
        Refuses("Id 3 at position 1 is not in the table", () => network.Forward(rows with { Categories = [[0, 3]] }));
        Refuses("at least one column", () => _ = new TableNetwork(new TableNetworkOptions(), NumberPieces.Learn([], 3), new Random(1)));
        Refuses("Quantiles", () => _ = new TableNetwork(options with { Quantiles = [0.5f, float.NaN] }, NumberPieces.Empty(1, options.PieceCount), new Random(1)));
        Refuses("CategoryCounts", () => _ = new TableNetwork(options with { CategoryCounts = [0] }, NumberPieces.Empty(1, options.PieceCount), new Random(1)));
    }

    private static SparseRows Rows(params float[] values) => new(
        [.. Enumerable.Range(0, (values.Length / 2) + 1).Select(row => 2 * row)], [.. values.Select((_, i) => i % 2)], values, 2);

    private static void Refuses(string says, Action ask, params string[] names)
    {
        Exception error = Record.Exception(ask)!;

        PlainWords.Assert(error, names);
        Assert.Contains(says, error.Message);
    }
}
