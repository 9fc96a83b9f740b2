using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>Sums of one plane through a kernel of 3 by 3: sum[y, x] = start + Σ weights[i, j] · plane[y + i, x + j].</summary>
/// <remarks>
/// Goes down a column of vectors, so that a line is loaded once, at three places, for the three rows of sums that see it:
/// a third of the loads that tap after tap takes.
/// </remarks>
internal static unsafe class ThreeByThreeSums
{
    /// <summary>The columns that are written are a multiple of this.</summary>
    public const int WholeColumns = 16;

    /// <param name="plane">rows + 2 lines, <paramref name="pitch"/> apart; up to 17 numbers behind the last place seen may be read.</param>
    /// <param name="weights">9, line by line.</param>
    /// <param name="rectifies">Writes max(0, sum).</param>
    /// <param name="columns">Sums in a row.</param>
    /// <param name="sums">Rows of whole vectors, <paramref name="sumsPitch"/> apart.</param>
    public static void Write(
        float* plane, nint pitch, float* weights, float start, bool rectifies, int rows, int columns, float* sums, nint sumsPitch)
    {
        if (WideLanes.AreSupported)
        {
            Write<WideLanes>(plane, pitch, weights, start, rectifies, rows, columns, sums, sumsPitch);
        }
        else
        {
            Write<UsualLanes>(plane, pitch, weights, start, rectifies, rows, columns, sums, sumsPitch);
        }
    }

    private static void Write<TLanes>(
        float* plane, nint pitch, float* weights, float start, bool rectifies, int rows, int columns, float* sums, nint sumsPitch)
        where TLanes : struct, ILanes<TLanes>
    {
        var first = TLanes.Repeat(start);
        var zero = TLanes.Repeat(0);
        for (int column = 0; column < columns; column += TLanes.Count)
        {
            float* line = plane + column;
            float* to = sums + column;

            // The sums of the next row have seen two lines, those of the row after it one.
            (TLanes left, TLanes middle, TLanes right) = (TLanes.Load(line), TLanes.Load(line + 1), TLanes.Load(line + 2));
            TLanes next = Add(left, middle, right, weights, first);
            line += pitch;
            (left, middle, right) = (TLanes.Load(line), TLanes.Load(line + 1), TLanes.Load(line + 2));
            next = Add(left, middle, right, weights + 3, next);
            TLanes afterNext = Add(left, middle, right, weights, first);
            for (int row = 0; row < rows; row++)
            {
                line += pitch;
                (left, middle, right) = (TLanes.Load(line), TLanes.Load(line + 1), TLanes.Load(line + 2));
                TLanes done = Add(left, middle, right, weights + 6, next);
                next = Add(left, middle, right, weights + 3, afterNext);
                afterNext = Add(left, middle, right, weights, first);
                (rectifies ? TLanes.IfLess(done, zero, zero, done) : done).Store(to);
                to += sumsPitch;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Add<TLanes>(TLanes left, TLanes middle, TLanes right, float* weights, TLanes sum)
        where TLanes : struct, ILanes<TLanes>
    {
        sum = TLanes.MultiplyAdd(left, TLanes.Repeat(weights[0]), sum);
        sum = TLanes.MultiplyAdd(middle, TLanes.Repeat(weights[1]), sum);
        return TLanes.MultiplyAdd(right, TLanes.Repeat(weights[2]), sum);
    }
}
