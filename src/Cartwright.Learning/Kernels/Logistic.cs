using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>ln(1 + e^x) and its slope, the sigmoid of x, from one exponential: what losses of logits are made of.</summary>
internal static class Logistic
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Softplus(Vector<float> x, out Vector<float> sigmoid)
    {
        // As in SoftplusKernel: ln(1 + u) = ln(w) u / (w - 1) with w = 1 + u as rounded.
        Vector<float> u = VectorExp.Of(-Vector.Abs(x));
        Vector<float> w = Vector<float>.One + u;
        Vector<float> log = Vector.ConditionalSelect(
            Vector.Equals(w, Vector<float>.One), u, Vector.Log(w) * u / (w - Vector<float>.One));
        sigmoid = Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), u, Vector<float>.One) / w;
        return Vector.Max(x, Vector<float>.Zero) + log;
    }

    public static float Softplus(float x, out float sigmoid)
    {
        double u = Math.Exp(-MathF.Abs(x));
        sigmoid = (float)((x < 0 ? u : 1) / (1 + u));
        return MathF.Max(x, 0) + (float)double.LogP1(u);
    }
}
