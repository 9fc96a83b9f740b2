using System.Numerics.Tensors;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Mean and deviation of red, green and blue, from 0 to 255: what a network takes as nothing and as one.</summary>
internal sealed record PictureColors(IReadOnlyList<float> Means, IReadOnlyList<float> Deviations)
{
    private const float LeastDeviation = 1;

    public static PictureColors Of(IReadOnlyList<Picture> pictures)
    {
        Span<double> sums = stackalloc double[Picture.Channels];
        Span<double> squares = stackalloc double[Picture.Channels];
        Span<long> sum = stackalloc long[Picture.Channels];
        Span<long> square = stackalloc long[Picture.Channels];
        double count = 0;
        foreach (Picture picture in pictures)
        {
            sum.Clear();
            square.Clear();
            for (int i = 0; i < picture.Rgb.Length; i += Picture.Channels)
            {
                for (int c = 0; c < Picture.Channels; c++)
                {
                    int value = picture.Rgb[i + c];
                    sum[c] += value;
                    square[c] += value * value;
                }
            }

            int places = picture.Height * picture.Width;
            count++;
            for (int c = 0; c < Picture.Channels; c++)
            {
                sums[c] += sum[c] / (double)places;
                squares[c] += square[c] / (double)places;
            }
        }

        float[] means = new float[Picture.Channels];
        float[] deviations = new float[Picture.Channels];
        for (int c = 0; c < Picture.Channels; c++)
        {
            double mean = sums[c] / Math.Max(1, count);
            means[c] = (float)mean;
            deviations[c] = MathF.Max(LeastDeviation, (float)Math.Sqrt(Math.Max(0, (squares[c] / Math.Max(1, count)) - (mean * mean))));
        }

        return new PictureColors(means, deviations);
    }

    /// <param name="planes">[3, height, width], from 0 to 255; each becomes (value - mean) / deviation.</param>
    public void Normalize(Span<float> planes)
    {
        int plane = planes.Length / Picture.Channels;
        for (int c = 0; c < Picture.Channels; c++)
        {
            Span<float> values = planes.Slice(c * plane, plane);
            TensorPrimitives.Subtract(values, Means[c], values);
            TensorPrimitives.Divide(values, Deviations[c], values);
        }
    }
}
