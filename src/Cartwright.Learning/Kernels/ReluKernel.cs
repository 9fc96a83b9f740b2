namespace Cartwright.Learning.Kernels;

/// <summary>y = max(x, 0); the slope at 0 is 0, and NaN stays NaN.</summary>
internal readonly struct ReluKernel : IActivation
{
    public static void Forward(ReadOnlySpan<float> x, Span<float> y) => Elementwise.MapWide<ReluKernel>(x, y);

    /// <param name="x">What went into <see cref="Forward"/>.</param>
    /// <param name="gradX">The gradient is added to it.</param>
    public static void Backward(ReadOnlySpan<float> gradY, ReadOnlySpan<float> x, Span<float> gradX) =>
        Elementwise.AddGradient<SlopeOf<ReluKernel>>(gradY, x, gradX);

    public static bool IsIdentity => false;

    public static bool HasSlopeOfValue => true;

    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => TLanes.IfLess(x, TLanes.Repeat(0), TLanes.Repeat(0), x);

    public static TLanes Of<TLanes>(TLanes x, out TLanes slope)
        where TLanes : struct, ILanes<TLanes>
    {
        slope = Slope(x);
        return Of(x);
    }

    public static TLanes Slope<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => TLanes.IfLess(TLanes.Repeat(0), x, TLanes.Repeat(1), TLanes.Repeat(0));

    public static float Of(float x) => x < 0 ? 0 : x;

    public static float Slope(float x) => x > 0 ? 1 : 0;
}
