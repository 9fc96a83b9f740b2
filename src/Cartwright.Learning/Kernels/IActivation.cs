using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>A function of one number, for vectors of any width.</summary>
internal interface IWideFunction
{
    static abstract TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>The definition, which also serves the tail and machines without vectors.</summary>
    static abstract float Of(float x);
}

/// <summary>A function of one number behind an affine map, and its slope.</summary>
internal interface IActivation : IWideFunction
{
    /// <summary>True where the function changes nothing: it is left out then.</summary>
    static abstract bool IsIdentity { get; }

    /// <summary>True where f has the same slope at x as at f(x): then f(x) is kept for the backward, else the slope.</summary>
    static abstract bool HasSlopeOfValue { get; }

    /// <summary>f(x) and the slope there: together they take little longer than one of them.</summary>
    static abstract TLanes Of<TLanes>(TLanes x, out TLanes slope)
        where TLanes : struct, ILanes<TLanes>;

    static abstract TLanes Slope<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>;

    static abstract float Slope(float x);
}

/// <summary>f(x) = x.</summary>
internal readonly struct Identity : IActivation
{
    public static bool IsIdentity => true;

    public static bool HasSlopeOfValue => true;

    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => x;

    public static TLanes Of<TLanes>(TLanes x, out TLanes slope)
        where TLanes : struct, ILanes<TLanes>
    {
        slope = TLanes.Repeat(1);
        return x;
    }

    public static TLanes Slope<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => TLanes.Repeat(1);

    public static float Of(float x) => x;

    public static float Slope(float x) => 1;
}

/// <summary>Its slope, for the loops over single numbers.</summary>
internal readonly struct SlopeOf<TActivation> : IFunction
    where TActivation : struct, IActivation
{
    public static Vector<float> Of(Vector<float> x) => TActivation.Slope(new UsualLanes(x)).Lanes;

    public static float Of(float x) => TActivation.Slope(x);
}

/// <summary>The slope, of what an affine map keeps of the function.</summary>
internal readonly struct SlopeKept<TActivation> : IFunction
    where TActivation : struct, IActivation
{
    public static Vector<float> Of(Vector<float> kept) => TActivation.HasSlopeOfValue ? SlopeOf<TActivation>.Of(kept) : kept;

    public static float Of(float kept) => TActivation.HasSlopeOfValue ? TActivation.Slope(kept) : kept;
}
