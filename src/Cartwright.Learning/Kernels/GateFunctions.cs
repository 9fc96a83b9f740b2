using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>σ and tanh for the gates of recurrent cells, at most 2e-7 off, which is what a gate near 1 is rounded by anyway.</summary>
/// <remarks>
/// <see cref="SigmoidKernel"/> and <see cref="TanhKernel"/> keep their last digits near 0 and over the whole float range; gates need neither, and
/// without the branches for it a step's gates take two thirds of the time.
/// </remarks>
internal static class GateFunctions
{
    /// <summary>Beyond it σ is 0 or 1 to the last digit of a sum.</summary>
    private const float Limit = 80;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Sigmoid<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => TLanes.Repeat(1) / (TLanes.Repeat(1) + Exp(x * TLanes.Repeat(-1)));

    /// <summary>The definition, which also serves the tail and machines without vectors.</summary>
    public static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    /// <summary>σ′ where σ is y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes SigmoidSlope<TLanes>(TLanes y)
        where TLanes : struct, ILanes<TLanes> => y * (TLanes.Repeat(1) - y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Tanh<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> =>
        (TLanes.Repeat(2) / (TLanes.Repeat(1) + Exp(x * TLanes.Repeat(-2)))) - TLanes.Repeat(1);

    /// <summary>The definition, which also serves the tail and machines without vectors.</summary>
    public static float Tanh(float x) => MathF.Tanh(x);

    /// <summary>tanh′ where tanh is y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes TanhSlope<TLanes>(TLanes y)
        where TLanes : struct, ILanes<TLanes> => TLanes.Repeat(1) - (y * y);

    // As VectorExp, for numbers whose result is a normal one; others are cut to the limit, and NaN stays NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Exp<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes most = TLanes.Repeat(Limit);
        TLanes least = TLanes.Repeat(-Limit);
        x = TLanes.IfLess(most, x, most, x);
        x = TLanes.IfLess(x, least, least, x);
        TLanes n = TLanes.Round(x * TLanes.Repeat(1.44269504f));
        TLanes r = TLanes.MultiplyAdd(n, TLanes.Repeat(-0.693359375f), x);
        r = TLanes.MultiplyAdd(n, TLanes.Repeat(2.12194440e-4f), r);

        TLanes p = TLanes.Repeat(0.00138145965f);
        p = TLanes.MultiplyAdd(p, r, TLanes.Repeat(0.00836871751f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Repeat(0.0416683890f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Repeat(0.166665211f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Repeat(0.49999994f));
        p = TLanes.MultiplyAdd(p, r * r, r) + TLanes.Repeat(1);
        return TLanes.TimesPowerOfTwo(p, n);
    }
}
