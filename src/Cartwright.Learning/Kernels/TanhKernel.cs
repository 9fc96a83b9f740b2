using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>y = tanh(x).</summary>
/// <remarks>
/// Near 0 a polynomial x + x³ P(x²), fitted for least relative error (4e-9), elsewhere (1 - e^-2|x|) / (1 + e^-2|x|)
/// with the sign of x.
/// </remarks>
internal static class TanhKernel
{
    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.Map<Value>(x, y);

    /// <param name="y">What came out of <see cref="Forward"/>: the slope is 1 - y².</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> y, Span<float> gradX) =>
        Elementwise.AddGradient<Slope>(gradY, y, gradX);

    internal readonly struct Value : IFunction
    {
        public static Vector<float> Of(Vector<float> x)
        {
            Vector<float> s = x * x;
            Vector<float> p = new(-0.00571703704f);
            p = Vector.FusedMultiplyAdd(p, s, new Vector<float>(0.0206505787f));
            p = Vector.FusedMultiplyAdd(p, s, new Vector<float>(-0.0537434965f));
            p = Vector.FusedMultiplyAdd(p, s, new Vector<float>(0.133314908f));
            p = Vector.FusedMultiplyAdd(p, s, new Vector<float>(-0.333332837f));
            Vector<float> near = Vector.FusedMultiplyAdd(p * s, x, x);

            Vector<float> size = Vector.Abs(x);
            Vector<float> decay = VectorExp.OfNonPositive(size * -2f);
            Vector<float> far = (Vector<float>.One - decay) / (Vector<float>.One + decay);
            return Vector.ConditionalSelect(
                Vector.LessThan(size, new Vector<float>(0.625f)), near, Vector.CopySign(far, x));
        }

        public static float Of(float x) => MathF.Tanh(x);
    }

    internal readonly struct Slope : IFunction
    {
        public static Vector<float> Of(Vector<float> y) => Vector<float>.One - (y * y);

        public static float Of(float y) => 1 - (y * y);
    }
}
