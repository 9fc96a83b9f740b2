using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>What <see cref="GemmTile"/> does with a vector of a tile of C, of whichever width.</summary>
/// <remarks>
/// Everything here is inlined into the tile. It must call nothing that is not: no vector register survives a call, so
/// one call after the loop would make the compiler keep all sums in memory (4 times slower). It takes and gives bare
/// vectors: in a struct of ours, the compiler would copy every other sum from register to register in each step.
/// </remarks>
internal unsafe interface IGemmLanes<TVector>
    where TVector : struct
{
    /// <summary>Numbers in the register.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(float* from);

    /// <summary>Whether some lanes can be loaded and the memory of the others left alone.</summary>
    static abstract bool HasMasks { get; }

    /// <summary>Which lanes are among the first <paramref name="count"/>.</summary>
    static abstract TVector IsWithin(int count);

    /// <summary>Some lanes, the others 0; only where there are masks.</summary>
    static abstract TVector Load(float* from, TVector isWithin);

    /// <summary>One number in every lane.</summary>
    static abstract TVector Repeat(float* number);

    /// <summary>x · y + sum, rounded once where the processor can.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector sum);

    /// <summary>Writes, or adds to what is there, the first <paramref name="count"/> lanes: all where it is more than there are.</summary>
    static abstract void Store(TVector sum, float* to, int count, bool accumulate);
}

internal readonly unsafe struct GemmLanes512 : IGemmLanes<Vector512<float>>
{
    public static int Count => 16;

    public static bool HasMasks => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* from) => Vector512.Load(from);

    // Compared as floats, the mask stays in a mask register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> IsWithin(int count) => Vector512.LessThan(Vector512<float>.Indices, Vector512.Create((float)count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* from, Vector512<float> isWithin) => Avx512F.MaskLoad(from, isWithin, Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Repeat(float* number) => Vector512.Create(*number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> x, Vector512<float> y, Vector512<float> sum) =>
        Vector512.MultiplyAddEstimate(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> sum, float* to, int count, bool accumulate)
    {
        if (count >= Count)
        {
            if (accumulate)
            {
                sum += Vector512.Load(to);
            }

            sum.Store(to);
            return;
        }

        Vector512<float> isWithin = Vector512.LessThan(Vector512<float>.Indices, Vector512.Create((float)count));
        if (accumulate)
        {
            sum += Avx512F.MaskLoad(to, isWithin, Vector512<float>.Zero);
        }

        Avx512F.MaskStore(to, isWithin, sum);
    }
}

internal readonly unsafe struct GemmLanes256 : IGemmLanes<Vector256<float>>
{
    public static int Count => 8;

    public static bool HasMasks => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* from) => Vector256.Load(from);

    public static Vector256<float> IsWithin(int count) => throw new NotSupportedException();

    public static Vector256<float> Load(float* from, Vector256<float> isWithin) => throw new NotSupportedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Repeat(float* number) => Vector256.Create(*number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> x, Vector256<float> y, Vector256<float> sum) =>
        Vector256.MultiplyAddEstimate(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> sum, float* to, int count, bool accumulate)
    {
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

internal readonly unsafe struct GemmLanes128 : IGemmLanes<Vector128<float>>
{
    public static int Count => 4;

    public static bool HasMasks => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* from) => Vector128.Load(from);

    public static Vector128<float> IsWithin(int count) => throw new NotSupportedException();

    public static Vector128<float> Load(float* from, Vector128<float> isWithin) => throw new NotSupportedException();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Repeat(float* number) => Vector128.Create(*number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> x, Vector128<float> y, Vector128<float> sum) =>
        Vector128.MultiplyAddEstimate(x, y, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> sum, float* to, int count, bool accumulate)
    {
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
