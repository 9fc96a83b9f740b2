using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cartwright.Learning.Kernels;

/// <summary>The innermost product: a tile of C, a few rows by one or two vectors, held in registers while k runs.</summary>
/// <remarks>
/// AVX-512 has 32 registers of 16 floats: 8 rows by 2 vectors are 16 sums, beside 2 vectors of B and 1 number of A
/// repeated. The others are taken for 16 registers: 6 rows. Every number of C is one chain of multiply-adds over k, so
/// its bits depend neither on the tile's height nor on its width.
/// </remarks>
internal static unsafe class GemmTile
{
    private const int ScalarLanes = 4;

    /// <summary>Numbers asked for ahead in a step of k: few enough to hide behind the multiply-adds.</summary>
    public const int NextPerStep = 4;

    /// <summary>Most rows of a tile.</summary>
    public static int Rows => HasMasks ? 8 : 6;

    /// <summary>Most columns of a tile: two vectors.</summary>
    public static int Columns => 2 * Lanes;

    /// <summary>Columns of a tile of one vector.</summary>
    public static int Lanes =>
        HasMasks ? GemmLanes512.Count
        : Vector256.IsHardwareAccelerated ? GemmLanes256.Count
        : Vector128.IsHardwareAccelerated ? GemmLanes128.Count
        : ScalarLanes;

