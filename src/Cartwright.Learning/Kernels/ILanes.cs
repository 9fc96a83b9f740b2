using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>A vector of floats of whichever width, for the loops that 512 bits make quicker.</summary>
/// <remarks><c>Vector&lt;float&gt;</c> stays at 256 bits where there are 512. All that is here has the same bits at every width, but for <see cref="Sum"/>.</remarks>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Numbers in the vector.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* from);

    /// <summary>One number in every lane.</summary>
    static abstract TSelf Repeat(float number);

    static abstract TSelf operator +(TSelf x, TSelf y);

    static abstract TSelf operator -(TSelf x, TSelf y);

    static abstract TSelf operator *(TSelf x, TSelf y);

    static abstract TSelf operator /(TSelf x, TSelf y);

    /// <summary>x · y + sum, rounded once where the processor can.</summary>
    static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf sum);

    static abstract TSelf Abs(TSelf x);

    static abstract TSelf SquareRoot(TSelf x);

    /// <summary>To the nearest whole number, halves to even.</summary>
    static abstract TSelf Round(TSelf x);

    /// <summary>The larger of the two; where y is NaN that, where x is NaN either.</summary>
    static abstract TSelf Largest(TSelf x, TSelf y);

    /// <summary>Lane by lane x &lt; y ? then : otherwise.</summary>
    static abstract TSelf IfLess(TSelf x, TSelf y, TSelf then, TSelf otherwise);

    /// <summary>x · 2^n for whole n from -126 to 127, where x and the result are normal numbers.</summary>
    static abstract TSelf TimesPowerOfTwo(TSelf x, TSelf n);

    /// <summary>Of all lanes, in an order that depends on their number alone.</summary>
    static abstract float Sum(TSelf x);

    void Store(float* to);
}

/// <summary>512 bits.</summary>
internal readonly unsafe struct WideLanes(Vector512<float> lanes) : ILanes<WideLanes>
{
    private readonly Vector512<float> _lanes = lanes;

    public static bool AreSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes Repeat(float number) => new(Vector512.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes operator +(WideLanes x, WideLanes y) => new(x._lanes + y._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes operator -(WideLanes x, WideLanes y) => new(x._lanes - y._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes operator *(WideLanes x, WideLanes y) => new(x._lanes * y._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes operator /(WideLanes x, WideLanes y) => new(x._lanes / y._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes MultiplyAdd(WideLanes x, WideLanes y, WideLanes sum) =>
        new(Vector512.MultiplyAddEstimate(x._lanes, y._lanes, sum._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes Abs(WideLanes x) => new(Vector512.Abs(x._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes SquareRoot(WideLanes x) => new(Vector512.Sqrt(x._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes Round(WideLanes x) => new(Vector512.Round(x._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes Largest(WideLanes x, WideLanes y) => new(Vector512.MaxNative(x._lanes, y._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes IfLess(WideLanes x, WideLanes y, WideLanes then, WideLanes otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(x._lanes, y._lanes), then._lanes, otherwise._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes TimesPowerOfTwo(WideLanes x, WideLanes n) => new(Avx512F.Scale(x._lanes, n._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(WideLanes x)
    {
        Vector256<float> eight = x._lanes.GetLower() + x._lanes.GetUpper();
        return Vector128.Sum(eight.GetLower() + eight.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => _lanes.Store(to);
}

/// <summary><c>Vector&lt;float&gt;</c>: what there is elsewhere.</summary>
internal readonly unsafe struct UsualLanes(Vector<float> lanes) : ILanes<UsualLanes>
{
    private readonly Vector<float> _lanes = lanes;

    public static int Count => Vector<float>.Count;

    public Vector<float> Lanes => _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes Load(float* from) => new(Vector.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes Repeat(float number) => new(new Vector<float>(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes operator +(UsualLanes x, UsualLanes y) => new(x._lanes + y._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes operator -(UsualLanes x, UsualLanes y) => new(x._lanes - y._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes operator *(UsualLanes x, UsualLanes y) => new(x._lanes * y._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes operator /(UsualLanes x, UsualLanes y) => new(x._lanes / y._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes MultiplyAdd(UsualLanes x, UsualLanes y, UsualLanes sum) =>
        new(Vector.MultiplyAddEstimate(x._lanes, y._lanes, sum._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes Abs(UsualLanes x) => new(Vector.Abs(x._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes SquareRoot(UsualLanes x) => new(Vector.SquareRoot(x._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes Round(UsualLanes x) => new(Vector.Round(x._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes Largest(UsualLanes x, UsualLanes y) => new(Vector.MaxNative(x._lanes, y._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes IfLess(UsualLanes x, UsualLanes y, UsualLanes then, UsualLanes otherwise) =>
        new(Vector.ConditionalSelect(Vector.LessThan(x._lanes, y._lanes), then._lanes, otherwise._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsualLanes TimesPowerOfTwo(UsualLanes x, UsualLanes n) =>
        new(Vector.AsVectorSingle(
            Vector.AsVectorInt32(x._lanes) + (Vector.ConvertToInt32Native(n._lanes) << 23)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(UsualLanes x) => Vector.Sum(x._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to) => Vector.Store(_lanes, to);
}
