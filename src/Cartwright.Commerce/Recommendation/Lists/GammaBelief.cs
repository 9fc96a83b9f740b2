namespace Cartwright.Commerce.Recommendation;

/// <summary>What is believed of a rate, or of the ratio of what was counted to what was expected, after counting: a gamma distribution.</summary>
/// <remarks>
/// A count that is Poisson with mean rate · exposure, and a gamma before it, give a gamma: shape + count, exposure + exposure. Of ratios:
/// DuMouchel, "Bayesian Data Mining in Large Frequency Tables, with an Application to the FDA Spontaneous Reporting System", The American
/// Statistician 53(3), 1999, with one gamma in place of his mixture of two.
/// </remarks>
/// <param name="Shape">More than 0.</param>
/// <param name="Exposure">More than 0.</param>
internal readonly record struct GammaBelief(double Shape, double Exposure)
{
    public double Mean => Shape / Exposure;

    /// <summary>A ratio of which nothing is known but that it is about 1, as sure as if <paramref name="strength"/> had been expected and counted.</summary>
    public static GammaBelief AboutOne(double strength) => new(strength, strength);

    /// <param name="count">What was counted.</param>
    /// <param name="expected">What was expected where the ratio is 1; for a rate the time that was counted in.</param>
    public GammaBelief After(double count, double expected) => new(Shape + count, Exposure + expected);

    /// <summary>Below which value it lies with the chance that a standard normal lies below <paramref name="z"/>: −1.645 for 5 %.</summary>
    /// <remarks>Wilson and Hilferty, "The Distribution of Chi-Square", PNAS 17(12), 1931: shape/exposure · (1 − 1/(9 shape) + z/(3 √shape))³; within 1 % for shapes of 5 and more.</remarks>
    public double Quantile(double z)
    {
        double root = Math.Max(0, 1 - (1 / (9 * Shape)) + (z / (3 * Math.Sqrt(Shape))));
        return Mean * root * root * root;
    }
}
