using System.Numerics;

namespace Cartwright.Learning.Kernels;

/// <summary>The loops over e^(x - max) that softmax, cross-entropy and attention share.</summary>
internal static unsafe class Exponentials
{
    private const int ChunkSize = 1024;

    /// <summary>Writes y[i] = e^(x[i] - shift) and returns their sum; no x is above shift.</summary>
    public static float Write(float* x, float shift, float* y, int count) => Write(x, 1, shift, y, count);

    /// <summary>Writes y[i] = e^(factor (x[i] - shift)) and returns their sum; no x is above shift, and factor is above 0.</summary>
    public static float Write(float* x, float factor, float shift, float* y, int count)
    {
        int i = 0;
        float sum = 0;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<float> total = Vector<float>.Zero;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> value = VectorExp.OfNonPositive((Vector.Load(x + i) - new Vector<float>(shift)) * factor);
                value.Store(y + i);
                total += value;
            }

            sum = Vector.Sum(total);
        }

        for (; i < count; i++)
        {
            y[i] = MathF.Exp((x[i] - shift) * factor);
            sum += y[i];
        }

        return sum;
    }

    /// <summary>Multiplies every number by the factor.</summary>
    public static void Scale(float* x, float factor, int count)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                (Vector.Load(x + i) * factor).Store(x + i);
            }
        }

        for (; i < count; i++)
        {
            x[i] *= factor;
        }
    }

    /// <summary>ln Σ e^x[i], reading x once: each chunk finds its maximum while it is in the nearest cache.</summary>
    /// <returns>Negative infinity for no numbers, NaN where one of them is.</returns>
    public static float LogSum(float* x, int count)
    {
        float max = float.NegativeInfinity;
        float sum = 0;
        for (int start = 0; start < count; start += ChunkSize)
        {
            int size = Math.Min(ChunkSize, count - start);
            float chunkMax = Reduce.Max(x + start, size);
            if (chunkMax > max || float.IsNaN(chunkMax))
            {
                sum = max == float.NegativeInfinity ? 0 : sum * MathF.Exp(max - chunkMax);
                max = chunkMax;
            }

            if (max != float.NegativeInfinity)
            {
                sum += Sum(x + start, max, size);
            }
        }

        return max + MathF.Log(sum);
    }

    /// <summary>Σ e^(x[i] - shift); no x is above shift.</summary>
    private static float Sum(float* x, float shift, int count)
    {
        int i = 0;
        float sum = 0;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<float> total = Vector<float>.Zero;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                total += VectorExp.OfNonPositive(Vector.Load(x + i) - new Vector<float>(shift));
            }

            sum = Vector.Sum(total);
        }

        for (; i < count; i++)
        {
            sum += MathF.Exp(x[i] - shift);
        }

        return sum;
    }
}
