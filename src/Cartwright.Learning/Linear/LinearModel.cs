using System.Numerics.Tensors;

namespace Cartwright.Learning.Linear;

/// <summary>A weighted sum of the columns: ridge regression for numbers, logistic regression with the same penalty for classes.</summary>
/// <remarks>
/// Hoerl and Kennard, "Ridge Regression", 1970; logistic regression by Newton's method, each step's equations solved by conjugate gradients
/// (Lin, Weng and Keerthi, "Trust Region Newton Method for Large-Scale Logistic Regression", 2008, without the region: the penalty makes the
/// loss strongly convex, and a step that overshoots is halved). More than two classes are learned one against the rest.
/// </remarks>
public sealed class LinearModel
{
    private const int NewtonSteps = 30;
    private const int GradientSteps = 250;
    private const double Precision = 1e-5;

    private readonly double[][] _weights;
    private readonly double[] _biases;

    private LinearModel(double[][] weights, double[] biases, bool hasClasses)
    {
        _weights = weights;
        _biases = biases;
        HasClasses = hasClasses;
    }

    /// <summary>True where it predicts chances.</summary>
    public bool HasClasses { get; }

    /// <summary>One row of weights; one for each class where there are more than two.</summary>
    public IReadOnlyList<double[]> Weights => _weights;

    /// <summary>What is predicted where all columns are 0; the log-odds for classes. One for each row of weights.</summary>
    public IReadOnlyList<double> Biases => _biases;

    /// <summary>Fits a number: least squares with a penalty on the weights, none on the bias.</summary>
    /// <param name="rows">Columns should be of like scale, since all are penalized alike.</param>
    /// <param name="targets">One for each row.</param>
    /// <param name="penalty">Factor of half the squared weights beside half the sum of squared errors; more than 0.</param>
    /// <exception cref="ShapeException">There are not as many targets as rows, or none.</exception>
    /// <exception cref="ArgumentException">A number or a target is not finite.</exception>
    public static LinearModel FitNumber(SparseRows rows, ReadOnlySpan<float> targets, double penalty, CancellationToken cancellation = default)
    {
        Check(rows, targets.Length, penalty);
        int wrong = targets.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (wrong >= 0)
        {
            throw new ArgumentException($"The target of row {wrong} is {targets[wrong]}; it must be a finite number. Leave the row out.", nameof(targets));
        }

        double[] y = new double[targets.Length];
        TensorPrimitives.ConvertTruncating(targets, (Span<double>)y);
        (double[] weights, double bias) = Solve(rows, y, penalty, isLogistic: false, cancellation);
        return new LinearModel([weights], [bias], hasClasses: false);
    }

    /// <summary>Fits the chance of each class.</summary>
    /// <param name="rows">Columns should be of like scale, since all are penalized alike.</param>
    /// <param name="classes">From 0, one for each row.</param>
    /// <param name="classCount">2 or more.</param>
    /// <param name="penalty">Factor of half the squared weights beside the sum of the cross-entropy; more than 0: the inverse of what scikit-learn calls C.</param>
    /// <exception cref="ShapeException">There are not as many classes as rows, or none.</exception>
    /// <exception cref="ArgumentException">A number is not finite, or a class does not exist.</exception>
    public static LinearModel FitClasses(SparseRows rows, ReadOnlySpan<int> classes, int classCount, double penalty, CancellationToken cancellation = default)
    {
        Check(rows, classes.Length, penalty);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        for (int row = 0; row < classes.Length; row++)
        {
            if ((uint)classes[row] >= (uint)classCount)
            {
                throw new ArgumentOutOfRangeException(nameof(classes), classes[row], $"The class of row {row} is not one of 0 to {classCount - 1}.");
            }
        }

        int count = classCount == 2 ? 1 : classCount;
        double[][] weights = new double[count][];
        double[] biases = new double[count];
        for (int c = 0; c < count; c++)
        {
            double[] y = new double[classes.Length];
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = classes[i] == (count == 1 ? 1 : c) ? 1 : 0;
            }

            (weights[c], biases[c]) = Solve(rows, y, penalty, isLogistic: true, cancellation);
        }

