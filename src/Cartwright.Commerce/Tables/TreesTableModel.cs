using Cartwright.Learning.Tables;
using Cartwright.Learning.Trees;

namespace Cartwright.Commerce.Tables;

/// <summary>Boosted trees; rounds are chosen on validation, then all rows are learned with as many.</summary>
/// <param name="mean">The number, the count or the chances.</param>
/// <param name="quantiles">The lower and the upper end of the interval; empty for classes and counts.</param>
internal sealed class TreesTableModel(BoostedTrees mean, BoostedTrees[] quantiles, LearnedTarget target) : IBlendableModel
{
    private static readonly float[] Ends = [0.1f, 0.9f];

    // Slow and long: a fifth to a half of the error that quick learning leaves goes away, and validation says when to stop.
    private static readonly BoostedTreesOptions Slow = new() { LearningRate = 0.05f, RoundCount = 1_500, Patience = 50 };

    public string Name => "trees";

    /// <summary>All that it is made of, by name.</summary>
    public IEnumerable<(string Name, BoostedTrees Trees)> Named => quantiles.Length == 0 ? [("mean", mean)] : [("mean", mean), ("low", quantiles[0]), ("high", quantiles[1])];

    /// <exception cref="Cartwright.Learning.Formats.ModelFormatException">One of them is missing.</exception>
    public static TreesTableModel Of(LearnedTarget target, IReadOnlyDictionary<string, BoostedTrees> named) => named.TryGetValue("mean", out BoostedTrees? mean)
        ? new TreesTableModel(mean, named.TryGetValue("low", out BoostedTrees? low) && named.TryGetValue("high", out BoostedTrees? high) ? [low, high] : [], target)
        : throw new Cartwright.Learning.Formats.ModelFormatException("table.json", "The trees of the mean are missing. Train again.");

    /// <returns>The model of the training rows alone, for choosing, and that of all rows with as many rounds, for answering.</returns>
    public static (TreesTableModel Blind, TreesTableModel Serving) Fit(TableLearning learning, IProgress<TreeProgress>? progress, CancellationToken cancellation)
    {
        LearnedTarget target = learning.Target;
        BoostedTreesOptions options = Slow with
        {
            Objective = target.Kind switch
            {
                TableTarget.Class => TreeObjective.Classes,
                TableTarget.Count => TreeObjective.Poisson,
                _ => TreeObjective.SquaredError,
            },
            ClassCount = Math.Max(2, target.Classes.Count),
            RowsPerLeaf = Math.Clamp(learning.Train.Targets.Length / 200, 3, 20),
        };
        (BoostedTrees Blind, BoostedTrees Serving) mean = Fit(options);
        (BoostedTrees Blind, BoostedTrees Serving)[] ends = target.Kind == TableTarget.Number
            ? [.. Ends.Select(end => Fit(options with { Objective = TreeObjective.Quantile, Quantile = end, RoundCount = 300, LearningRate = 0.1f, Patience = 20 }))]
            : [];
        return (new TreesTableModel(mean.Blind, [.. ends.Select(end => end.Blind)], target), new TreesTableModel(mean.Serving, [.. ends.Select(end => end.Serving)], target));

        (BoostedTrees Blind, BoostedTrees Serving) Fit(BoostedTreesOptions options)
        {
            var held = new TreeValidation(learning.Validation.Rows.Trees, Scaled(target, learning.Validation.Targets));
            var blind = BoostedTrees.Fit(learning.Train.Rows.Trees, Scaled(target, learning.Train.Targets), options, held, progress, (ulong)learning.Seed, cancellation);
            return (blind, BoostedTrees.Fit(learning.All.Rows.Trees, Scaled(target, learning.All.Targets), options with { RoundCount = Math.Max(1, blind.RoundCount) }, null,
                progress, (ulong)learning.Seed, cancellation));
        }
    }

    public TablePredictions Predict(EncodedRows rows)
    {
        float[] values = mean.Predict(rows.Trees);
        return target.Kind == TableTarget.Class && target.Classes.Count == 2
            ? new TablePredictions(TableMeasure.BothChances(values))
            : new TablePredictions(Back(values), quantiles.Length == 0 ? null : Back(quantiles[0].Predict(rows.Trees)),
                quantiles.Length == 0 ? null : Back(quantiles[1].Predict(rows.Trees)));
    }

    public double[] Attribute(EncodedRows pair, TablePlaces places)
    {
        TreeAttribution scores = mean.Attribute(pair.Trees);
        double[] slopes = PathSlopes.Of(Answer, scores.From, scores.To);
        return places.Sum([.. Enumerable.Range(0, scores.Parts[0].Length).Select(i => slopes.Zip(scores.Parts, (slope, of) => slope * of[i]).Sum())], places.Trees);
    }

    private double Answer(double[] scores) => target.Kind switch
    {
        TableTarget.Number => scores[0],                                    // with CountsRatios the logarithm is learned, which is what is mixed
        TableTarget.Count => target.Mixed(Math.Exp(scores[0])),
        _ when scores.Length == 1 => 1 / (1 + Math.Exp(-scores[0])),
        _ => 1 / scores.Sum(score => Math.Exp(score - scores[^1])),
    };

    private static float[] Scaled(LearnedTarget target, float[] targets) =>
        target.CountsRatios && target.Kind == TableTarget.Number ? Array.ConvertAll(targets, y => MathF.Log(1 + y)) : targets;

    private float[] Back(float[] values) =>
        target.CountsRatios && target.Kind == TableTarget.Number ? Array.ConvertAll(values, v => MathF.Exp(v) - 1) : values;
}
