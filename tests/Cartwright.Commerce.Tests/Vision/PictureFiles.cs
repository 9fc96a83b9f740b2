using System.Runtime.InteropServices;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Vision;

namespace Cartwright.Commerce.Tests.Vision;

/// <summary>Writes pictures as files, with the encoders of the libraries whose decoders are tested.</summary>
internal static class PictureFiles
{
    private static readonly nint Jpegs = NativeLibrary.TryLoad("libturbojpeg.so.0", out nint library) ? library : 0;
    private static readonly nint Webps = NativeLibrary.TryLoad("libwebp.so.7", out nint library) ? library : 0;

    private delegate nint Open();

    private delegate int Close(nint encoder);

    private delegate int Compress(nint encoder, byte[] rgb, int width, int pitch, int height, int format, ref nint file, ref nuint length, int sampling, int quality, int flags);

    private delegate void Free(nint buffer);

    private delegate nuint EncodeLossless(byte[] pixels, int width, int height, int stride, out nint file);

    private delegate nuint Encode(byte[] pixels, int width, int height, int stride, float quality, out nint file);

    /// <summary>Why a test of all three kinds has to be skipped; null where it has not.</summary>
    public static string? Missing => JpegCodec.Library.IsInstalled && PngCodec.Library.IsInstalled && WebpCodec.Library.IsInstalled ? null
        : "libturbojpeg0, libpng16-16 or libwebp7 is not installed: scripts/setup.sh test puts them there.";

    /// <summary>Soft colors that differ at every place.</summary>
    public static Picture Gradient(int height, int width)
    {
        byte[] rgb = new byte[height * width * 3];
        for (int i = 0; i < height * width; i++)
        {
            (int y, int x) = (i / width, i % width);
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = ((byte)(255 * y / height), (byte)(255 * x / width), (byte)(128 + (60 * (y - x) / (height + width))));
        }

        return new Picture(rgb, height, width);
    }

    /// <summary>Four squares: red, green, blue, white.</summary>
    public static Picture Quarters(int side)
    {
        byte[][] colors = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];
        byte[] rgb = new byte[4 * side * side * 3];
        for (int i = 0; i < 4 * side * side; i++)
        {
            colors[(2 * (i / (2 * side) / side)) + (i % (2 * side) / side)].CopyTo(rgb, 3 * i);
        }

        return new Picture(rgb, 2 * side, 2 * side);
    }

    /// <param name="isCmyk">Takes the bytes as if there were four colors of print.</param>
    /// <param name="isProgressive">In several passes.</param>
    public static byte[] Jpeg(Picture picture, int quality = 90, bool isCmyk = false, bool isProgressive = false)
    {
        const int Progressive = 16_384;
        nint encoder = Function<Open>(Jpegs, "tjInitCompress")();
        (nint file, nuint length) = (0, 0);
        byte[] pixels = isCmyk ? new byte[picture.Height * picture.Width * 4] : picture.Rgb;
        int failed = Function<Compress>(Jpegs, "tjCompress2")(encoder, pixels, picture.Width, 0, picture.Height, isCmyk ? 11 : 0, ref file, ref length, 0, quality, isProgressive ? Progressive : 0);
        Assert.Equal(0, failed);
        byte[] bytes = Copy(file, length);
        Function<Free>(Jpegs, "tjFree")(file);
        Function<Close>(Jpegs, "tjDestroy")(encoder);
        return bytes;
    }

    public static byte[] Png(Picture picture) => PngWriter.Write(picture);

    public static byte[] Webp(Picture picture)
    {
        nuint length = Function<EncodeLossless>(Webps, "WebPEncodeLosslessRGB")(picture.Rgb, picture.Width, picture.Height, picture.Width * 3, out nint file);
        return Taken(file, length);
    }

    public static byte[] LossyWebp(Picture picture)
    {
        nuint length = Function<Encode>(Webps, "WebPEncodeRGB")(picture.Rgb, picture.Width, picture.Height, picture.Width * 3, 80, out nint file);
        return Taken(file, length);
    }

    /// <param name="alpha">Of every place, from 0 to 255.</param>
    public static byte[] SheerWebp(Picture picture, byte alpha)
    {
        byte[] rgba = new byte[picture.Height * picture.Width * 4];
        for (int i = 0; i < picture.Height * picture.Width; i++)
        {
            picture.Rgb.AsSpan(3 * i, 3).CopyTo(rgba.AsSpan(4 * i));
            rgba[(4 * i) + 3] = alpha;
        }

        nuint length = Function<EncodeLossless>(Webps, "WebPEncodeLosslessRGBA")(rgba, picture.Width, picture.Height, picture.Width * 4, out nint file);
        return Taken(file, length);
    }

    private static byte[] Taken(nint file, nuint length)
    {
        Assert.NotEqual((nuint)0, length);
        byte[] bytes = Copy(file, length);
        Function<Free>(Webps, "WebPFree")(file);
        return bytes;
    }

    private static byte[] Copy(nint file, nuint length)
    {
        byte[] bytes = new byte[length];
        Marshal.Copy(file, bytes, 0, bytes.Length);
        return bytes;
    }

    private static T Function<T>(nint library, string name) => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));
}

/// <summary>A test that reads pictures by the libraries of the system. Skipped, with a word, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PictureFactAttribute : FactAttribute
{
    public PictureFactAttribute() => Skip = PictureFiles.Missing;
}

/// <inheritdoc cref="PictureFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PictureTheoryAttribute : TheoryAttribute
{
    public PictureTheoryAttribute() => Skip = PictureFiles.Missing;
}
