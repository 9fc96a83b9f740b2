using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>y = x / 6 + 1 / 2, held between 0 and 1.</summary>
internal static class HardSigmoidKernel
{
    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Map<Value>(x, y);

    /// <param name="x">What went into <see cref="Forward"/>: the slope is 1 / 6 between -3 and 3, 0 elsewhere.</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, Span<float> gradX) =>
        Elementwise.AddGradient<Slope>(gradY, x, gradX);

    internal readonly struct Value : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => Vector.Min(
            Vector.Max((x * (1 / 6f)) + new Vector<float>(0.5f), Vector<float>.Zero), Vector<float>.One);

        public static float Of(float x) => MathF.Min(MathF.Max((x * (1 / 6f)) + 0.5f, 0), 1);
    }

    internal readonly struct Slope : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => Vector.ConditionalSelect(
            Vector.LessThan(Vector.Abs(x), new Vector<float>(3)), new Vector<float>(1 / 6f), Vector<float>.Zero);

        public static float Of(float x) => MathF.Abs(x) < 3 ? 1 / 6f : 0;
    }
}