    /// <summary>Whether B may end within a vector: what lies behind is not read.</summary>
    public static bool HasMasks => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    /// <summary>C = A·B, or C + A·B where <paramref name="accumulate"/>.</summary>
    /// <param name="rows">1 to <see cref="Rows"/>.</param>
    /// <param name="columns">1 to <see cref="Columns"/>: of C. Without masks, B is read in whole vectors.</param>
    /// <param name="a">Element (i, p) is <c>a[i * aRow + p * aColumn]</c>.</param>
    /// <param name="b">Element (p, j) is <c>b[p * bRow + j]</c>.</param>
    /// <param name="c">Element (i, j) is <c>c[i * cRow + j]</c>.</param>
    /// <param name="next">
    /// Where <see cref="NextPerStep"/> numbers for each of the k steps lie that are needed soon: they are brought nearer
    /// meanwhile. Any address will do.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(
        int rows, int columns, int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, bool accumulate, float* next)
    {
        if (HasMasks)
        {
            Multiply<GemmLanes512, Vector512<float>>(rows, columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Multiply<GemmLanes256, Vector256<float>>(rows, columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Multiply<GemmLanes128, Vector128<float>>(rows, columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
        }
        else
        {
            MultiplyScalar(rows, columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate);
        }
    }

    // The definition, and the way without vectors.
    private static void MultiplyScalar(
        int rows, int columns, int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, bool accumulate)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                float sum = 0;
                for (int p = 0; p < k; p++)
                {
                    sum += a[(i * aRow) + (p * aColumn)] * b[(p * bRow) + j];
                }

                float* to = c + (i * cRow) + j;
                *to = accumulate ? *to + sum : sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<TLanes, TVector>(
        int rows, int columns, int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, bool accumulate, float* next)
        where TLanes : struct, IGemmLanes<TVector>
        where TVector : struct
    {
        if (TLanes.HasMasks && columns % TLanes.Count != 0)
        {
            if (columns > TLanes.Count)
            {
                Multiply<TLanes, TVector, PartOfTwo>(rows, columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
            }
            else
            {
                Multiply<TLanes, TVector, PartOfOne>(rows, columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
            }
        }
        else if (columns > TLanes.Count)
        {
            Multiply<TLanes, TVector, Two>(rows, columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
        }
        else
        {
            Multiply<TLanes, TVector, One>(rows, columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
        }
    }

    private static void Multiply<TLanes, TVector, TVectors>(
        int rows, int columns, int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, bool accumulate, float* next)
        where TLanes : struct, IGemmLanes<TVector>
        where TVector : struct
        where TVectors : struct, IVectors
    {
        switch (rows)
        {
            case 1:
                Multiply<TLanes, TVector, TVectors, One>(columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
                break;
            case 2:
                Multiply<TLanes, TVector, TVectors, Two>(columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
                break;
            case 3:
                Multiply<TLanes, TVector, TVectors, Three>(columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
                break;
            case 4:
                Multiply<TLanes, TVector, TVectors, Four>(columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
                break;
            case 5:
                Multiply<TLanes, TVector, TVectors, Five>(columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
                break;
            case 6:
                Multiply<TLanes, TVector, TVectors, Six>(columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
                break;
            case 7:
                Multiply<TLanes, TVector, TVectors, Seven>(columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
                break;
            case 8:
                Multiply<TLanes, TVector, TVectors, Eight>(columns, k, a, aRow, aColumn, b, bRow, c, cRow, accumulate, next);
                break;
        }
    }

    /// <summary>A tile whose size the compiler knows: it leaves out the rows and the vector that are not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TLanes, TVector, TVectors, TRows>(
        int columns, int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow, bool accumulate, float* next)
        where TLanes : struct, IGemmLanes<TVector>
        where TVector : struct
        where TVectors : struct, IVectors
        where TRows : struct, IConstant
    {
        TVector left0 = default, left1 = default, left2 = default, left3 = default;
        TVector left4 = default, left5 = default, left6 = default, left7 = default;
        TVector right0 = default, right1 = default, right2 = default, right3 = default;
        TVector right4 = default, right5 = default, right6 = default, right7 = default;

        // Loading through a mask takes a place among the multiply-adds: 5 % of the time, so only where it must be.
        TVector isWithin = TVectors.IsPartial ? TLanes.IsWithin(columns - ((TVectors.Value - 1) * TLanes.Count)) : default;

        // Strides in bytes and few bases: an address is then a sum of two registers, which costs nothing.
        nint row = aRow * sizeof(float);
        nint row2 = 2 * row;
        nint column = aColumn * sizeof(float);
        byte* a0 = (byte*)a;
        byte* a3 = a0 + (3 * row);
        byte* a6 = a0 + (6 * row);
        for (; k > 0; k--)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch1(next);
                next += NextPerStep;
            }

            TVector left = TVectors.IsPartial && TVectors.Value == 1 ? TLanes.Load(b, isWithin) : TLanes.Load(b);
            TVector right =
                TVectors.Value == 1 ? default
                : TVectors.IsPartial ? TLanes.Load(b + TLanes.Count, isWithin)
                : TLanes.Load(b + TLanes.Count);
            Add<TLanes, TVector, TVectors>((float*)a0, left, right, ref left0, ref right0);
            if (TRows.Value > 1)
            {
                Add<TLanes, TVector, TVectors>((float*)(a0 + row), left, right, ref left1, ref right1);
            }

            if (TRows.Value > 2)
            {
                Add<TLanes, TVector, TVectors>((float*)(a0 + row2), left, right, ref left2, ref right2);
            }

            if (TRows.Value > 3)
            {
                Add<TLanes, TVector, TVectors>((float*)a3, left, right, ref left3, ref right3);
            }

            if (TRows.Value > 4)
            {
                Add<TLanes, TVector, TVectors>((float*)(a3 + row), left, right, ref left4, ref right4);
            }

            if (TRows.Value > 5)
            {
                Add<TLanes, TVector, TVectors>((float*)(a3 + row2), left, right, ref left5, ref right5);
            }

            if (TRows.Value > 6)
            {
                Add<TLanes, TVector, TVectors>((float*)a6, left, right, ref left6, ref right6);
            }

            if (TRows.Value > 7)
            {
                Add<TLanes, TVector, TVectors>((float*)(a6 + row), left, right, ref left7, ref right7);
            }

            a0 += column;
            a3 += column;
            a6 += column;
            b += bRow;
        }

        Store<TLanes, TVector, TVectors>(left0, right0, c, columns, accumulate);
        if (TRows.Value > 1)
        {
            Store<TLanes, TVector, TVectors>(left1, right1, c + (1 * cRow), columns, accumulate);
        }

        if (TRows.Value > 2)
        {
            Store<TLanes, TVector, TVectors>(left2, right2, c + (2 * cRow), columns, accumulate);
        }

        if (TRows.Value > 3)
        {
            Store<TLanes, TVector, TVectors>(left3, right3, c + (3 * cRow), columns, accumulate);
        }

        if (TRows.Value > 4)
        {
            Store<TLanes, TVector, TVectors>(left4, right4, c + (4 * cRow), columns, accumulate);
        }

        if (TRows.Value > 5)
        {
            Store<TLanes, TVector, TVectors>(left5, right5, c + (5 * cRow), columns, accumulate);
        }

        if (TRows.Value > 6)
        {
            Store<TLanes, TVector, TVectors>(left6, right6, c + (6 * cRow), columns, accumulate);
        }

        if (TRows.Value > 7)
        {
            Store<TLanes, TVector, TVectors>(left7, right7, c + (7 * cRow), columns, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLanes, TVector, TVectors>(float* a, TVector left, TVector right, ref TVector sumLeft, ref TVector sumRight)
        where TLanes : struct, IGemmLanes<TVector>
        where TVector : struct
        where TVectors : struct, IVectors
    {
        if (TVectors.Value == 1)
        {
            sumLeft = TLanes.MultiplyAdd(TLanes.Repeat(a), left, sumLeft);
            return;
        }

        TVector x = TLanes.Repeat(a);
        sumLeft = TLanes.MultiplyAdd(x, left, sumLeft);
        sumRight = TLanes.MultiplyAdd(x, right, sumRight);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes, TVector, TVectors>(TVector left, TVector right, float* c, int columns, bool accumulate)
        where TLanes : struct, IGemmLanes<TVector>
        where TVector : struct
        where TVectors : struct, IVectors
    {
        TLanes.Store(left, c, columns, accumulate);
        if (TVectors.Value > 1)
        {
            TLanes.Store(right, c + TLanes.Count, columns - TLanes.Count, accumulate);
        }
    }

    /// <summary>A number that is part of a type, so that the compiler makes code for each.</summary>
    private interface IConstant
    {
        static abstract int Value { get; }
    }

    /// <summary>Vectors in a row of the tile, the last of them whole or not.</summary>
    private interface IVectors : IConstant
    {
        static virtual bool IsPartial => false;
    }

    private readonly struct PartOfOne : IVectors
    {
        public static int Value => 1;

        public static bool IsPartial => true;
    }

    private readonly struct PartOfTwo : IVectors
    {
        public static int Value => 2;

        public static bool IsPartial => true;
    }

    private readonly struct One : IVectors
    {
        public static int Value => 1;
    }

    private readonly struct Two : IVectors
    {
        public static int Value => 2;
    }

    private readonly struct Three : IConstant
    {
        public static int Value => 3;
    }

    private readonly struct Four : IConstant
    {
        public static int Value => 4;
    }

    private readonly struct Five : IConstant
    {
        public static int Value => 5;
    }

    private readonly struct Six : IConstant
    {
        public static int Value => 6;
    }

    private readonly struct Seven : IConstant
    {
        public static int Value => 7;
    }

    private readonly struct Eight : IConstant
    {
        public static int Value => 8;
    }
}
