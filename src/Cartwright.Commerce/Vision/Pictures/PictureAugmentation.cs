using System.Numerics.Tensors;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>How far a picture may be changed while it still shows the same thing. All of it is drawn anew each time a picture is learned from.</summary>
internal sealed record PictureAugmentation
{
    /// <summary>Smallest part of the picture that is looked at, from above 0 to 1; 1 always looks at all of it.</summary>
    public float LeastArea { get; init; } = 1;

    /// <summary>How far the sides of the part may be stretched against each other: 1.33 from 3:4 to 4:3; 1 not at all.</summary>
    public float MostStretch { get; init; } = 1;

    /// <summary>How far the part may be moved over the edge, as a share of the side.</summary>
    public float MostShift { get; init; }

    /// <summary>How far brightness, contrast and saturation may each be changed, from 0 to below 1.</summary>
    public float MostColor { get; init; }

    /// <summary>Side of a square that is hidden, as a share of the side; 0 hides nothing. DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout", 2017.</summary>
    public float HiddenSide { get; init; }

    /// <summary>Writes the picture as one may see it another time.</summary>
    /// <param name="output">[3, size, size], from 0 to 255; hidden places have <paramref name="hidden"/>.</param>
    /// <param name="hidden">Red, green and blue that say nothing: the means of the pictures.</param>
    public void Write(Picture picture, int size, Random random, ReadOnlySpan<float> hidden, Span<float> output)
    {
        PictureScaling.Write(picture, Box(picture, random), size, size, random.Next(2) == 0, output);
        if (MostColor > 0)
        {
            Recolor(output, size * size, random);
        }

        if (HiddenSide > 0)
        {
            Hide(output, size, random, hidden);
        }
    }

    private PictureBox Box(Picture picture, Random random)
    {
        double area = LeastArea + ((1 - LeastArea) * random.NextDouble());
        double stretch = Math.Exp(Math.Log(MostStretch) * ((2 * random.NextDouble()) - 1));
        float height = picture.Height * (float)Math.Min(1, Math.Sqrt(area * stretch));
        float width = picture.Width * (float)Math.Min(1, Math.Sqrt(area / stretch));
        return new PictureBox(Begin(picture.Height, height), Begin(picture.Width, width), height, width);

        float Begin(int size, float part) => (float)(((size - part) * random.NextDouble()) + (MostShift * size * ((2 * random.NextDouble()) - 1)));
    }

    private void Recolor(Span<float> output, int plane, Random random)
    {
        float brightness = Factor();
        float contrast = Factor();
        float saturation = Factor();
        float mean = brightness * TensorPrimitives.Sum<float>(output) / output.Length;
        Span<float> red = output[..plane];
        Span<float> green = output.Slice(plane, plane);
        Span<float> blue = output.Slice(2 * plane, plane);
        for (int i = 0; i < plane; i++)
        {
            float gray = (red[i] + green[i] + blue[i]) / 3;
            red[i] = Changed(red[i], gray);
            green[i] = Changed(green[i], gray);
            blue[i] = Changed(blue[i], gray);
        }

        float Factor() => 1 + (MostColor * ((2 * random.NextSingle()) - 1));

        float Changed(float value, float gray)
        {
            float colored = gray + (saturation * (value - gray));
            return Math.Clamp(mean + (contrast * ((brightness * colored) - mean)), 0, 255);
        }
    }

    private void Hide(Span<float> output, int size, Random random, ReadOnlySpan<float> hidden)
    {
        int side = (int)Math.Round(HiddenSide * size);
        int top = random.Next(size) - (side / 2);
        int left = random.Next(size) - (side / 2);
        (int from, int to) = (Math.Max(0, left), Math.Min(size, left + side));
        for (int c = 0; c < Picture.Channels; c++)
        {
            for (int y = Math.Max(0, top); y < Math.Min(size, top + side); y++)
            {
                output.Slice((((c * size) + y) * size) + from, to - from).Fill(hidden[c]);
            }
        }
    }
}