        return new LinearModel(weights, biases, hasClasses: true);
    }

    /// <summary>The model with these weights.</summary>
    /// <exception cref="ShapeException">There are not as many biases as rows of weights.</exception>
    public static LinearModel Of(IReadOnlyList<double[]> weights, IReadOnlyList<double> biases, bool hasClasses)
    {
        ShapeException.Require(
            weights.Count == biases.Count,
            $"A linear model has one bias for each row of weights; found {biases.Count} biases for {weights.Count} rows.");
        return new LinearModel([.. weights], [.. biases], hasClasses);
    }

    /// <summary>A number for each row, the chance of class 1 of two, or the chance of each class.</summary>
    /// <returns>[rows] or [rows, classes]</returns>
    public float[] Predict(SparseRows rows)
    {
        int outputs = _weights.Length;
        float[] predictions = new float[rows.RowCount * outputs];
        double[] scores = new double[rows.RowCount];
        for (int o = 0; o < outputs; o++)
        {
            rows.Multiply(_weights[o], scores);
            for (int row = 0; row < scores.Length; row++)
            {
                double score = scores[row] + _biases[o];
                predictions[(row * outputs) + o] = (float)(HasClasses ? Chance(score) : score);
            }
        }

        for (int row = 0; outputs > 1 && row < rows.RowCount; row++)
        {
            Span<float> chances = predictions.AsSpan(row * outputs, outputs);
            TensorPrimitives.Divide(chances, MathF.Max(TensorPrimitives.Sum(chances), float.Epsilon), chances);
        }

        return predictions;
    }

    private static void Check(SparseRows rows, int targets, double penalty)
    {
        ShapeException.Require(targets == rows.RowCount, $"A linear model learns one target for each row; found {targets} targets for {rows.RowCount} rows.");
        Ranges.ThrowUnlessPositive(penalty);
        ShapeException.Require(targets > 0, $"A linear model needs at least one row; found none.");
        int wrong = rows.Values.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (wrong >= 0)
        {
            throw new ArgumentException(
                $"Column {rows.Columns[wrong]} holds {rows.Values[wrong]} in a row; a linear model learns from finite numbers. Leave the row out or fill the number in.",
                nameof(rows));
        }
    }

    private static double Chance(double score) => 1 / (1 + Math.Exp(-score));

    /// <summary>Newton's method; least squares are done after one step.</summary>
    private static (double[] Weights, double Bias) Solve(SparseRows rows, double[] targets, double penalty, bool isLogistic, CancellationToken cancellation)
    {
        // The bias is the last of the parameters: a column of ones without a penalty.
        double[] parameters = new double[rows.ColumnCount + 1];
        double mean = targets.Average();
        parameters[^1] = isLogistic ? Math.Log(Math.Clamp(mean, 1e-9, 1 - 1e-9) / (1 - Math.Clamp(mean, 1e-9, 1 - 1e-9))) : mean;
        double[] scores = Scores(rows, parameters);
        double loss = Loss(scores, targets, parameters, penalty, isLogistic);
        double[] residuals = new double[targets.Length];
        double[] curvatures = new double[targets.Length];
        for (int step = 0; step < NewtonSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < scores.Length; i++)
            {
                double predicted = isLogistic ? Chance(scores[i]) : scores[i];
                residuals[i] = targets[i] - predicted;
                curvatures[i] = isLogistic ? Math.Max(predicted * (1 - predicted), 1e-12) : 1;
            }

            double[] downhill = Gather(rows, residuals, parameters, -penalty);
            double slope = TensorPrimitives.Norm<double>(downhill);
            double[] direction = ConjugateGradients(rows, curvatures, downhill, penalty);
            double[] moved = [.. parameters];
            double size = 1;
            double reached;
            do
            {
                for (int p = 0; p < moved.Length; p++)
                {
                    moved[p] = parameters[p] + (size * direction[p]);
                }

                scores = Scores(rows, moved);
                reached = Loss(scores, targets, moved, penalty, isLogistic);
                size /= 2;
            }
            while (!(reached <= loss) && size > 1e-6);

            bool isDone = !isLogistic || loss - reached <= Precision * Precision * Math.Abs(loss) || slope <= Precision;
            parameters = moved;
            loss = reached;
            if (isDone)
            {
                break;
            }
        }

        return (parameters[..^1], parameters[^1]);
    }

    private static double[] Scores(SparseRows rows, double[] parameters)
    {
        double[] scores = new double[rows.RowCount];
        rows.Multiply(parameters[..^1], scores);
        TensorPrimitives.Add<double>(scores, parameters[^1], scores);
        return scores;
    }

    private static double Loss(double[] scores, double[] targets, double[] parameters, double penalty, bool isLogistic)
    {
        double loss = 0.5 * penalty * TensorPrimitives.SumOfSquares<double>(parameters.AsSpan(..^1));
        for (int i = 0; i < scores.Length; i++)
        {
            double score = scores[i];
            loss += isLogistic
                ? Math.Max(score, 0) + Math.Log(1 + Math.Exp(-Math.Abs(score))) - (targets[i] * score)
                : 0.5 * (score - targets[i]) * (score - targets[i]);
        }

        return loss;
    }

    /// <summary>The transposed matrix times a vector, plus a factor of the parameters.</summary>
    private static double[] Gather(SparseRows rows, double[] vector, double[] parameters, double factor)
    {
        double[] sums = new double[rows.ColumnCount];
        rows.Transpose().Multiply(vector, sums);
        double[] all = new double[parameters.Length];
        for (int p = 0; p < sums.Length; p++)
        {
            all[p] = sums[p] + (factor * parameters[p]);
        }

        all[^1] = TensorPrimitives.Sum<double>(vector);
        return all;
    }

    /// <summary>Solves (X' D X + penalty) d = downhill, each parameter scaled by its own curvature.</summary>
    /// <remarks>Hestenes and Stiefel, "Methods of Conjugate Gradients for Solving Linear Systems", 1952.</remarks>
    private static double[] ConjugateGradients(SparseRows rows, double[] curvatures, double[] downhill, double penalty)
    {
        double[] scale = Diagonal(rows, curvatures, penalty);
        double[] solution = new double[downhill.Length];
        double[] residual = [.. downhill];
        double[] scaled = new double[downhill.Length];
        TensorPrimitives.Divide<double>(residual, scale, scaled);
        double[] direction = [.. scaled];
        double strength = TensorPrimitives.Dot<double>(residual, scaled);
        double enough = strength * Precision * Precision;
        for (int step = 0; step < GradientSteps && strength > enough && strength > 0; step++)
        {
            double[] along = Scores(rows, direction);
            TensorPrimitives.Multiply<double>(along, curvatures, along);
            double[] curved = Gather(rows, along, direction, penalty);
            double size = strength / TensorPrimitives.Dot<double>(direction, curved);
            for (int p = 0; p < solution.Length; p++)
            {
                solution[p] += size * direction[p];
                residual[p] -= size * curved[p];
            }

            TensorPrimitives.Divide<double>(residual, scale, scaled);
            double next = TensorPrimitives.Dot<double>(residual, scaled);
            for (int p = 0; p < direction.Length; p++)
            {
                direction[p] = scaled[p] + (next / strength * direction[p]);
            }

            strength = next;
        }

        return solution;
    }

    private static double[] Diagonal(SparseRows rows, double[] curvatures, double penalty)
    {
        double[] diagonal = new double[rows.ColumnCount + 1];
        Array.Fill(diagonal, penalty);
        for (int row = 0; row < rows.RowCount; row++)
        {
            for (int i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
            {
                diagonal[rows.Columns[i]] += curvatures[row] * rows.Values[i] * rows.Values[i];
            }
        }

        diagonal[^1] = TensorPrimitives.Sum<double>(curvatures);
        return diagonal;
    }
}
