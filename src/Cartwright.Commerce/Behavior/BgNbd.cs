using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Cartwright.Commerce.Behavior;

/// <summary>What is known of a shopper's purchases up to a day.</summary>
/// <param name="Repeats">Purchases after the first, 0 or more; those of one day count as one.</param>
/// <param name="LastAt">Time from the first to the last purchase, in weeks; 0 without repeats.</param>
/// <param name="Watched">Time from the first purchase to the day, in weeks; not less than <paramref name="LastAt"/>.</param>
public readonly record struct PurchaseHistory(int Repeats, double LastAt, double Watched);

/// <summary>How often shoppers will buy again: a rate that differs from shopper to shopper, and a chance to leave for good after each purchase.</summary>
/// <remarks>
/// Fader, Hardie and Lee, "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD Model", Marketing Science 2005. Purchases come
/// at a rate that is gamma-distributed over shoppers (shape r, rate alpha); after each the shopper leaves with a chance that is
/// beta-distributed (a, b). Times are in weeks.
/// </remarks>
public sealed record BgNbd(double R, double Alpha, double A, double B)
{
    /// <summary>The parameters that make the histories most likely.</summary>
    /// <param name="histories">At least one with repeats.</param>
    /// <exception cref="ArgumentException">Nobody bought twice.</exception>
    public static BgNbd Fit(IReadOnlyList<PurchaseHistory> histories)
    {
        if (histories.All(history => history.Repeats == 0))
        {
            throw new ArgumentException("Nobody bought twice, so nothing is known of how often shoppers come back.", nameof(histories));
        }

        // Shoppers with the same history count once, with their number.
        (PurchaseHistory History, int Count)[] distinct = [.. histories.CountBy(history => history).Select(c => (c.Key, c.Value))];
        double start = histories.Average(history => history.Watched) / Math.Max(0.1, histories.Average(history => (double)history.Repeats));

        // Logarithms keep the parameters above 0; a second search from where the first ended finds what a flat valley hid.
        IObjectiveFunction loss = ObjectiveFunction.Value(logs => -Of(logs).LogLikelihood(distinct));
        Vector<double> found = Vector<double>.Build.Dense([0, Math.Log(start), 0, Math.Log(2)]);
        for (int search = 0; search < 3; search++)
        {
            found = Simplex.Minimum(loss, found, Vector<double>.Build.Dense(4, 0.3));
        }

        return Of(found);
    }

    /// <summary>The logarithm of the chance of all histories together.</summary>
    public double LogLikelihood(IEnumerable<PurchaseHistory> histories) => histories.Sum(LogLikelihood);

    /// <summary>The chance that a shopper has not left yet, from 0 to 1; 1 without repeats, since leaving follows a purchase.</summary>
    public double ChanceActive(PurchaseHistory history) => history.Repeats == 0 ? 1
        : 1 / (1 + (A / (B + history.Repeats - 1) * Math.Pow((Alpha + history.Watched) / (Alpha + history.LastAt), R + history.Repeats)));

    /// <summary>Purchases to be expected of a shopper in the weeks to come.</summary>
    /// <param name="weeks">0 or more.</param>
    /// <remarks>Equation 10 of the paper.</remarks>
    public double ExpectedPurchases(PurchaseHistory history, double weeks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weeks);
        int x = history.Repeats;
        double span = Alpha + history.Watched;
        double left = 1 - (Math.Pow(span / (span + weeks), R + x) * Hypergeometric(R + x, B + x, A + B + x - 1, weeks / (span + weeks)));
        return (A + B + x - 1) / (A - 1) * left * ChanceActive(history);
    }

    private static BgNbd Of(Vector<double> logs)
    {
        double Bounded(int i) => Math.Exp(Math.Clamp(logs[i], -20, 20));
        return new BgNbd(Bounded(0), Bounded(1), Bounded(2), Bounded(3));
    }

    private double LogLikelihood((PurchaseHistory History, int Count)[] distinct) => distinct.Sum(d => d.Count * LogLikelihood(d.History));

    // Equation 6 of the paper, term by term in logarithms.
    private double LogLikelihood(PurchaseHistory history)
    {
        int x = history.Repeats;
        double rate = SpecialFunctions.GammaLn(R + x) - SpecialFunctions.GammaLn(R) + (R * Math.Log(Alpha));
        double stays = SpecialFunctions.GammaLn(A + B) + SpecialFunctions.GammaLn(B + x) - SpecialFunctions.GammaLn(B) - SpecialFunctions.GammaLn(A + B + x);
        double active = -(R + x) * Math.Log(Alpha + history.Watched);
        if (x == 0)
        {
            return rate + stays + active;
        }

        double gone = Math.Log(A) - Math.Log(B + x - 1) - ((R + x) * Math.Log(Alpha + history.LastAt));
        double larger = Math.Max(active, gone);
        return rate + stays + larger + Math.Log(Math.Exp(active - larger) + Math.Exp(gone - larger));
    }

    /// <summary>Gauss's series, for z from 0 to below 1.</summary>
    private static double Hypergeometric(double a, double b, double c, double z)
    {
        double term = 1;
        double sum = 1;
        for (int n = 0; n < 100_000 && Math.Abs(term) > 1e-14 * Math.Abs(sum); n++)
        {
            term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z;
            sum += term;
        }

        return sum;
    }
}
