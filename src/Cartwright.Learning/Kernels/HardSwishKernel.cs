using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>y = x h, h = x / 6 + 1 / 2 held between 0 and 1.</summary>
internal static class HardSwishKernel
{
    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Map<Value>(x, y);

    /// <param name="x">What went into <see cref="Forward"/>: the slope is x / 3 + 1 / 2 between -3 and 3, beyond them 0 and 1.</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, Span<float> gradX) =>
        Elementwise.AddGradient<Slope>(gradY, x, gradX);

    internal readonly struct Value : IFunction
    {
        public static Vector<float> Of(Vector<float> x) => x * HardSigmoidKernel.Value.Of(x);

        public static float Of(float x) => x * HardSigmoidKernel.Value.Of(x);
    }

    internal readonly struct Slope : IFunction
    {
        public static Vector<float> Of(Vector<float> x)
        {
            Vector<float> inside = (x * (1 / 3f)) + new Vector<float>(0.5f);
            Vector<float> side = Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero);
            return Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), new Vector<float>(3)), inside, side);
        }

        public static float Of(float x) => MathF.Abs(x) < 3 ? (x * (1 / 3f)) + 0.5f : x > 0 ? 1 : 0;
    }
}
