namespace Cartwright.Commerce.Recommendation;

/// <summary>How much more often two products are bought together than if neither asked for the other.</summary>
internal static class Association
{
    /// <summary>Baskets that stand against a lift: one that rests on few together and few expected stays near 1.</summary>
    public const double Shrinkage = 2;

    /// <summary>The lift, drawn to 1 where there is little to tell it by.</summary>
    /// <param name="together">Baskets with both.</param>
    /// <param name="expected">Baskets with both that were expected: baskets with the one · share of all baskets with the other.</param>
    /// <returns>3 together where 1 was expected: 1.67, and not 3.</returns>
    /// <remarks>
    /// (together + k) / (expected + k), k = <see cref="Shrinkage"/>: the mean of what is believed of the ratio where it is thought to be about 1
    /// before counting (DuMouchel 1999, see <see cref="GammaBelief"/>).
    /// </remarks>
    public static double Lift(double together, double expected) => GammaBelief.AboutOne(Shrinkage).After(together, expected).Mean;

    /// <summary>How much better "together more often than by chance" tells what was counted than "by chance" does; 0 where they are together less often.</summary>
    /// <param name="together">Baskets with both.</param>
    /// <param name="first">Baskets with the one.</param>
    /// <param name="second">Baskets with the other.</param>
    /// <param name="baskets">All baskets.</param>
    /// <remarks>−2 ln λ of the two-by-two table: Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence", Computational Linguistics 19(1), 1993.</remarks>
    public static double LogLikelihood(double together, double first, double second, double baskets)
    {
        if (together * baskets <= first * second)
        {
            return 0;
        }

        double both = Term(together, first * second / baskets);
        double onlyFirst = Term(first - together, first * (baskets - second) / baskets);
        double onlySecond = Term(second - together, second * (baskets - first) / baskets);
        double neither = Term(baskets - first - second + together, (baskets - first) * (baskets - second) / baskets);
        return 2 * (both + onlyFirst + onlySecond + neither);

        static double Term(double counted, double expected) => counted <= 0 ? 0 : counted * Math.Log(counted / expected);
    }
}
