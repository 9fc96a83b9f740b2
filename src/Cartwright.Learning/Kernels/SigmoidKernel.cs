using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>y = 1 / (1 + e^-x).</summary>
internal static class SigmoidKernel
{
    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Map<Value>(x, y);

    /// <param name="y">What came out of <see cref="Forward"/>: the slope is y (1 - y).</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> y, Span<float> gradX) =>
        Elementwise.AddGradient<Slope>(gradY, y, gradX);

    internal readonly struct Value : IFunction
    {
        public static Vector<float> Of(Vector<float> x) =>
            Vector<float>.One / (Vector<float>.One + VectorExp.Of(-x));

        public static float Of(float x) => 1 / (1 + MathF.Exp(-x));
    }

    internal readonly struct Slope : IFunction
    {
        public static Vector<float> Of(Vector<float> y) => y * (Vector<float>.One - y);

        public static float Of(float y) => y * (1 - y);
    }
}
