using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>y = x Φ(x), Φ the normal distribution: the exact form, x (1 + erf(x / √2)) / 2.</summary>
/// <remarks>
/// Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016. The tail 1 - Φ(s) for s = |x| is e^(-s²/2) P(t) with
/// t = 1 / (1 + 0.3 s), the form of Hastings, "Approximations for Digital Computers", 1955, with P fitted for least
/// relative error (6e-8): one exponential serves Φ and its slope, and small values of Φ keep their digits.
/// </remarks>
internal static class GeluKernel
{
    private const float InverseSqrtTwoPi = 0.398942280f;

    // P(t) = C0 + C1 t + … + C8 t⁸.
    private const float C0 = 6.85419955e-6f;
    private const float C1 = 0.119493037f;
    private const float C2 = 0.121882245f;
    private const float C3 = 0.0948321819f;
    private const float C4 = 0.142187074f;
    private const float C5 = -0.0760027021f;
    private const float C6 = 0.228220180f;
    private const float C7 = -0.168953419f;
    private const float C8 = 0.0383345820f;

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Map<Value>(x, y);

    /// <param name="x">What went into <see cref="Forward"/>: the slope is Φ(x) + x φ(x).</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, Span<float> gradX) =>
        Elementwise.AddGradient<Slope>(gradY, x, gradX);

    internal readonly struct Value : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => x * Distribution(x, out _);

        public static float Of(float x) => x * Distribution(x, out _);
    }

    internal readonly struct Slope : IFunction
    {
        public static Vector<float> Of(Vector<float> x)
        {
            Vector<float> distribution = Distribution(x, out Vector<float> bell);
            return Vector.MultiplyAddEstimate(x * InverseSqrtTwoPi, bell, distribution);
        }

        public static float Of(float x)
        {
            float distribution = Distribution(x, out float bell);
            return (x * InverseSqrtTwoPi * bell) + distribution;
        }
    }

    /// <summary>Φ(x), and e^(-x²/2) beside it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<float> Distribution(Vector<float> x, out Vector<float> bell)
    {
        Vector<float> t = Vector<float>.One / Vector.MultiplyAddEstimate(Vector.Abs(x), new Vector<float>(0.3f), Vector<float>.One);
        Vector<float> p = new(C8);
        p = Vector.MultiplyAddEstimate(p, t, new Vector<float>(C7));
        p = Vector.MultiplyAddEstimate(p, t, new Vector<float>(C6));
        p = Vector.MultiplyAddEstimate(p, t, new Vector<float>(C5));
        p = Vector.MultiplyAddEstimate(p, t, new Vector<float>(C4));
        p = Vector.MultiplyAddEstimate(p, t, new Vector<float>(C3));
        p = Vector.MultiplyAddEstimate(p, t, new Vector<float>(C2));
        p = Vector.MultiplyAddEstimate(p, t, new Vector<float>(C1));
        p = Vector.MultiplyAddEstimate(p, t, new Vector<float>(C0));
        bell = VectorExp.OfNonPositive(x * x * -0.5f);
        Vector<float> tail = bell * p;
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), tail, Vector<float>.One - tail);
    }

    /// <summary>Φ(x), and e^(-x²/2) beside it.</summary>
    internal static float Distribution(float x, out float bell)
    {
        float t = 1 / ((MathF.Abs(x) * 0.3f) + 1);
        float p = (((((((((((((((C8 * t) + C7) * t) + C6) * t) + C5) * t) + C4) * t) + C3) * t) + C2) * t) + C1) * t) + C0;
        bell = MathF.Exp(x * x * -0.5f);
        return x < 0 ? bell * p : 1 - (bell * p);
    }
}
