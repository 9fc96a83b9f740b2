using System.Numerics.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>Means and deviations of what a network sees, by which its numbers come to one scale.</summary>
internal static class EmbeddingScale
{
    private const float LeastDeviation = 1e-3f;

    /// <param name="rows">[pictures, width]</param>
    public static (float[] Means, float[] Deviations) Of(ReadOnlySpan<float> rows, int width)
    {
        double[] sums = new double[width], squares = new double[width];
        for (int start = 0; start < rows.Length; start += width)
        {
            for (int i = 0; i < width; i++)
            {
                double value = rows[start + i];
                sums[i] += value;
                squares[i] += value * value;
            }
        }

        double count = Math.Max(1, rows.Length / Math.Max(1, width));
        float[] means = new float[width], deviations = new float[width];
        for (int i = 0; i < width; i++)
        {
            double mean = sums[i] / count;
            means[i] = (float)mean;
            deviations[i] = MathF.Max(LeastDeviation, (float)Math.Sqrt(Math.Max(0, (squares[i] / count) - (mean * mean))));
        }

        return (means, deviations);
    }

    /// <summary>(value - mean) / deviation, as new rows.</summary>
    public static float[] Apply(ReadOnlySpan<float> rows, (float[] Means, float[] Deviations) scale)
    {
        float[] scaled = rows.ToArray();
        ApplyTo(scaled, scale);
        return scaled;
    }

    /// <summary>(value - mean) / deviation, in place.</summary>
    public static void ApplyTo(Span<float> rows, (float[] Means, float[] Deviations) scale)
    {
        for (int start = 0; start < rows.Length; start += scale.Means.Length)
        {
            Span<float> row = rows.Slice(start, scale.Means.Length);
            TensorPrimitives.Subtract(row, scale.Means, row);
            TensorPrimitives.Divide(row, scale.Deviations, row);
        }
    }

    /// <summary>A layer over scaled numbers as the same layer over numbers as they are: w / deviation, and the bias less w · mean / deviation.</summary>
    /// <param name="weight">[outputs, width]</param>
    /// <param name="bias">[outputs]</param>
    public static (float[] Weight, float[] Bias) Unscaled(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, (float[] Means, float[] Deviations) scale)
    {
        (float[] plain, float[] less) = (weight.ToArray(), bias.ToArray());
        for (int output = 0; output < less.Length; output++)
        {
            Span<float> row = plain.AsSpan(output * scale.Means.Length, scale.Means.Length);
            TensorPrimitives.Divide(row, scale.Deviations, row);
            less[output] -= TensorPrimitives.Dot<float>(row, scale.Means);
        }

        return (plain, less);
    }
}
