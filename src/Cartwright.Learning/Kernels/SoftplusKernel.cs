using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>y = ln(1 + e^x), computed as max(x, 0) + ln(1 + e^-|x|), which neither overflows nor cancels.</summary>
internal static class SoftplusKernel
{
    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Map<Value>(x, y);

    /// <param name="x">What went into <see cref="Forward"/>: the slope is the sigmoid of x.</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, Span<float> gradX) =>
        Elementwise.AddGradient<SigmoidKernel.Value>(gradY, x, gradX);

    internal readonly struct Value : IFunction
    {
        public static Vector<float> Of(Vector<float> x)
        {
            // ln(1 + u) = ln(w) u / (w - 1) with w = 1 + u as rounded: the two roundings of w cancel (Kahan).
            Vector<float> u = VectorExp.Of(-Vector.Abs(x));
            Vector<float> w = Vector<float>.One + u;
            Vector<float> log = Vector.ConditionalSelect(
                Vector.Equals(w, Vector<float>.One), u, Vector.Log(w) * u / (w - Vector<float>.One));
            return Vector.Max(x, Vector<float>.Zero) + log;
        }

        public static float Of(float x) =>
            MathF.Max(x, 0) + (float)double.LogP1(Math.Exp(-MathF.Abs(x)));
    }
}
