namespace Cartwright.Learning.Metrics;

/// <summary>How well chances of classes fit what came.</summary>
public static class Classification
{
    private const double LeastChance = 1e-15;

    /// <summary>
    /// Chance that a row of class 1 has a higher score than one of class 0, ties counted half: scores 0.1, 0.4, 0.35, 0.8 of classes 0, 0, 1,
    /// 1 give 0.75. NaN where a class is missing.
    /// </summary>
    /// <remarks>The Mann-Whitney statistic: Hanley and McNeil, "The Meaning and Use of the Area under a ROC Curve", 1982.</remarks>
    /// <exception cref="ShapeException">There are not as many classes as scores.</exception>
    /// <exception cref="ArgumentException">A score is NaN, or a class is neither 0 nor 1.</exception>
    public static double Auc(ReadOnlySpan<float> scores, ReadOnlySpan<int> classes)
    {
        ShapeException.Require(
            classes.Length == scores.Length,
            $"The area under the curve needs a class for each score; found {classes.Length} classes and {scores.Length} scores.");
        ThrowUnlessNumbers(scores, nameof(scores));
        foreach (int label in classes)
        {
            if (label is not (0 or 1))
            {
                throw new ArgumentOutOfRangeException(nameof(classes), label, "The area under the curve is of classes 0 and 1.");
            }
        }

        float[] sorted = scores.ToArray();
        int[] of = classes.ToArray();
        Array.Sort(sorted, of);
        double rankSum = 0;
        long positives = 0;
        for (int start = 0; start < sorted.Length;)
        {
            int end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
            {
                end++;
            }

            int here = of.AsSpan(start..end).Count(1);
            rankSum += here * ((start + end + 1) / 2.0);
            positives += here;
            start = end;
        }

        double negatives = sorted.Length - positives;
        return positives == 0 || negatives == 0 ? double.NaN : (rankSum - (positives * (positives + 1) / 2.0)) / (positives * negatives);
    }

    /// <summary>-ln of the chance that the class which came was given.</summary>
    /// <param name="chance">From 0 to 1; less than 1e-15 counts as that.</param>
    public static double LogLoss(double chance) => -Math.Log(Math.Clamp(chance, LeastChance, 1));

    /// <summary>
    /// Expected calibration error: rows put into ten bins of equal width by the chance that they were given, the distance between the mean
    /// chance and the share that came, weighted by rows.
    /// </summary>
    /// <param name="chances">From 0 to 1, of the class that is asked about.</param>
    /// <param name="came">Whether it came.</param>
    /// <remarks>Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015.</remarks>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    /// <exception cref="ArgumentException">A chance is NaN.</exception>
    public static double CalibrationError(ReadOnlySpan<float> chances, ReadOnlySpan<bool> came)
    {
        const int Bins = 10;
        ShapeException.Require(
            came.Length == chances.Length,
            $"The calibration error needs an outcome for each chance; found {came.Length} outcomes and {chances.Length} chances.");
        ThrowUnlessNumbers(chances, nameof(chances));
        Span<double> differences = stackalloc double[Bins];
        for (int i = 0; i < chances.Length; i++)
        {
            differences[Math.Clamp((int)(chances[i] * Bins), 0, Bins - 1)] += chances[i] - (came[i] ? 1 : 0);
        }

        double sum = 0;
        foreach (double difference in differences)
        {
            sum += Math.Abs(difference);
        }

        return chances.Length == 0 ? 0 : sum / chances.Length;
    }

    private static void ThrowUnlessNumbers(ReadOnlySpan<float> values, string name)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (float.IsNaN(values[i]))
            {
                throw new ArgumentException($"Number {i} of the {name} is NaN, which has no place among others. Leave its row out.", name);
            }
        }
    }

    /// <summary>Harmonic mean of precision and recall of one class: 2 hits / (named + actual); 0 where it neither came nor was named.</summary>
    public static double F1(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual, int ofClass)
    {
        ShapeException.Require(actual.Length == predicted.Length, $"F1 compares as many actual classes as predicted ones; found {actual.Length} and {predicted.Length}.");
        int hits = 0;
        int all = 0;
        for (int i = 0; i < predicted.Length; i++)
        {
            hits += predicted[i] == ofClass && actual[i] == ofClass ? 1 : 0;
            all += (predicted[i] == ofClass ? 1 : 0) + (actual[i] == ofClass ? 1 : 0);
        }

        return all == 0 ? 0 : 2.0 * hits / all;
    }
}
