using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>y = x above 0, leak * x below.</summary>
internal static class LeakyReluKernel
{
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, float leak) => Parametric.Map(new Value(leak), x, y);

    /// <param name="x">What went into <see cref="Forward"/>; the slope at 0 is the leak.</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, Span<float> gradX, float leak) =>
        Parametric.AddGradient(new Slope(leak), gradY, x, gradX);

    private readonly struct Value(float leak) : IParametricFunction
    {
        public Vector<float> Of(Vector<float> x) =>
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), x, x * leak);

        public float Of(float x) => x > 0 ? x : x * leak;
    }

    private readonly struct Slope(float leak) : IParametricFunction
    {
        public Vector<float> Of(Vector<float> x) =>
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, new Vector<float>(leak));

        public float Of(float x) => x > 0 ? 1 : leak;
    }
}
