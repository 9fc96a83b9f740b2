using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Cartwright.Commerce.Behavior;

/// <summary>What shoppers spend in a purchase: a mean that differs from shopper to shopper, learned from few purchases of each.</summary>
/// <remarks>
/// Fader and Hardie, "The Gamma-Gamma Model of Monetary Value", 2013. The value of a purchase is gamma-distributed (shape p) around a mean whose rate is
/// gamma-distributed over shoppers (shape q, rate gamma). It takes value and frequency to be independent.
/// </remarks>
public sealed record GammaGamma(double P, double Q, double Gamma)
{
    /// <summary>The parameters that make the means most likely.</summary>
    /// <param name="spenders">Of each shopper with repeats: their number and the mean value of one, above 0.</param>
    /// <exception cref="ArgumentException">Nobody has repeats with a value.</exception>
    public static GammaGamma Fit(IReadOnlyList<(int Repeats, double MeanValue)> spenders)
    {
        (int Repeats, double MeanValue)[] counted = [.. spenders.Where(s => s.Repeats > 0 && s.MeanValue > 0)];
        if (counted.Length == 0)
        {
            throw new ArgumentException("No repeated purchase has a price, so nothing is known of what shoppers spend.", nameof(spenders));
        }

        double mean = counted.Average(s => s.MeanValue);
        IObjectiveFunction loss = ObjectiveFunction.Value(logs => -Of(logs).LogLikelihood(counted));
        Vector<double> found = Vector<double>.Build.Dense([Math.Log(5), Math.Log(4), Math.Log(mean)]);
        for (int search = 0; search < 3; search++)
        {
            found = Simplex.Minimum(loss, found, Vector<double>.Build.Dense(3, 0.3));
        }

        return Of(found);
    }

    /// <summary>The mean value of a purchase to be expected of a shopper, in the currency of what was learned from.</summary>
    /// <param name="repeats">0 or more; without any it is the mean over all shoppers.</param>
    /// <param name="meanValue">Of the shopper's repeats.</param>
    public double ExpectedValue(int repeats, double meanValue) => P * (Gamma + (repeats * meanValue)) / ((P * repeats) + Q - 1);

    public double LogLikelihood(IEnumerable<(int Repeats, double MeanValue)> spenders) => spenders.Sum(spender =>
    {
        double shape = P * spender.Repeats;
        return SpecialFunctions.GammaLn(shape + Q) - SpecialFunctions.GammaLn(shape) - SpecialFunctions.GammaLn(Q) + (Q * Math.Log(Gamma))
            + ((shape - 1) * Math.Log(spender.MeanValue)) + (shape * Math.Log(spender.Repeats)) - ((shape + Q) * Math.Log(Gamma + (spender.Repeats * spender.MeanValue)));
    });

    private static GammaGamma Of(Vector<double> logs)
    {
        double Bounded(int i) => Math.Exp(Math.Clamp(logs[i], -20, 20));
        return new GammaGamma(Bounded(0), Bounded(1), Bounded(2));
    }
}
