using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>y = tanh(x).</summary>
/// <remarks>
/// Near 0 a polynomial x + x³ P(x²), fitted for least relative error (4e-9), elsewhere (1 - e^-2|x|) / (1 + e^-2|x|)
/// with the sign of x.
/// </remarks>
internal readonly struct TanhKernel : IWideFunction
{
    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.MapWide<TanhKernel>(x, y);

    /// <param name="y">What came out of <see cref="Forward"/>: the slope is 1 - y².</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> y, Span<float> gradX) =>
        Elementwise.AddGradient<Slope>(gradY, y, gradX);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes s = x * x;
        TLanes p = TLanes.Repeat(-0.00571703704f);
        p = TLanes.MultiplyAdd(p, s, TLanes.Repeat(0.0206505787f));
        p = TLanes.MultiplyAdd(p, s, TLanes.Repeat(-0.0537434965f));
        p = TLanes.MultiplyAdd(p, s, TLanes.Repeat(0.133314908f));
        p = TLanes.MultiplyAdd(p, s, TLanes.Repeat(-0.333332837f));
        TLanes near = TLanes.MultiplyAdd(p * s, x, x);

        TLanes one = TLanes.Repeat(1);
        TLanes zero = TLanes.Repeat(0);
        TLanes size = TLanes.Abs(x);
        TLanes decay = VectorExp.OfNonPositive(size * TLanes.Repeat(-2));
        TLanes far = (one - decay) / (one + decay);
        return TLanes.IfLess(size, TLanes.Repeat(0.625f), near, TLanes.IfLess(x, zero, zero - far, far));
    }

    public static float Of(float x) => MathF.Tanh(x);

    internal readonly struct Slope : IFunction
    {
        public static Vector<float> Of(Vector<float> y) => Vector<float>.One - (y * y);

        public static float Of(float y) => 1 - (y * y);
    }
}
