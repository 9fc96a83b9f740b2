using System.Numerics;
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
    public static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Exp(-x));

    /// <summary>The definition, which also serves the tail and machines without vectors.</summary>
    public static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Tanh(Vector<float> x)
    {
        Vector<float> two = new(2f);
        return (two / (Vector<float>.One + Exp(x * -2f))) - Vector<float>.One;
    }

    /// <summary>The definition, which also serves the tail and machines without vectors.</summary>
    public static float Tanh(float x) => MathF.Tanh(x);

    // As VectorExp, for numbers whose result is a normal one; others are cut to the limit, and NaN stays NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Exp(Vector<float> x)
    {
        x = Vector.ConditionalSelect(Vector.GreaterThan(x, new Vector<float>(Limit)), new Vector<float>(Limit), x);
        x = Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(-Limit)), new Vector<float>(-Limit), x);
        Vector<float> n = Vector.Round(x * 1.44269504f);
        Vector<float> r = Vector.FusedMultiplyAdd(n, new Vector<float>(-0.693359375f), x);
        r = Vector.FusedMultiplyAdd(n, new Vector<float>(2.12194440e-4f), r);

        Vector<float> p = new(0.00138145965f);
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(0.00836871751f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(0.0416683890f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(0.166665211f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(0.49999994f));
        p = Vector.FusedMultiplyAdd(p, r * r, r) + Vector<float>.One;
        return Vector.AsVectorSingle(Vector.AsVectorInt32(p) + (Vector.ConvertToInt32Native(n) << 23));
    }
}
