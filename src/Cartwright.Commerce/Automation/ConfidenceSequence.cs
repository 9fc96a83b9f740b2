namespace Cartwright.Commerce.Automation;

/// <summary>What was seen of an arm so far: how many, their mean, and the sum of their squared distances from it.</summary>
public readonly record struct ArmSum(long Count, double Mean, double Squares)
{
    /// <summary>With one more value.</summary>
    public ArmSum With(double value)
    {
        double mean = Mean + ((value - Mean) / (Count + 1));
        return new ArmSum(Count + 1, mean, Squares + ((value - Mean) * (value - mean)));
    }

    /// <summary>0 where there are fewer than two.</summary>
    public double Variance => Count > 1 ? Squares / (Count - 1) : 0;
}

/// <summary>Intervals that hold at every look, however often somebody looks and whenever they stop.</summary>
/// <remarks>
/// The asymptotic confidence sequence with the boundary of a normal mixture: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory
/// and asymptotic confidence sequences", 2021, equation 4, for the difference of two means with the variance of each arm by itself.
/// </remarks>
public static class ConfidenceSequence
{
    /// <summary>Values of each arm before anything is said: earlier, the variance is not known well enough.</summary>
    public const int FewestPerArm = 100;

    /// <summary>The count at which the interval is as narrow as it can be made; elsewhere it is a little wider.</summary>
    private const double SharpestAt = 2_000;

    /// <summary>An interval for the mean of <paramref name="arm"/> less that of <paramref name="control"/>.</summary>
    /// <param name="error">Chance, over all looks together, that the interval ever misses: more than 0, less than 1.</param>
    /// <returns>Null where there are too few values of an arm.</returns>
    public static (double Low, double High)? Difference(ArmSum control, ArmSum arm, double error)
    {
        if (control.Count < FewestPerArm || arm.Count < FewestPerArm)
        {
            return null;
        }

        // An arm in which all is equal by chance has no variance of its own: it has at least the one that its counterpart makes likely.
        double pooled = (control.Squares + arm.Squares) / (control.Count + arm.Count - 2);
        double t = control.Count + arm.Count;
        double variance = (Math.Max(control.Variance, pooled / 2) / control.Count) + (Math.Max(arm.Variance, pooled / 2) / arm.Count);
        double radius = Radius(t, error) * Math.Sqrt(t * variance);
        double difference = arm.Mean - control.Mean;
        return (difference - radius, difference + radius);
    }

    /// <summary>Half the width of the interval around the mean of t values with variance 1.</summary>
    public static double Radius(double t, double error)
    {
        double l = -2 * Math.Log(error);
        double squared = (l + Math.Log(l + 1)) / SharpestAt;              // of the mixture's deviation, for the narrowest interval there
        double x = (t * squared) + 1;
        return Math.Sqrt(2 * x / (t * t * squared) * Math.Log(Math.Sqrt(x) / error));
    }
}

/// <summary>Whether arms have the shares that they should have; may be looked at always.</summary>
/// <remarks>The Bayes factor of shares drawn from a Dirichlet against the planned ones: Lindon and Malek, "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 2022.</remarks>
public static class SampleRatio
{
    /// <summary>How close to the planned shares others are thought to be before anything is seen.</summary>
    private const double Concentration = 100;

    /// <summary>Below this the shares are not what they should be.</summary>
    public const double Alarm = 0.01;

    /// <param name="counts">Shoppers by arm.</param>
    /// <param name="shares">What each arm should have; they sum to 1.</param>
    /// <returns>At most the chance of counts as odd as these at any look, if the shares are right: 0 to 1.</returns>
    public static double Chance(IReadOnlyList<long> counts, IReadOnlyList<double> shares)
    {
        double total = counts.Sum();
        double log = Gamma(Concentration) - Gamma(Concentration + total);
        for (int i = 0; i < counts.Count; i++)
        {
            log += Gamma((Concentration * shares[i]) + counts[i]) - Gamma(Concentration * shares[i]) - (counts[i] * Math.Log(shares[i]));
        }

        return Math.Min(1, Math.Exp(-log));
    }

    private static double Gamma(double x) => MathNet.Numerics.SpecialFunctions.GammaLn(x);
}
