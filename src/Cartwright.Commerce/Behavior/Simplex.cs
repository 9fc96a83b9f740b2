using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Cartwright.Commerce.Behavior;

/// <summary>Looks for the parameters of the lowest loss.</summary>
internal static class Simplex
{
    private const double Tolerance = 1e-10;
    private const int Iterations = 20_000;

    /// <exception cref="ArgumentException">There is no lowest point: too little is known, and the loss goes on falling.</exception>
    public static Vector<double> Minimum(IObjectiveFunction loss, Vector<double> start, Vector<double> reach)
    {
        try
        {
            return NelderMeadSimplex.Minimum(loss, start, reach, Tolerance, Iterations).MinimizingPoint;
        }
        catch (MaximumIterationsException endless)
        {
            throw new ArgumentException("Too little is known of repeated purchases to tell how shoppers differ.", nameof(loss), endless);
        }
    }
}
