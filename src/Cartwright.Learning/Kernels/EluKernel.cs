using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>y = x above 0, alpha (e^x - 1) below.</summary>
internal static class EluKernel
{
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, float alpha) => Parametric.Map(new Value(alpha), x, y);

    /// <param name="x">What went into <see cref="Forward"/>; the slope is 1 or alpha e^x.</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, Span<float> gradX, float alpha) =>
        Parametric.AddGradient(new Slope(alpha), gradY, x, gradX);

    private readonly struct Value(float alpha) : IParametricFunction
    {
        public Vector<float> Of(Vector<float> x) => Vector.ConditionalSelect(
            Vector.GreaterThan(x, Vector<float>.Zero), x, (VectorExp.Of(x) - Vector<float>.One) * alpha);

        public float Of(float x) => x > 0 ? x : (MathF.Exp(x) - 1) * alpha;
    }

    private readonly struct Slope(float alpha) : IParametricFunction
    {
        public Vector<float> Of(Vector<float> x) => Vector.ConditionalSelect(
            Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, VectorExp.Of(x) * alpha);

        public float Of(float x) => x > 0 ? 1 : MathF.Exp(x) * alpha;
    }
}
