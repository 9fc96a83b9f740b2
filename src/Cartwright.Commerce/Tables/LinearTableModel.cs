using Cartwright.Learning.Linear;
using Cartwright.Learning.Tables;

namespace Cartwright.Commerce.Tables;

/// <summary>Ridge or logistic regression over numbers, categories and the rarity of words; the penalty is chosen on validation.</summary>
internal sealed class LinearTableModel(LinearModel model, bool isLog, int classCount) : IBlendableModel
{
    private static readonly double[] Penalties = [0.01, 0.1, 1, 10, 100, 1_000];

    public string Name => "linear";

    public LinearModel Model => model;

    public bool IsLog => isLog;

    /// <returns>The model of the training rows alone, for choosing, and that of all rows with the same penalty, for answering.</returns>
    public static (LinearTableModel Blind, LinearTableModel Serving) Fit(TableLearning learning, CancellationToken cancellation)
    {
        (LinearTableModel Model, double Loss, double Penalty) best = (null!, double.PositiveInfinity, 0);
        foreach (double penalty in Penalties)
        {
            LinearTableModel candidate = Fit(learning, learning.Train, penalty, cancellation);
            double loss = TableMeasure.Loss(learning.Target, candidate.Predict(learning.Validation.Rows).Values, learning.Validation.Targets);
            if (loss < best.Loss)
            {
                best = (candidate, loss, penalty);
            }
        }

        return (best.Model, Fit(learning, learning.All, best.Penalty, cancellation));
    }

    private static LinearTableModel Fit(TableLearning learning, (EncodedRows Rows, float[] Targets) part, double penalty, CancellationToken cancellation)
    {
        LearnedTarget target = learning.Target;
        if (target.Kind == TableTarget.Class)
        {
            return new LinearTableModel(LinearModel.FitClasses(part.Rows.Linear, Array.ConvertAll(part.Targets, y => (int)y), target.Classes.Count, penalty, cancellation),
                isLog: false, target.Classes.Count);
        }

        float[] targets = target.CountsRatios ? Array.ConvertAll(part.Targets, y => MathF.Log(1 + y)) : part.Targets;
        return new LinearTableModel(LinearModel.FitNumber(part.Rows.Linear, targets, penalty, cancellation), target.CountsRatios, classCount: 0);
    }

    public TablePredictions Predict(EncodedRows rows)
    {
        float[] values = model.Predict(rows.Linear);
        return new TablePredictions(classCount == 2 ? TableMeasure.BothChances(values)
            : isLog ? Array.ConvertAll(values, v => MathF.Exp(Math.Clamp(v, -20, 40)) - 1) : values);
    }

    public double[] Attribute(EncodedRows pair, TablePlaces places)
    {
        double[][] parts = [.. model.Weights.Select(weights => places.Differences(pair.Linear, weights))];
        if (!model.HasClasses)
        {
            return parts[0];
        }

        double[] from = [.. model.Weights.Zip(model.Biases, (weights, bias) => Score(pair.Linear, 1, weights, bias))];
        double[] slopes = PathSlopes.Of(LastChance, from, [.. from.Zip(parts, (score, of) => score + of.Sum())]);
        return [.. Enumerable.Range(0, places.ColumnCount).Select(column => slopes.Zip(parts, (slope, of) => slope * of[column]).Sum())];
    }

    private static double Score(SparseRows rows, int row, double[] weights, double bias)
    {
        (ReadOnlyMemory<int> columns, ReadOnlyMemory<float> values) = rows.Row(row);
        double score = bias;
        for (int i = 0; i < columns.Length; i++)
        {
            score += weights[columns.Span[i]] * values.Span[i];
        }

        return score;
    }

    private static double LastChance(double[] scores)
    {
        double[] chances = Array.ConvertAll(scores, score => 1 / (1 + Math.Exp(-score)));
        return chances.Length == 1 ? chances[0] : chances[^1] / chances.Sum();
    }
}
