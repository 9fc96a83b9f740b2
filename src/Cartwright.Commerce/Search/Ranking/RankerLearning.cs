using Cartwright.Commerce.Runs;
using Cartwright.Learning;
using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Search;

/// <summary>Learns a <see cref="SearchRanker"/> from lists with grades.</summary>
/// <remarks>
/// Some of the queries are kept aside from network and trees to find how many rounds the trees take and how much each part should say; few queries are
/// kept aside in turns, so that each of them judges once.
/// </remarks>
internal sealed class RankerLearning(RankReader reader, TimeProvider clock)
{
    /// <summary>Fewer queries judge in turns.</summary>
    private const int ManyQueries = 400;
    private const int Turns = 4;
    private const int KeptOfFive = 1;

    /// <summary>Pairs that the trees order by, at most; from the first lists on.</summary>
    private const int MostOrderRows = 60_000;

    /// <summary>What a part says where nothing is known, and how many queries outweigh it: the best weights of few queries are best by luck.</summary>
    private const double OrdinaryTrees = 0.3, OrdinaryNetwork = 0.1, Doubt = 100;

    private static readonly double[] Shares = [0, 0.2, 0.35, 0.5, 0.65, 0.8, 1];
    private static readonly double[] OrderShares = [0, 0.1, 0.2, 0.35, 0.5];

    private static readonly BoostedTreesOptions GradeOptions = new() { RoundCount = 250, LearningRate = 0.06f, LeafCount = 31, RowsPerLeaf = 40, L2 = 2, Patience = 15 };
    private static readonly BoostedTreesOptions OrderOptions = new() { RoundCount = 150, LearningRate = 0.03f, LeafCount = 6, RowsPerLeaf = 60, L2 = 20 };

    /// <param name="lists">Each with one grade at least.</param>
    public SearchRanker Fit(IReadOnlyList<RankList> lists, int seed, int? epochs, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        RankReading reading = RankReading.Learn(lists, reader.Catalog);
        int[] stems = reading.Over(reader.Catalog);
        int turns = lists.Count >= ManyQueries ? 1 : Math.Min(Turns, Math.Max(1, lists.Count / 2));
        int parts = turns == 1 ? 5 : turns;
        var told = new List<(RankList List, RankParts Parts)>();
        var rounds = new List<int>();
        RankNetwork? kept = null;
        for (int turn = 0; turn < turns; turn++)
        {
            bool IsJudge(int list) => turns == 1 ? list % parts < KeptOfFive : list % parts == turn;
            RankList[] learned = [.. lists.Where((_, i) => !IsJudge(i))];
            RankList[] judges = [.. lists.Where((_, i) => IsJudge(i))];
            progress?.Report(new RunProgress("finding how much each part says", turn, turns, "turns"));
            kept = RankNetworkTraining.Fit(learned, reading, reader, seed, epochs, clock, turns == 1 ? progress : null, cancellation);
            BoostedTrees grades = FitGrades(learned, judges, GradeOptions, seed, cancellation);
            rounds.Add(grades.RoundCount);
            var tried = new SearchRanker(reading, kept, grades, FitOrder(learned, reading, seed, cancellation), new RankWeights(1, 0, 0));
            RankParts[] said = new RankParts[judges.Length];
            Parallel.For(0, judges.Length, new ParallelOptions { CancellationToken = cancellation }, i => said[i] = tried.Parts(judges[i], reader.Catalog, stems));
            told.AddRange(judges.Zip(said));
        }

        RankWeights weights = Weigh(told, reading);
        progress?.Report(new RunProgress("learning from all queries", 0, 0, "queries"));
        RankNetwork network = turns == 1 ? kept! : RankNetworkTraining.Fit(lists, reading, reader, seed, epochs, clock, progress, cancellation);
        int round = Math.Max(1, (int)rounds.Average());
        return new SearchRanker(reading, network, FitGrades(lists, [], GradeOptions with { RoundCount = round }, seed, cancellation), FitOrder(lists, reading, seed, cancellation), weights);
    }

    private static BoostedTrees FitGrades(IReadOnlyList<RankList> lists, IReadOnlyList<RankList> judges, BoostedTreesOptions options, int seed, CancellationToken cancellation)
    {
        (RankList List, int Row)[] rows = Judged(lists), held = Judged(judges);
        TreeValidation? validation = held.Length == 0 ? null : new TreeValidation(RankReading.Columns(held), Grades(held));
        return BoostedTrees.Fit(RankReading.Columns(rows), Grades(rows), options with { RowsPerLeaf = Math.Clamp(rows.Length / 100, 3, options.RowsPerLeaf) }, validation,
            progress: null, (ulong)seed, cancellation);
    }

    /// <summary>Trees that tell the gain of any product of a list, what nobody judged included.</summary>
    private static BoostedTrees FitOrder(IReadOnlyList<RankList> lists, RankReading reading, int seed, CancellationToken cancellation)
    {
        var rows = new List<(RankList List, int Row)>();
        foreach (RankList list in lists)
        {
            rows.AddRange(Enumerable.Range(0, list.Count).Select(row => (list, row)));
            if (rows.Count > MostOrderRows)
            {
                break;
            }
        }

        float[] steps = [.. rows.Select(row => (float)Math.Log2(1 + reading.Scale.Gain(row.List.Grades[row.Row])))];
        return BoostedTrees.Fit(RankReading.Columns(rows), steps, OrderOptions with { RowsPerLeaf = Math.Clamp(rows.Count / 100, 3, OrderOptions.RowsPerLeaf) }, null, null, (ulong)seed, cancellation);
    }

    private static (RankList List, int Row)[] Judged(IReadOnlyList<RankList> lists) =>
        [.. lists.SelectMany(list => Enumerable.Range(0, list.Count).Where(row => !float.IsNaN(list.Grades[row])).Select(row => (list, row)))];

    private static float[] Grades((RankList List, int Row)[] rows) => [.. rows.Select(row => row.List.Grades[row.Row])];

    /// <summary>The weights that would have been best for queries that the parts had not seen.</summary>
    private static RankWeights Weigh(List<(RankList List, RankParts Parts)> told, RankReading reading)
    {
        double share = Shares.MinBy(share => told.Sum(of => SquaredError(of.List, of.Parts.Grades(new RankWeights(share, 0, 0), reading))));
        (double trees, double network) = OrderShares.SelectMany(_ => OrderShares, (trees, network) => (trees, network))
            .MaxBy(pair => told.Sum(of => Ndcg(of.List, of.Parts.Scores(new RankWeights(share, pair.trees, pair.network)), reading) ?? 0));
        double sure = told.Count / (told.Count + Doubt);
        return new RankWeights(share, (sure * trees) + ((1 - sure) * OrdinaryTrees), (sure * network) + ((1 - sure) * OrdinaryNetwork));
    }

    private static double SquaredError(RankList list, float[] grades) => Enumerable.Range(0, list.Count).Where(row => !float.IsNaN(list.Grades[row]))
        .Sum(row => Math.Pow(grades[row] - list.Grades[row], 2));

    private static double? Ndcg(RankList list, float[] scores, RankReading reading) => reading.Scale.Ndcg(
        Enumerable.Range(0, scores.Length).OrderByDescending(row => scores[row]).Select(row => list.Grades[row]), list.Grades.Where(grade => !float.IsNaN(grade)), cutoff: 10);
}
