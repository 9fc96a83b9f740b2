using Cartwright.Learning.Tables;

namespace Cartwright.Commerce.Tables;

/// <summary>The same answer for every row: the mean, or the share of each class. What every other model has to beat.</summary>
internal sealed class MeanModel(float[] values) : ITableModel
{
    public string Name => "mean";

    public static MeanModel Fit(TableLearning learning)
    {
        LearnedTarget target = learning.Target;
        float[] targets = learning.All.Targets;
        if (target.Kind != TableTarget.Class)
        {
            // With errors that count by their ratio the mean of the logarithms is best.
            return new MeanModel([target.CountsRatios
                ? (float)(Math.Exp(targets.Average(y => Math.Log(1 + (double)y))) - 1)
                : (float)targets.Average(y => (double)y)]);
        }

        float[] shares = new float[target.Classes.Count];
        foreach (float of in targets)
        {
            shares[(int)of] += 1f / targets.Length;
        }

        return new MeanModel(shares);
    }

    public TablePredictions Predict(EncodedRows rows) => new([.. Enumerable.Repeat(values, rows.Count).SelectMany(v => v)]);
}
