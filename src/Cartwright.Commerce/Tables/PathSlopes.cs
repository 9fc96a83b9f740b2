namespace Cartwright.Commerce.Tables;

/// <summary>How much an answer moves with each score it is made of, as the mean over the straight way between two rows' scores.</summary>
/// <remarks>
/// Integrated gradients of the last step, from scores to the answer, so that parts of scores become parts of the answer and still add up:
/// Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.
/// </remarks>
internal static class PathSlopes
{
    private const int Steps = 64;
    private const double Nearby = 1e-5;

    /// <param name="answer">The answer by its scores; smooth.</param>
    /// <returns>One for each score; times the differences of the scores they sum to that of the answers.</returns>
    public static double[] Of(Func<double[], double> answer, double[] from, double[] to)
    {
        double[] slopes = new double[from.Length];
        double[] at = new double[from.Length];
        for (int step = 0; step < Steps; step++)
        {
            double share = (step + 0.5) / Steps;
            for (int i = 0; i < at.Length; i++)
            {
                at[i] = from[i] + (share * (to[i] - from[i]));
            }

            for (int i = 0; i < at.Length; i++)
            {
                double middle = at[i];
                at[i] = middle + Nearby;
                double above = answer(at);
                at[i] = middle - Nearby;
                slopes[i] += (above - answer(at)) / (2 * Nearby * Steps);
                at[i] = middle;
            }
        }

        return slopes;
    }
}
