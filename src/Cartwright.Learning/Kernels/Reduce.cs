using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cartwright.Learning.Kernels;

/// <summary>Sums and maxima of a run of numbers, in an order that depends on its length and the width of the vectors alone.</summary>
/// <remarks><c>TensorPrimitives</c> does not promise an order, so its last bits may change with a version.</remarks>
internal static unsafe class Reduce
{
    /// <summary>Numbers that are added in float before a sum goes on in double: a long sum keeps about six digits, a short one loses no time.</summary>
    private const int ChunkSize = 1024;

    public static float Sum(float* x, int count) => Sum<UsualLanes>(x, count);

    // Rows of a norm are short: for them another call and two conversions would show.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum<TLanes>(float* x, int count)
        where TLanes : struct, ILanes<TLanes> =>
        count < ChunkSize ? SumOfFew<TLanes>(x, count) : (float)SumInDouble(x, count);

    public static double SumInDouble(float* x, nint count)
    {
        double sum = 0;
        for (; count >= ChunkSize; count -= ChunkSize, x += ChunkSize)
        {
            sum += SumOfChunk(x);
        }

        return sum + SumOfFew<UsualLanes>(x, (int)count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfSquaredDeviations<TLanes>(float* x, float mean, int count)
        where TLanes : struct, ILanes<TLanes> =>
        count <= ChunkSize ? SquaredDeviationsOfFew<TLanes>(x, mean, count) : SquaredDeviationsOfMany(x, mean, count);

    private static float SquaredDeviationsOfMany(float* x, float mean, int count)
    {
        double sum = 0;
        for (; count > ChunkSize; count -= ChunkSize, x += ChunkSize)
        {
            sum += SquaredDeviationsOfFew<UsualLanes>(x, mean, ChunkSize);
        }

        return (float)(sum + SquaredDeviationsOfFew<UsualLanes>(x, mean, count));
    }

    /// <summary>The sum of <see cref="ChunkSize"/> numbers, on four chains that don't wait for each other.</summary>
    private static float SumOfChunk(float* x)
    {
        if (!Vector.IsHardwareAccelerated)
        {
            return SumOfFew<UsualLanes>(x, ChunkSize);
        }

        int width = Vector<float>.Count;
        Vector<float> a = Vector<float>.Zero, b = a, c = a, d = a;
        for (int i = 0; i < ChunkSize; i += 4 * width)
        {
            a += Vector.Load(x + i);
            b += Vector.Load(x + i + width);
            c += Vector.Load(x + i + (2 * width));
            d += Vector.Load(x + i + (3 * width));
        }

        return Vector.Sum(a + b + (c + d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SumOfFew<TLanes>(float* x, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        int i = 0;
        float sum = 0;
        if (Vector.IsHardwareAccelerated)
        {
            TLanes total = TLanes.Repeat(0);
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                total += TLanes.Load(x + i);
            }

            sum = TLanes.Sum(total);
        }

        for (; i < count; i++)
        {
            sum += x[i];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SquaredDeviationsOfFew<TLanes>(float* x, float mean, int count)
        where TLanes : struct, ILanes<TLanes>
    {
        int i = 0;
        float sum = 0;
        if (Vector.IsHardwareAccelerated)
        {
            TLanes total = TLanes.Repeat(0);
            TLanes means = TLanes.Repeat(mean);
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                TLanes deviation = TLanes.Load(x + i) - means;
                total += deviation * deviation;
            }

            sum = TLanes.Sum(total);
        }

        for (; i < count; i++)
        {
            sum += (x[i] - mean) * (x[i] - mean);
        }

        return sum;
    }

    public static float Dot(float* x, float* y, int count)
    {
        int i = 0;
        float sum = 0;
        if (Vector.IsHardwareAccelerated)
        {
            int width = Vector<float>.Count;
            Vector<float> even = Vector<float>.Zero;
            Vector<float> odd = Vector<float>.Zero;
            for (; i <= count - (2 * width); i += 2 * width)
            {
                even = Vector.MultiplyAddEstimate(Vector.Load(x + i), Vector.Load(y + i), even);
                odd = Vector.MultiplyAddEstimate(Vector.Load(x + i + width), Vector.Load(y + i + width), odd);
            }

            if (i <= count - width)
            {
                even = Vector.MultiplyAddEstimate(Vector.Load(x + i), Vector.Load(y + i), even);
                i += width;
            }

            sum = Vector.Sum(even + odd);
        }

        for (; i < count; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>The largest number; NaN where one of them is, negative infinity where there is none.</summary>
    public static float Max(float* x, int count)
    {
        int i = 0;
        float max = float.NegativeInfinity;
        if (Vector.IsHardwareAccelerated && count >= Vector<float>.Count)
        {
            int width = Vector<float>.Count;
            Vector<float> largest = Vector.Load(x);
            for (i = width; i <= count - width; i += width)
            {
                largest = Vector.Max(largest, Vector.Load(x + i));
            }

            max = LargestLane(largest);
        }

        for (; i < count; i++)
        {
            max = MathF.Max(max, x[i]);
        }

        return max;
    }

    private static float LargestLane(Vector<float> x)
    {
        // Halves until four lanes are left.
        Vector128<float> four = x.AsVector128();
        if (Vector<float>.Count == Vector256<float>.Count)
        {
            four = Vector128.Max(four, x.AsVector256().GetUpper());
        }
        else if (Vector<float>.Count == Vector512<float>.Count)
        {
            Vector256<float> eight = Vector256.Max(x.AsVector512().GetLower(), x.AsVector512().GetUpper());
            four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        }

        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(four[0], four[1]);
    }

    /// <summary>Adds factor * x to y.</summary>
    public static void AddScaled(float* x, float factor, float* y, int count)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var factors = new Vector<float>(factor);
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.MultiplyAddEstimate(Vector.Load(x + i), factors, Vector.Load(y + i)).Store(y + i);
            }
        }

        for (; i < count; i++)
        {
            y[i] += factor * x[i];
        }
    }

    /// <summary>Adds x to y.</summary>
    public static void Add(float* x, float* y, int count)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                (Vector.Load(y + i) + Vector.Load(x + i)).Store(y + i);
            }
        }

        for (; i < count; i++)
        {
            y[i] += x[i];
        }
    }
}
