using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cartwright.Learning.Kernels;

/// <summary>The rows of a layer norm, for a few of them on the calling thread.</summary>
internal static unsafe class LayerNormRows
{
    /// <summary>y = normal · gain + bias, with normal = (x - mean) · inverse, both of a row.</summary>
    /// <param name="means">[rows]: is given the means.</param>
    /// <param name="inverses">[rows]: is given 1 / sqrt(variance + epsilon).</param>
    public static void Forward(
        float* x, float* gain, float* bias, float* y, float* means, float* inverses, int rows, int columns, float epsilon)
    {
        if (IsForWideLanes(columns))
        {
            Forward<WideLanes>(x, gain, bias, y, means, inverses, rows, columns, epsilon);
        }
        else
        {
            Forward<UsualLanes>(x, gain, bias, y, means, inverses, rows, columns, epsilon);
        }
    }

    /// <summary>The same y again, of the means and the rest that <see cref="Forward"/> gave.</summary>
    public static void Again(float* x, float* gain, float* bias, float* y, float* means, float* inverses, int rows, int columns)
    {
        if (IsForWideLanes(columns))
        {
            Again<WideLanes>(x, gain, bias, y, means, inverses, rows, columns);
        }
        else
        {
            Again<UsualLanes>(x, gain, bias, y, means, inverses, rows, columns);
        }
    }

    /// <summary>gradX = before + the gradient of x; adds to the gradients of gain and bias.</summary>
    /// <param name="before">[rows, columns]; may be gradX. Null stands for zeros.</param>
    public static void Backward(
        float* gradY, float* x, float* gain, float* means, float* inverses, float* before, float* gradX, float* gradGain, float* gradBias, int rows, int columns)
    {
        if (IsForWideLanes(columns))
        {
            Backward<WideLanes>(gradY, x, gain, means, inverses, before, gradX, gradGain, gradBias, rows, columns);
        }
        else
        {
            Backward<UsualLanes>(gradY, x, gain, means, inverses, before, gradX, gradGain, gradBias, rows, columns);
        }
    }

    // Unless that leaves more numbers to be taken one by one.
    private static bool IsForWideLanes(int columns) => WideLanes.AreSupported && columns % WideLanes.Count < UsualLanes.Count;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forward<TLanes>(
        float* x, float* gain, float* bias, float* y, float* means, float* inverses, int rows, int columns, float epsilon)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int row = 0; row < rows; row++)
        {
            float* from = x + ((nint)row * columns);
            float mean = Reduce.Sum<TLanes>(from, columns) / columns;
            float variance = Reduce.SumOfSquaredDeviations<TLanes>(from, mean, columns) / columns;
            means[row] = mean;
            inverses[row] = 1 / MathF.Sqrt(variance + epsilon);
            Scale<TLanes>(from, mean, inverses[row], gain, bias, y + ((nint)row * columns), columns);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Again<TLanes>(float* x, float* gain, float* bias, float* y, float* means, float* inverses, int rows, int columns)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int row = 0; row < rows; row++)
        {
            Scale<TLanes>(x + ((nint)row * columns), means[row], inverses[row], gain, bias, y + ((nint)row * columns), columns);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Backward<TLanes>(
        float* gradY, float* x, float* gain, float* means, float* inverses, float* before, float* gradX, float* gradGain, float* gradBias, int rows, int columns)
        where TLanes : struct, ILanes<TLanes>
    {
        for (int row = 0; row < rows; row++)
        {
            nint at = (nint)row * columns;
            float* beforeRow = before == null ? null : before + at;
            BackwardOfRow<TLanes>(gradY + at, x + at, gain, means[row], inverses[row], beforeRow, gradX + at, gradGain, gradBias, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale<TLanes>(float* x, float mean, float inverse, float* gain, float* bias, float* y, int columns)
        where TLanes : struct, ILanes<TLanes>
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            TLanes means = TLanes.Repeat(mean);
            TLanes inverses = TLanes.Repeat(inverse);
            for (; i <= columns - TLanes.Count; i += TLanes.Count)
            {
                TLanes normal = (TLanes.Load(x + i) - means) * inverses;
                TLanes.MultiplyAdd(normal, TLanes.Load(gain + i), TLanes.Load(bias + i)).Store(y + i);
            }
        }

        for (; i < columns; i++)
        {
            y[i] = ((x[i] - mean) * inverse * gain[i]) + bias[i];
        }
    }

    // With n = (x - mean) * inverse and g = gradY * gain, over the row's columns:
    // gradX = before + inverse * (g - mean(g) - n * mean(g * n)), gradGain = gradY * n, gradBias = gradY.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BackwardOfRow<TLanes>(
        float* gradY, float* x, float* gain, float mean, float inverse, float* before, float* gradX, float* gradGain, float* gradBias, int columns)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes means = TLanes.Repeat(mean);
        TLanes inverses = TLanes.Repeat(inverse);
        int i = 0;
        float sum = 0;
        float sumByNormal = 0;
        if (Vector.IsHardwareAccelerated)
        {
            TLanes sums = TLanes.Repeat(0);
            TLanes sumsByNormal = TLanes.Repeat(0);
            for (; i <= columns - TLanes.Count; i += TLanes.Count)
            {
                TLanes normal = (TLanes.Load(x + i) - means) * inverses;
                TLanes gy = TLanes.Load(gradY + i);
                TLanes g = gy * TLanes.Load(gain + i);
                sums += g;
                sumsByNormal = TLanes.MultiplyAdd(g, normal, sumsByNormal);
                TLanes.MultiplyAdd(gy, normal, TLanes.Load(gradGain + i)).Store(gradGain + i);
                (gy + TLanes.Load(gradBias + i)).Store(gradBias + i);
            }

            sum = TLanes.Sum(sums);
            sumByNormal = TLanes.Sum(sumsByNormal);
        }

        for (; i < columns; i++)
        {
            float normal = (x[i] - mean) * inverse;
            float g = gradY[i] * gain[i];
            sum += g;
            sumByNormal += g * normal;
            gradGain[i] += gradY[i] * normal;
            gradBias[i] += gradY[i];
        }

        float offset = sum / columns;
        float slope = sumByNormal / columns;
        i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            TLanes offsets = TLanes.Repeat(offset);
            TLanes slopes = TLanes.Repeat(slope);
            for (; i <= columns - TLanes.Count; i += TLanes.Count)
            {
                TLanes normal = (TLanes.Load(x + i) - means) * inverses;
                TLanes g = TLanes.Load(gradY + i) * TLanes.Load(gain + i);
                TLanes gradient = (g - offsets - (normal * slopes)) * inverses;
                (before == null ? gradient : TLanes.Load(before + i) + gradient).Store(gradX + i);
            }
        }

        for (; i < columns; i++)
        {
            float normal = (x[i] - mean) * inverse;
            float gradient = ((gradY[i] * gain[i]) - offset - (normal * slope)) * inverse;
            gradX[i] = before == null ? gradient : before[i] + gradient;
        }
    }
}
