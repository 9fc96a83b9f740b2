using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>WebP by libwebp: <c>webp/decode.h</c>, version 7 of the library.</summary>
internal static unsafe class WebpCodec
{
    private const int FeaturesVersion = 0x0209;
    private const int FeatureCount = 10;
    private const int White = 255;

    public static SystemLibrary Library { get; } = new("libwebp.so.7", "libwebp7", "WebP");

    /// <summary>Places that one can see through lie on white.</summary>
    public static Picture Decode(ReadOnlySpan<byte> bytes, string name)
    {
        Library.ThrowUnlessInstalled(name);
        fixed (byte* file = bytes)
        {
            // WebPBitstreamFeatures: width, height, has_alpha, has_animation, format, and room.
            int* features = stackalloc int[FeatureCount];
            int status = ((delegate* unmanaged<byte*, nuint, int*, int, int>)Library.Symbol("WebPGetFeaturesInternal"))(file, (nuint)bytes.Length, features, FeaturesVersion);
            if (status != 0)
            {
                throw Damaged(name);
            }

            (int width, int height, bool hasAlpha, bool isAnimation) = (features[0], features[1], features[2] != 0, features[3] != 0);
            if (isAnimation)
            {
                throw new ImportFormatException(name, null, "the WebP is an animation; save one of its pictures.");
            }

            PictureReader.ThrowUnlessFits(width, height, name);
            int places = width * height;
            int channels = hasAlpha ? Picture.Channels + 1 : Picture.Channels;
            byte[] decoded = GC.AllocateUninitializedArray<byte>(places * channels);
            fixed (byte* to = decoded)
            {
                byte* done = ((delegate* unmanaged<byte*, nuint, byte*, nuint, int, byte*>)Library.Symbol(hasAlpha ? "WebPDecodeRGBAInto" : "WebPDecodeRGBInto"))(
                    file, (nuint)bytes.Length, to, (nuint)decoded.Length, width * channels);
                if (done is null)
                {
                    throw Damaged(name);
                }
            }

            return new Picture(hasAlpha ? OnWhite(decoded, places) : decoded, height, width);
        }
    }

    private static byte[] OnWhite(byte[] rgba, int places)
    {
        byte[] rgb = GC.AllocateUninitializedArray<byte>(places * Picture.Channels);
        for (int i = 0; i < places; i++)
        {
            int alpha = rgba[(4 * i) + 3];
            for (int c = 0; c < Picture.Channels; c++)
            {
                rgb[(Picture.Channels * i) + c] = (byte)(((rgba[(4 * i) + c] * alpha) + (White * (255 - alpha)) + 127) / 255);
            }
        }

        return rgb;
    }

    private static ImportFormatException Damaged(string name) => new(name, null, "the WebP is damaged.");
}
