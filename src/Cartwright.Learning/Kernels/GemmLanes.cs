using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>One vector register of a tile of C, of whichever width: what <see cref="GemmTile"/> needs of it.</summary>
/// <remarks>
/// Everything here is inlined into the tile. It must call nothing that is not: no vector register survives a call, so
/// one call after the loop would make the compiler keep all sums in memory (4 times slower).
/// </remarks>
internal unsafe interface IGemmLanes<TSelf>
    where TSelf : struct, IGemmLanes<TSelf>
{
    /// <summary>Numbers in the register.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* from);

    /// <summary>One number in every lane.</summary>
    static abstract TSelf Repeat(float* number);

    /// <summary>x · y + sum, rounded once where the processor can.</summary>
    static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf sum);

    /// <summary>Writes, or adds to what is there, the first <paramref name="count"/> lanes: all where it is more than there are.</summary>
    static abstract void Store(TSelf lanes, float* to, int count, bool accumulate);
}

internal readonly unsafe struct GemmLanes512(Vector512<float> lanes) : IGemmLanes<GemmLanes512>
{
    private readonly Vector512<float> _lanes = lanes;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes512 Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes512 Repeat(float* number) => new(Vector512.Create(*number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes512 MultiplyAdd(GemmLanes512 x, GemmLanes512 y, GemmLanes512 sum) =>
        new(Vector512.MultiplyAddEstimate(x._lanes, y._lanes, sum._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(GemmLanes512 lanes, float* to, int count, bool accumulate)
    {
        Vector512<float> sum = lanes._lanes;
        if (count >= Count)
        {
            if (accumulate)
            {
                sum += Vector512.Load(to);
            }

            sum.Store(to);
            return;
        }

        Vector512<float> isWithin = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
        if (accumulate)
        {
            sum += Avx512F.MaskLoad(to, isWithin, Vector512<float>.Zero);
        }

        Avx512F.MaskStore(to, isWithin, sum);
    }
}

internal readonly unsafe struct GemmLanes256(Vector256<float> lanes) : IGemmLanes<GemmLanes256>
{
    private readonly Vector256<float> _lanes = lanes;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes256 Load(float* from) => new(Vector256.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes256 Repeat(float* number) => new(Vector256.Create(*number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes256 MultiplyAdd(GemmLanes256 x, GemmLanes256 y, GemmLanes256 sum) =>
        new(Vector256.MultiplyAddEstimate(x._lanes, y._lanes, sum._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(GemmLanes256 lanes, float* to, int count, bool accumulate)
    {
        Vector256<float> sum = lanes._lanes;
        if (count >= Count)
        {
            if (accumulate)
            {
                sum += Vector256.Load(to);
            }

            sum.Store(to);
            return;
        }

        // Number by number: storing through a mask takes AMD's processors before Zen 4 longer.
        float* from = (float*)&sum;
        for (int i = 0; i < count; i++)
        {
            to[i] = accumulate ? to[i] + from[i] : from[i];
        }
    }
}

internal readonly unsafe struct GemmLanes128(Vector128<float> lanes) : IGemmLanes<GemmLanes128>
{
    private readonly Vector128<float> _lanes = lanes;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes128 Load(float* from) => new(Vector128.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes128 Repeat(float* number) => new(Vector128.Create(*number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes128 MultiplyAdd(GemmLanes128 x, GemmLanes128 y, GemmLanes128 sum) =>
        new(Vector128.MultiplyAddEstimate(x._lanes, y._lanes, sum._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(GemmLanes128 lanes, float* to, int count, bool accumulate)
    {
        Vector128<float> sum = lanes._lanes;
        if (count >= Count)
        {
            if (accumulate)
            {
                sum += Vector128.Load(to);
            }

            sum.Store(to);
            return;
        }

        float* from = (float*)&sum;
        for (int i = 0; i < count; i++)
        {
            to[i] = accumulate ? to[i] + from[i] : from[i];
        }
    }
}
