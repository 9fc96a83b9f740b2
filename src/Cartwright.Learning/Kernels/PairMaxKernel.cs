using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cartwright.Learning.Kernels;

/// <summary>The largest numbers of windows of two by two, side by side: one row of windows.</summary>
/// <remarks>Nearly every max pool is of this kind. Four windows at a time, without a jump: which number is the largest can't be foretold.</remarks>
internal static unsafe class PairMaxKernel
{
    /// <param name="top">The first of two rows, <paramref name="width"/> apart.</param>
    /// <param name="firstPlace">Place of the first number in its plane.</param>
    public static void Forward(float* top, int firstPlace, int width, int count, float* max, int* places)
    {
        float* bottom = top + width;
        if (!Lanes.CanZip || count < 4)
        {
            ForwardOneByOne(top, firstPlace, width, count, max, places);
            return;
        }

        for (int next = 0; next < count; next += 4)
        {
            int i = Math.Min(next, count - 4);              // the last four overlap those before
            Vector128<float> left = Vector128.Load(top + (2 * i));
            Vector128<float> right = Vector128.Load(top + (2 * i) + 4);
            Vector128<int> place = Vector128.Create(0, 2, 4, 6) + Vector128.Create(firstPlace + (2 * i));
            Vector128<int> places4 = place;
            Vector128<float> max4 = Lanes.Even(left, right);
            Raise(Lanes.Odd(left, right), place + Vector128<int>.One, ref max4, ref places4);
            left = Vector128.Load(bottom + (2 * i));
            right = Vector128.Load(bottom + (2 * i) + 4);
            place += Vector128.Create(width);
            Raise(Lanes.Even(left, right), place, ref max4, ref places4);
            Raise(Lanes.Odd(left, right), place + Vector128<int>.One, ref max4, ref places4);
            max4.Store(max + i);
            places4.Store(places + i);
        }
    }

    /// <summary>Writes two rows: each gradient at its place, 0 elsewhere.</summary>
    public static void Backward(float* gradient, int* places, int firstPlace, int width, int count, float* top)
    {
        float* bottom = top + width;
        for (int column = 2 * count; column < width; column++)
        {
            top[column] = bottom[column] = 0;               // the last column of an odd width
        }

        if (!Lanes.CanZip || count < 4)
        {
            BackwardOneByOne(gradient, places, firstPlace, width, count, top);
            return;
        }

        for (int next = 0; next < count; next += 4)
        {
            int i = Math.Min(next, count - 4);
            Vector128<float> gradient4 = Vector128.Load(gradient + i);
            Vector128<int> places4 = Vector128.Load(places + i);
            Vector128<int> place = Vector128.Create(0, 2, 4, 6) + Vector128.Create(firstPlace + (2 * i));
            WritePairs(gradient4, places4, place, top + (2 * i));
            WritePairs(gradient4, places4, place + Vector128.Create(width), bottom + (2 * i));
        }
    }

    /// <summary>Goes on to a candidate that is larger, or is NaN where no number was before.</summary>
    public static void Raise(float candidate, int candidatePlace, ref float max, ref int place)
    {
        if (!(candidate <= max) && !float.IsNaN(max))
        {
            max = candidate;
            place = candidatePlace;
        }
    }

    private static void ForwardOneByOne(float* top, int firstPlace, int width, int count, float* max, int* places)
    {
        for (int i = 0; i < count; i++)
        {
            int offset = 2 * i;
            max[i] = top[offset];
            places[i] = firstPlace + offset;
            foreach (int next in (ReadOnlySpan<int>)[offset + 1, offset + width, offset + width + 1])
            {
                Raise(top[next], firstPlace + next, ref max[i], ref places[i]);
            }
        }
    }

    private static void BackwardOneByOne(float* gradient, int* places, int firstPlace, int width, int count, float* top)
    {
        for (int i = 0; i < count; i++)
        {
            int offset = 2 * i;
            foreach (int next in (ReadOnlySpan<int>)[offset, offset + 1, offset + width, offset + width + 1])
            {
                top[next] = places[i] == firstPlace + next ? gradient[i] : 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Raise(Vector128<float> candidate, Vector128<int> candidatePlace, ref Vector128<float> max, ref Vector128<int> place)
    {
        Vector128<float> isLarger = Vector128.AndNot(Vector128.Equals(max, max), Vector128.LessThanOrEqual(candidate, max));
        max = Vector128.ConditionalSelect(isLarger, candidate, max);
        place = Vector128.ConditionalSelect(isLarger.AsInt32(), candidatePlace, place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WritePairs(Vector128<float> gradient, Vector128<int> places, Vector128<int> place, float* to)
    {
        Vector128<float> even = gradient & Vector128.Equals(places, place).AsSingle();
        Vector128<float> odd = gradient & Vector128.Equals(places, place + Vector128<int>.One).AsSingle();
        Lanes.ZipLow(even, odd).Store(to);
        Lanes.ZipHigh(even, odd).Store(to + 4);
    }
}
