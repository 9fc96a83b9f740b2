namespace Cartwright.Learning.Kernels;

/// <summary>ln Γ and its derivative for numbers above 0, in double precision.</summary>
/// <remarks>
/// Raised by the recurrence Γ(x + 1) = x Γ(x) to where Stirling's series holds: Abramowitz and Stegun, "Handbook of Mathematical
/// Functions", 1964, 6.1.15, 6.1.40 and 6.3.18.
/// </remarks>
internal static class GammaFunction
{
    private const double SeriesFrom = 10;
    private const double HalfLogTwoPi = 0.91893853320467274178;

    public static double Log(double x)
    {
        double product = 1;
        for (; x < SeriesFrom; x++)
        {
            product *= x;
        }

        double z = 1 / (x * x);
        double series = 1.0 / 12 + (z * (-1.0 / 360 + (z * (1.0 / 1260 + (z * (-1.0 / 1680 + (z * (1.0 / 1188))))))));
        return ((x - 0.5) * Math.Log(x)) - x + HalfLogTwoPi + (series / x) - Math.Log(product);
    }

    /// <summary>The derivative of <see cref="Log"/>.</summary>
    public static double Digamma(double x)
    {
        double sum = 0;
        for (; x < SeriesFrom; x++)
        {
            sum += 1 / x;
        }

        double z = 1 / (x * x);
        double series = z * (1.0 / 12 - (z * (1.0 / 120 - (z * (1.0 / 252 - (z * (1.0 / 240 - (z * (1.0 / 132)))))))));
        return Math.Log(x) - (0.5 / x) - series - sum;
    }
}
