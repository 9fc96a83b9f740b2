using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>y = x / (1 + e^-x).</summary>
internal static class SwishKernel
{
    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Map<Value>(x, y);

    /// <param name="x">What went into <see cref="Forward"/>: the slope is s (1 + x (1 - s)), s the sigmoid of x.</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, Span<float> gradX) =>
        Elementwise.AddGradient<Slope>(gradY, x, gradX);

    internal readonly struct Value : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => x / (Vector<float>.One + VectorExp.Of(-x));

        public static float Of(float x) => x / (1 + MathF.Exp(-x));
    }

    internal readonly struct Slope : IFunction
    {
        public static Vector<float> Of(Vector<float> x)
        {
            Vector<float> s = SigmoidKernel.Value.Of(x);
            return s * (Vector<float>.One + (x * (Vector<float>.One - s)));
        }

        public static float Of(float x)
        {
            float s = SigmoidKernel.Value.Of(x);
            return s * (1 + (x * (1 - s)));
        }
    }
}
