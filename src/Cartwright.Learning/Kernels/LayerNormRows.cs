using System.Numerics;

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
        for (int row = 0; row < rows; row++)
        {
            float* from = x + ((nint)row * columns);
            float mean = Reduce.Sum(from, columns) / columns;
            float variance = Reduce.SumOfSquaredDeviations(from, mean, columns) / columns;
            means[row] = mean;
            inverses[row] = 1 / MathF.Sqrt(variance + epsilon);
            Scale(from, mean, inverses[row], gain, bias, y + ((nint)row * columns), columns);
        }
    }

    /// <summary>The same y again, of the means and the rest that <see cref="Forward"/> gave.</summary>
    public static void Again(float* x, float* gain, float* bias, float* y, float* means, float* inverses, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            Scale(x + ((nint)row * columns), means[row], inverses[row], gain, bias, y + ((nint)row * columns), columns);
        }
    }

    /// <summary>gradX = before + the gradient of x; adds to the gradients of gain and bias.</summary>
    /// <param name="before">[rows, columns]; may be gradX. Null stands for zeros.</param>
    public static void Backward(
        float* gradY, float* x, float* gain, float* means, float* inverses, float* before, float* gradX, float* gradGain, float* gradBias, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            nint at = (nint)row * columns;
            float* beforeRow = before == null ? null : before + at;
            BackwardOfRow(gradY + at, x + at, gain, means[row], inverses[row], beforeRow, gradX + at, gradGain, gradBias, columns);
        }
    }

    private static void Scale(float* x, float mean, float inverse, float* gain, float* bias, float* y, int columns)
    {
        int i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= columns - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> normal = (Vector.Load(x + i) - new Vector<float>(mean)) * inverse;
                Vector.MultiplyAddEstimate(normal, Vector.Load(gain + i), Vector.Load(bias + i)).Store(y + i);
            }
        }

        for (; i < columns; i++)
        {
            y[i] = ((x[i] - mean) * inverse * gain[i]) + bias[i];
        }
    }

    // With n = (x - mean) * inverse and g = gradY * gain, over the row's columns:
    // gradX = before + inverse * (g - mean(g) - n * mean(g * n)), gradGain = gradY * n, gradBias = gradY.
    private static void BackwardOfRow(
        float* gradY, float* x, float* gain, float mean, float inverse, float* before, float* gradX, float* gradGain, float* gradBias, int columns)
    {
        int width = Vector<float>.Count;
        int i = 0;
        float sum = 0;
        float sumByNormal = 0;
        if (Vector.IsHardwareAccelerated)
        {
            Vector<float> sums = Vector<float>.Zero;
            Vector<float> sumsByNormal = Vector<float>.Zero;
            for (; i <= columns - width; i += width)
            {
                Vector<float> normal = (Vector.Load(x + i) - new Vector<float>(mean)) * inverse;
                Vector<float> gy = Vector.Load(gradY + i);
                Vector<float> g = gy * Vector.Load(gain + i);
                sums += g;
                sumsByNormal = Vector.MultiplyAddEstimate(g, normal, sumsByNormal);
                Vector.MultiplyAddEstimate(gy, normal, Vector.Load(gradGain + i)).Store(gradGain + i);
                (gy + Vector.Load(gradBias + i)).Store(gradBias + i);
            }

            sum = Vector.Sum(sums);
            sumByNormal = Vector.Sum(sumsByNormal);
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
            for (; i <= columns - width; i += width)
            {
                Vector<float> normal = (Vector.Load(x + i) - new Vector<float>(mean)) * inverse;
                Vector<float> g = Vector.Load(gradY + i) * Vector.Load(gain + i);
                Vector<float> gradient = (g - new Vector<float>(offset) - (normal * slope)) * inverse;
                (before == null ? gradient : Vector.Load(before + i) + gradient).Store(gradX + i);
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
