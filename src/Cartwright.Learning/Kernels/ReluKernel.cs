using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>y = max(x, 0); the slope at 0 is 0, and NaN stays NaN.</summary>
internal static class ReluKernel
{
    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Map<Value>(x, y);

    /// <param name="x">What went into <see cref="Forward"/>.</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, Span<float> gradX) =>
        Elementwise.AddGradient<Slope>(gradY, x, gradX);

    internal readonly struct Value : IFunction
    {
        public static Vector<float> Of(Vector<float> x) =>
            Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), Vector<float>.Zero, x);

        public static float Of(float x) => x < 0 ? 0 : x;
    }

    internal readonly struct Slope : IFunction
    {
        public static Vector<float> Of(Vector<float> x) =>
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero);

        public static float Of(float x) => x > 0 ? 1 : 0;
    }
}
