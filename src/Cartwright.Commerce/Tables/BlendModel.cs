using System.Numerics.Tensors;

namespace Cartwright.Commerce.Tables;

/// <summary>A weighted mean of models, each as often as it helped on validation.</summary>
/// <remarks>
/// Greedy selection with replacement: Caruana et al., "Ensemble Selection from Libraries of Models", ICML 2004. Ends of intervals are the mean of
/// those models that have them, widened or narrowed by one number so that they hold four of five validation rows: Romano,
/// Patterson and Candès, "Conformalized Quantile Regression", NeurIPS 2019.
/// </remarks>
internal sealed class BlendModel : ITableModel
{
    private const int Picks = 25;
    private const double Inside = 0.8;
    private const double AsGood = 1.1;

    private readonly LearnedTarget _target;

    private BlendModel(LearnedTarget target, IReadOnlyList<(IBlendableModel Model, double Weight)> members, double widening)
    {
        _target = target;
        Members = members;
        Widening = widening;
    }

    public string Name => "blend";

    /// <summary>Those with a weight above 0; the weights sum to 1.</summary>
    public IReadOnlyList<(IBlendableModel Model, double Weight)> Members { get; }

    /// <summary>What is added to both ends of an interval, on the scale on which the number is learned.</summary>
    public double Widening { get; }

    /// <summary>A blend that was chosen before.</summary>
    public static BlendModel Of(LearnedTarget target, IReadOnlyList<(IBlendableModel Model, double Weight)> members, double widening) => new(target, members, widening);

    /// <param name="learned">Models that saw the training rows alone, for choosing.</param>
    /// <param name="serving">The same models as they will answer, which may have seen the validation rows too.</param>
    public static BlendModel Choose(TableLearning learning, IReadOnlyList<IBlendableModel> learned, IReadOnlyList<IBlendableModel> serving)
    {
        (EncodedRows rows, float[] targets) = learning.Validation;
        LearnedTarget target = learning.Target;
        TablePredictions[] predictions = [.. learned.Select(model => model.Predict(rows))];
        // Models about as good as the best begin with one pick each: on few rows the best of them is best by luck.
        double[] losses = [.. predictions.Select(p => TableMeasure.Loss(target, p.Values, targets))];
        int[] counts = [.. losses.Select(loss => loss <= AsGood * losses.Min() ? 1 : 0)];
        double best = TableMeasure.Loss(target, Mix(target, predictions, Weights(counts)).Values, targets);
        for (int pick = 0; pick < Picks; pick++)
        {
            int chosen = -1;
            for (int m = 0; m < counts.Length; m++)
            {
                counts[m]++;
                double loss = TableMeasure.Loss(target, Mix(target, predictions, Weights(counts)).Values, targets);
                counts[m]--;
                if (loss < best)
                {
                    (best, chosen) = (loss, m);
                }
            }

            if (chosen < 0)
            {
                break;
            }

            counts[chosen]++;
        }

        double[] weights = Weights(counts);
        TablePredictions mixed = Mix(target, predictions, weights);
        return new BlendModel(target, [.. serving.Zip(weights).Where(m => m.Second > 0)], mixed.Low is null ? 0 : WideningOf(target, mixed, targets));
    }

    public TablePredictions Predict(EncodedRows rows)
    {
        TablePredictions mixed = Mix(_target, [.. Members.Select(m => m.Model.Predict(rows))], [.. Members.Select(m => m.Weight)]);
        return mixed.Low is null ? mixed : mixed with
        {
            Low = Array.ConvertAll(mixed.Low, low => (float)Back(_target, Scaled(_target, low) - Widening)),
            High = Array.ConvertAll(mixed.High!, high => (float)Back(_target, Scaled(_target, high) + Widening)),
        };
    }

    /// <summary>What each column adds to the answer beside that of another row; of classes, to the chance of the last one.</summary>
    /// <param name="pair">The row, then the other.</param>
    /// <returns>Parts that sum to the difference of the two answers: [columns of the encoder].</returns>
    public double[] Attribute(EncodedRows pair, TablePlaces places)
    {
        double[] parts = new double[places.ColumnCount];
        foreach ((IBlendableModel model, double weight) in Members)
        {
            TensorPrimitives.MultiplyAdd(model.Attribute(pair, places), weight, parts, parts);
        }

        float[] values = Predict(pair).Values;
        int outputs = values.Length / 2;
        double slope = _target.CountsRatios
            ? PathSlopes.Of(mixed => Math.Exp(mixed[0]) - 1, [_target.Mixed(values[^1])], [_target.Mixed(values[outputs - 1])])[0] : 1;
        return Array.ConvertAll(parts, part => slope * part);
    }

    private static double[] Weights(int[] counts)
    {
        int sum = Math.Max(1, counts.Sum());
        return [.. counts.Select(count => (double)count / sum)];
    }

    private static double WideningOf(LearnedTarget target, TablePredictions mixed, float[] targets)
    {
        double[] outside = [.. targets.Select((y, i) =>
            Math.Max(Scaled(target, mixed.Low![i]) - Scaled(target, y), Scaled(target, y) - Scaled(target, mixed.High![i]))).Order()];
        return outside[Math.Min(outside.Length - 1, (int)Math.Ceiling(Inside * (outside.Length + 1)) - 1)];
    }

    private static TablePredictions Mix(LearnedTarget target, TablePredictions[] of, double[] weights)
    {
        double withEnds = of.Zip(weights).Where(m => m.First.Low is not null).Sum(m => m.Second);
        return new TablePredictions(
            Sum(p => p.Values, weights, target.CountsRatios),
            withEnds == 0 ? null : Sum(p => p.Low, [.. weights.Select(w => w / withEnds)], target.IsLog),
            withEnds == 0 ? null : Sum(p => p.High, [.. weights.Select(w => w / withEnds)], target.IsLog));

        float[] Sum(Func<TablePredictions, float[]?> values, double[] by, bool isLog)
        {
            double[] sums = new double[of[0].Values.Length];
            foreach ((TablePredictions predictions, double weight) in of.Zip(by))
            {
                if (weight > 0 && values(predictions) is { } numbers)
                {
                    for (int i = 0; i < sums.Length; i++)
                    {
                        sums[i] += weight * (isLog ? Math.Log(1 + Math.Max(0, (double)numbers[i])) : numbers[i]);
                    }
                }
            }

            return Array.ConvertAll(sums, sum => (float)(isLog ? Math.Exp(sum) - 1 : sum));
        }
    }

    private static double Scaled(LearnedTarget target, double value) => target.IsLog ? Math.Log(Math.Max(value, 1e-9)) : value;

    private static double Back(LearnedTarget target, double value) => target.IsLog ? Math.Exp(value) : value;
}
