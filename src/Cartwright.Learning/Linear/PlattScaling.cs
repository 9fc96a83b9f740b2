namespace Cartwright.Learning.Linear;

/// <summary>Sets the chances of a model right on rows that it did not learn from: chance = ceiling · sigmoid(Slope · logit + Shift).</summary>
/// <remarks>
/// Platt, "Probabilistic Outputs for Support Vector Machines", 1999, without his smoothed targets; by Fisher scoring, a step that overshoots is
/// halved. A ceiling is what the chance could be at most (of a click: that the row was seen at all); 1 gives Platt's own form.
/// </remarks>
/// <param name="Slope">Factor of the logit; below 1 where the model was too sure. Less than 0 where it was wrong.</param>
/// <param name="Shift">Added to it; below 0 where it promised too much.</param>
public sealed record PlattScaling(double Slope = 1, double Shift = 0)
{
    private const int Steps = 50;
    private const double Least = 1e-9;

    /// <summary>A pull of both numbers to 1 and 0, as strong as this many rows: it keeps them finite where the classes part cleanly.</summary>
    private const double Prior = 1;

    /// <param name="logits">Of the model.</param>
    /// <param name="came">Whether it came.</param>
    /// <param name="ceilings">The largest chance of each row, over 0 to 1; empty for 1.</param>
    /// <returns>Slope 1 and shift 0 where there are no rows.</returns>
    /// <exception cref="ShapeException">The lengths differ.</exception>
    public static PlattScaling Fit(ReadOnlySpan<float> logits, ReadOnlySpan<bool> came, ReadOnlySpan<float> ceilings = default)
    {
        ShapeException.Require(
            came.Length == logits.Length,
            $"Platt scaling learns from one outcome for each logit; found {came.Length} outcomes for {logits.Length} logits.");
        if (!ceilings.IsEmpty)
        {
            ShapeException.Require(
                ceilings.Length == logits.Length,
                $"Platt scaling takes one ceiling for each logit, or none at all; found {ceilings.Length} for {logits.Length} logits.");
        }

        for (int row = 0; row < logits.Length; row++)
        {
            if (float.IsNaN(logits[row]))
            {
                throw new ArgumentException($"The logit of row {row} is NaN; leave the row out.", nameof(logits));
            }
        }

        var best = new PlattScaling();
        double loss = best.Loss(logits, came, ceilings);
        for (int step = 0; step < Steps; step++)
        {
            (double slope, double shift) = best.Direction(logits, came, ceilings);
            PlattScaling next = best;
            double reached = double.PositiveInfinity;
            for (double share = 1; share > 1e-6 && !(reached < loss); share /= 2)
            {
                next = new PlattScaling(best.Slope + (share * slope), best.Shift + (share * shift));
                reached = next.Loss(logits, came, ceilings);
            }

            if (!(loss - reached > 1e-10 * loss))
            {
                break;
            }

            (best, loss) = (next, reached);
        }

        return best;
    }

    /// <param name="logit">Of the model.</param>
    /// <param name="ceiling">The largest chance there is, over 0 to 1.</param>
    public double Chance(double logit, double ceiling = 1) => ceiling / (1 + Math.Exp(-((Slope * logit) + Shift)));

    private double Loss(ReadOnlySpan<float> logits, ReadOnlySpan<bool> came, ReadOnlySpan<float> ceilings)
    {
        double sum = Prior * (((Slope - 1) * (Slope - 1)) + (Shift * Shift)) / 2;
        for (int i = 0; i < logits.Length; i++)
        {
            double chance = Math.Clamp(Chance(logits[i], ceilings.IsEmpty ? 1 : ceilings[i]), Least, 1 - Least);
            sum -= Math.Log(came[i] ? chance : 1 - chance);
        }

        return sum;
    }

    private (double Slope, double Shift) Direction(ReadOnlySpan<float> logits, ReadOnlySpan<bool> came, ReadOnlySpan<float> ceilings)
    {
        (double gradientA, double gradientB) = (Prior * (1 - Slope), -Prior * Shift);
        (double aa, double ab, double bb) = (Prior, 0, Prior);
        for (int i = 0; i < logits.Length; i++)
        {
            double ceiling = ceilings.IsEmpty ? 1 : ceilings[i];
            double chance = Math.Clamp(Chance(logits[i], ceiling), Least, 1 - Least);
            double by = chance * (1 - (chance / ceiling));             // of the chance by Slope · logit + Shift
            double weight = by / (chance * (1 - chance));
            double gradient = ((came[i] ? 1 : 0) - chance) * weight;
            gradientA += gradient * logits[i];
            gradientB += gradient;
            double curvature = by * weight;
            aa += curvature * logits[i] * logits[i];
            ab += curvature * logits[i];
            bb += curvature;
        }

        double determinant = (aa * bb) - (ab * ab);
        return (((bb * gradientA) - (ab * gradientB)) / determinant, ((aa * gradientB) - (ab * gradientA)) / determinant);
    }
}
