using System.Buffers;
using System.Numerics.Tensors;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>A part of a picture, in places; it may reach over the edge, where the last place goes on.</summary>
internal readonly record struct PictureBox(float Top, float Left, float Height, float Width)
{
    public static PictureBox Whole(Picture picture) => new(0, 0, picture.Height, picture.Width);

    /// <summary>The largest square in the middle.</summary>
    public static PictureBox Middle(Picture picture)
    {
        float side = Math.Min(picture.Height, picture.Width);
        return new((picture.Height - side) / 2, (picture.Width - side) / 2, side, side);
    }
}

/// <summary>Pictures at another size: each new place is the mean of the old ones under a triangle over it, so that nothing flickers where a picture shrinks.</summary>
/// <remarks>Down and across one after the other. Heckbert, "Fundamentals of Texture Mapping and Image Warping", 1989, section 3: the tent filter, stretched where it has to keep out what the new grid can't show.</remarks>
internal static class PictureScaling
{
    /// <param name="enough">The shorter side becomes so long; a picture that is not larger stays as it is.</param>
    public static Picture ShrinkTo(Picture picture, int enough)
    {
        int side = Math.Min(picture.Height, picture.Width);
        return side <= enough ? picture
            : Scale(picture, Math.Max(1, (int)Math.Round((double)picture.Height * enough / side)), Math.Max(1, (int)Math.Round((double)picture.Width * enough / side)));
    }

    public static Picture Scale(Picture picture, int height, int width)
    {
        float[] planes = ArrayPool<float>.Shared.Rent(height * width * Picture.Channels);
        byte[] rgb = GC.AllocateUninitializedArray<byte>(height * width * Picture.Channels);
        Write(picture, PictureBox.Whole(picture), height, width, isMirrored: false, planes);
        for (int i = 0; i < height * width; i++)
        {
            for (int c = 0; c < Picture.Channels; c++)
            {
                rgb[(i * Picture.Channels) + c] = (byte)Math.Clamp(planes[(c * height * width) + i] + 0.5f, 0, 255);
            }
        }

        ArrayPool<float>.Shared.Return(planes);
        return new Picture(rgb, height, width);
    }

    /// <summary>Writes a part of a picture at another size, as three planes.</summary>
    /// <param name="isMirrored">Exchanges left and right.</param>
    /// <param name="output">[3, height, width], from 0 to 255; may be longer.</param>
    public static void Write(Picture picture, PictureBox box, int height, int width, bool isMirrored, Span<float> output)
    {
        var down = new Taps(box.Top, box.Height, picture.Height, height);
        var across = new Taps(box.Left, box.Width, picture.Width, width);
        int first = down.Start(0);
        int rows = down.End(height - 1) - first;
        int length = width * Picture.Channels;
        float[] buffer = ArrayPool<float>.Shared.Rent((rows + 1) * length);
        for (int y = 0; y < rows; y++)
        {
            Across(picture.Rgb.AsSpan((first + y) * picture.Width * Picture.Channels, picture.Width * Picture.Channels), across, isMirrored, buffer.AsSpan(y * length, length));
        }

        Span<float> row = buffer.AsSpan(rows * length, length);
        int plane = height * width;
        for (int y = 0; y < height; y++)
        {
            row.Clear();
            ReadOnlySpan<float> weights = down.Weights(y);
            for (int i = 0; i < weights.Length; i++)
            {
                TensorPrimitives.MultiplyAdd(buffer.AsSpan((down.Start(y) + i - first) * length, length), weights[i], row, row);
            }

            for (int x = 0, from = 0, to = y * width; x < width; x++, from += Picture.Channels, to++)
            {
                output[to] = row[from];
                output[to + plane] = row[from + 1];
                output[to + (2 * plane)] = row[from + 2];
            }
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    private static void Across(ReadOnlySpan<byte> row, Taps across, bool isMirrored, Span<float> output)
    {
        int width = output.Length / Picture.Channels;
        for (int x = 0; x < width; x++)
        {
            ReadOnlySpan<float> weights = across.Weights(x);
            int from = across.Start(x) * Picture.Channels;
            (float red, float green, float blue) = (0, 0, 0);
            for (int i = 0; i < weights.Length; i++, from += Picture.Channels)
            {
                red += weights[i] * row[from];
                green += weights[i] * row[from + 1];
                blue += weights[i] * row[from + 2];
            }

            int to = (isMirrored ? width - 1 - x : x) * Picture.Channels;
            (output[to], output[to + 1], output[to + 2]) = (red, green, blue);
        }
    }

    /// <summary>Which old places make up each new one along an axis, and with which weights.</summary>
    private sealed class Taps
    {
        private readonly int[] _starts;
        private readonly int[] _offsets;
        private readonly float[] _weights;

        /// <param name="from">Where the part begins, in old places.</param>
        /// <param name="length">Of the part, in old places.</param>
        /// <param name="size">Old places of the axis.</param>
        /// <param name="count">New places.</param>
        public Taps(float from, float length, int size, int count)
        {
            float step = length / count;
            float reach = Math.Max(1, step);
            int most = (int)(2 * reach) + 2;
            _starts = new int[count];
            _offsets = new int[count + 1];
            _weights = new float[count * most];
            for (int i = 0; i < count; i++)
            {
                float center = Math.Clamp(from + ((i + 0.5f) * step), 0.5f, size - 0.5f);
                int start = Math.Max(0, (int)(center - reach + 0.5f));
                int end = Math.Min(size, (int)(center + reach + 0.5f));
                Span<float> weights = _weights.AsSpan(_offsets[i], end - start);
                for (int j = 0; j < weights.Length; j++)
                {
                    weights[j] = Math.Max(0, 1 - (Math.Abs(start + j + 0.5f - center) / reach));
                }

                TensorPrimitives.Divide(weights, TensorPrimitives.Sum<float>(weights), weights);
                (_starts[i], _offsets[i + 1]) = (start, _offsets[i] + weights.Length);
            }
        }

        public int Start(int i) => _starts[i];

        public int End(int i) => _starts[i] + _offsets[i + 1] - _offsets[i];

        public ReadOnlySpan<float> Weights(int i) => _weights.AsSpan(_offsets[i].._offsets[i + 1]);
    }
}
