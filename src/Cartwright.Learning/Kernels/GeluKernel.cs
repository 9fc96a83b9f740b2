using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>y = x Φ(x), Φ the normal distribution: the exact form, x (1 + erf(x / √2)) / 2.</summary>
/// <remarks>
/// Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016. The tail 1 - Φ(s) for s = |x| is e^(-s²/2) P(t) with
/// t = 1 / (1 + 0.3 s), the form of Hastings, "Approximations for Digital Computers", 1955, with P fitted for least
/// relative error (6e-8): one exponential serves Φ and its slope, and small values of Φ keep their digits.
/// </remarks>
internal readonly struct GeluKernel : IActivation
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

    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.MapWide<GeluKernel>(x, y);

    /// <param name="x">What went into <see cref="Forward"/>: the slope is Φ(x) + x φ(x).</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, Span<float> gradX) =>
        Elementwise.AddGradient<SlopeOf<GeluKernel>>(gradY, x, gradX);

    public static bool IsIdentity => false;

    public static bool HasSlopeOfValue => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => x * Distribution(x, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x, out TLanes slope)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes distribution = Distribution(x, out TLanes bell);
        slope = TLanes.MultiplyAdd(x * TLanes.Repeat(InverseSqrtTwoPi), bell, distribution);
        return x * distribution;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Slope<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        _ = Of(x, out TLanes slope);
        return slope;
    }

    public static float Of(float x) => x * Distribution(x, out _);

    public static float Slope(float x)
    {
        float distribution = Distribution(x, out float bell);
        return (x * InverseSqrtTwoPi * bell) + distribution;
    }

    /// <summary>Φ(x), and e^(-x²/2) beside it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Distribution<TLanes>(TLanes x, out TLanes bell)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes one = TLanes.Repeat(1);
        TLanes t = one / TLanes.MultiplyAdd(TLanes.Abs(x), TLanes.Repeat(0.3f), one);
        TLanes p = TLanes.Repeat(C8);
        p = TLanes.MultiplyAdd(p, t, TLanes.Repeat(C7));
        p = TLanes.MultiplyAdd(p, t, TLanes.Repeat(C6));
        p = TLanes.MultiplyAdd(p, t, TLanes.Repeat(C5));
        p = TLanes.MultiplyAdd(p, t, TLanes.Repeat(C4));
        p = TLanes.MultiplyAdd(p, t, TLanes.Repeat(C3));
        p = TLanes.MultiplyAdd(p, t, TLanes.Repeat(C2));
        p = TLanes.MultiplyAdd(p, t, TLanes.Repeat(C1));
        p = TLanes.MultiplyAdd(p, t, TLanes.Repeat(C0));
        bell = VectorExp.OfNonPositive(x * x * TLanes.Repeat(-0.5f));
        TLanes tail = bell * p;
        return TLanes.IfLess(x, TLanes.Repeat(0), tail, one - tail);
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
