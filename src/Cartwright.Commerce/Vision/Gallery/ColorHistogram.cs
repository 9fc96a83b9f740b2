using Cartwright.Commerce.Catalog;
using System.Numerics.Tensors;

namespace Cartwright.Commerce.Vision;

/// <summary>How much of a picture has which color: what look-alikes were found by before networks, and what they have to beat.</summary>
/// <remarks>Swain and Ballard, "Color Indexing", International Journal of Computer Vision 1991: 4 steps each of red, green and blue, as square roots of shares.</remarks>
internal static class ColorHistogram
{
    private const int Steps = 4;

    public const int Size = Steps * Steps * Steps;

    /// <returns>[pictures, 64]</returns>
    public static float[] Of(IReadOnlyList<Picture> pictures)
    {
        float[] histograms = new float[pictures.Count * Size];
        Parallel.For(0, pictures.Count, i =>
        {
            Span<float> shares = histograms.AsSpan(i * Size, Size);
            byte[] rgb = pictures[i].Rgb;
            for (int at = 0; at < rgb.Length; at += Picture.Channels)
            {
                shares[(((rgb[at] * Steps / 256) * Steps) + (rgb[at + 1] * Steps / 256)) * Steps + (rgb[at + 2] * Steps / 256)]++;
            }

            TensorPrimitives.Divide(shares, rgb.Length / Picture.Channels, shares);
            TensorPrimitives.Sqrt(shares, shares);
        });
        return histograms;
    }
}
