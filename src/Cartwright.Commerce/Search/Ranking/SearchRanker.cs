using Cartwright.Learning;
using Cartwright.Learning.Autograd;
using Cartwright.Learning.Tensors;
using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Search;

/// <summary>How much each part of a ranker says.</summary>
/// <param name="GradeTrees">Share of the trees in a grade; the network has the rest.</param>
/// <param name="OrderTrees">Of the trees in an order, beside 1 for BM25F, all in deviations over the list.</param>
/// <param name="OrderNetwork">Of the network.</param>
internal sealed record RankWeights(double GradeTrees, double OrderTrees, double OrderNetwork);

/// <summary>Puts products into order for a query: BM25F, a network over words and numbers, and trees over the numbers, added up.</summary>
/// <remarks>
/// What BM25F says keeps its full weight: judgments of a hundred queries teach what it gets wrong, not what relevance is. Grades are foretold by
/// network and trees alone, from pairs that somebody judged.
/// </remarks>
internal sealed class SearchRanker(RankReading reading, RankNetwork network, BoostedTrees gradeTrees, BoostedTrees orderTrees, RankWeights weights)
{
    /// <summary>The first products by BM25F that are put into a new order.</summary>
    public const int Depth = 100;

    private const int RowsAtOnce = 512;

    public RankReading Reading => reading;

    public RankNetwork Network => network;

    public BoostedTrees GradeTrees => gradeTrees;

    public BoostedTrees OrderTrees => orderTrees;

    public RankWeights Weights => weights;

    /// <summary>The grade that each product of a list would get.</summary>
    public float[] Grades(RankList list, RankCatalog catalog, int[] stems) => Parts(list, catalog, stems).Grades(weights, reading);

    /// <summary>A score for each product of a list, higher is better.</summary>
    public float[] Scores(RankList list, RankCatalog catalog, int[] stems) => Parts(list, catalog, stems).Scores(weights);

    /// <summary>The parts of each product's score.</summary>
    public RankShare[] Shares(RankList list, RankCatalog catalog, int[] stems) => Parts(list, catalog, stems).Shares(weights);

    /// <summary>What each part says of a list.</summary>
    public RankParts Parts(RankList list, RankCatalog catalog, int[] stems)
    {
        FeatureColumn[] columns = RankReading.Columns([.. Enumerable.Range(0, list.Count).Select(row => (list, row))]);
        (float[] grades, float[] scores) = Read(network, reading, list, catalog, stems);
        return new RankParts(list.IndexScores, list.FoundCount, gradeTrees.Predict(columns), grades, orderTrees.Predict(columns), scores);
    }

    /// <summary>What a network says of each product of a list: its grade, on the scale of the grades, and its score.</summary>
    public static (float[] Grades, float[] Scores) Read(RankNetwork network, RankReading reading, RankList list, RankCatalog catalog, int[] stems)
    {
        var (grades, scores) = (new float[list.Count], new float[list.Count]);
        for (int from = 0; from < list.Count; from += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, list.Count - from);
            var batch = new RankBatch(count, RankList.Width);
            for (int i = 0; i < count; i++)
            {
                reading.Fill(batch, i, list, from + i, catalog, stems);
            }

            using var alone = Compute.OnThisThread();
            using var scope = TensorScope.Begin();
            using var noGradient = NoGradient.Begin();
            ReadOnlySpan<float> outputs = network.Forward(batch).Values;
            for (int i = 0; i < count; i++)
            {
                grades[from + i] = reading.GradeMean + (reading.GradeDeviation * outputs[2 * i]);
                scores[from + i] = outputs[(2 * i) + 1];
            }
        }

        return (grades, scores);
    }
}

/// <summary>What the parts of a ranker say of the products of a list, before they are mixed.</summary>
/// <param name="FoundCount">How many of them the index found; only those are put into order.</param>
internal sealed record RankParts(float[] Index, int FoundCount, float[] TreeGrades, float[] NetworkGrades, float[] TreeScores, float[] NetworkScores)
{
    public float[] Grades(RankWeights weights, RankReading reading) => [.. TreeGrades.Zip(NetworkGrades, (trees, network) =>
        (float)Math.Clamp((weights.GradeTrees * trees) + ((1 - weights.GradeTrees) * network), reading.Scale.Lowest, reading.Scale.Highest))];

    /// <summary>Of the products that the index found; the others stay where they are, behind them.</summary>
    public float[] Scores(RankWeights weights)
    {
        RankShare[] shares = Shares(weights);
        return [.. shares.Select(share => share.Score)];
    }

    /// <summary>What each part gives to the score of each product that the index found: without the part the score is lower by it.</summary>
    public RankShare[] Shares(RankWeights weights)
    {
        float[] index = Spread(Index), trees = Spread(TreeScores), network = Spread(NetworkScores);
        return [.. Enumerable.Range(0, FoundCount).Select(row => new RankShare(index[row], (float)(weights.OrderTrees * trees[row]), (float)(weights.OrderNetwork * network[row])))];
    }

    /// <summary>In deviations from the mean, over the products that the index found.</summary>
    private float[] Spread(float[] values)
    {
        ReadOnlySpan<float> found = values.AsSpan(0, FoundCount);
        double sum = 0, squares = 0;
        foreach (float value in found)
        {
            sum += value;
            squares += (double)value * value;
        }

        double mean = FoundCount == 0 ? 0 : sum / FoundCount;
        double deviation = FoundCount == 0 ? 1 : Math.Sqrt(Math.Max(0, (squares / FoundCount) - (mean * mean))) + 1e-6;
        float[] spread = new float[FoundCount];
        for (int i = 0; i < FoundCount; i++)
        {
            spread[i] = (float)((found[i] - mean) / deviation);
        }

        return spread;
    }
}
