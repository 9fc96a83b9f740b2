using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>e to the power of x, at most 2 units in the last place off over the whole float range.</summary>
/// <remarks>
/// x = n ln 2 + r with |r| at most ln 2 / 2; e^r = 1 + r + r² P(r), P fitted for least relative error (3e-9);
/// times 2^n in two factors, so that results below the smallest normal number come out right.
/// <c>Vector.Exp</c>, which could stand in the same loops, widens to double and takes 1.6 to 2 times as long (ExpBenchmarks).
/// </remarks>
internal static class VectorExp
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float Overflow = 88.7228394f;
    private const float Underflow = -103.972084f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Of(Vector<float> x)
    {
        Vector<float> kept = Vector.MinNative(Vector.MaxNative(x, new Vector<float>(-104f)), new Vector<float>(89f));
        Vector<float> n = Vector.Round(kept * Log2E);
        Vector<float> r = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2High), kept);
        r = Vector.FusedMultiplyAdd(n, new Vector<float>(-Ln2Low), r);

        Vector<float> p = new(0.00138145965f);
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(0.00836871751f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(0.0416683890f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(0.166665211f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(0.49999994f));
        p = Vector.FusedMultiplyAdd(p, r * r, r) + Vector<float>.One;

        // 2^n by the exponent bits, in two halves: n reaches from -150 to 128, the bits only from -126 to 127.
        Vector<int> power = Vector.ConvertToInt32Native(n);
        Vector<int> half = power >> 1;
        Vector<float> low = Vector.AsVectorSingle((half + new Vector<int>(127)) << 23);
        Vector<float> high = Vector.AsVectorSingle((power - half + new Vector<int>(127)) << 23);
        Vector<float> y = p * low * high;

        y = Vector.ConditionalSelect(Vector.GreaterThan(x, new Vector<float>(Overflow)), new Vector<float>(float.PositiveInfinity), y);
        y = Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(Underflow)), Vector<float>.Zero, y);
        return Vector.ConditionalSelect(Vector.Equals(x, x), y, x);
    }

    /// <summary>e^x for x that is never above 0 (logits less their maximum); below -87 it gives 0, and NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> OfNonPositive(Vector<float> x) => OfNonPositive(new UsualLanes(x)).Lanes;

    /// <summary>The same for a vector of any width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes OfNonPositive<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes least = TLanes.Repeat(-87f);
        TLanes kept = TLanes.Largest(least, x);
        TLanes n = TLanes.Round(kept * TLanes.Repeat(Log2E));
        TLanes r = TLanes.MultiplyAdd(n, TLanes.Repeat(-Ln2High), kept);
        r = TLanes.MultiplyAdd(n, TLanes.Repeat(-Ln2Low), r);

        TLanes p = TLanes.Repeat(0.00138145965f);
        p = TLanes.MultiplyAdd(p, r, TLanes.Repeat(0.00836871751f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Repeat(0.0416683890f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Repeat(0.166665211f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Repeat(0.49999994f));
        p = TLanes.MultiplyAdd(p, r * r, r) + TLanes.Repeat(1);
        return TLanes.IfLess(x, least, TLanes.Repeat(0), TLanes.TimesPowerOfTwo(p, n));
    }
}
