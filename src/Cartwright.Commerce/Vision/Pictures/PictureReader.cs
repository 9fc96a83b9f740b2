using System.Globalization;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>Reads JPEG, PNG and WebP, told apart by their first bytes, turned as EXIF says.</summary>
/// <remarks>Sizes are looked up in the header and refused before anything is decoded, so that a small file can't ask for all the memory.</remarks>
internal static class PictureReader
{
    /// <summary>One picture a processor at a time: 50 million pixels take 150 MB while they are decoded, whoever sends them.</summary>
    private static readonly SemaphoreSlim Decoding = new(Environment.ProcessorCount);

    /// <summary>Longest file that is read.</summary>
    public const int MostBytes = 20 * 1024 * 1024;

    /// <summary>Most places of a picture, width times height.</summary>
    public const int MostPixels = 50_000_000;

    /// <summary>Endings of the files that may be pictures.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".jpg", ".jpeg", ".png", ".webp"];

    /// <param name="enough">A shorter side of so many places is enough: a larger JPEG may be decoded at a fraction of its size, which is quicker. 0 for all there is.</param>
    /// <exception cref="ImportFormatException">There is no such file, it is too large, damaged, or no picture that can be read.</exception>
    public static Picture Read(string path, int enough = 0) => Read(Bytes(path), path, enough);

    /// <summary>A file that may be a picture.</summary>
    /// <exception cref="ImportFormatException">There is no such file, or it is too large.</exception>
    public static byte[] Bytes(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            ThrowIfTooLong(file.Length, path);
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ImportFormatException(path, null, refused is FileNotFoundException or DirectoryNotFoundException ? "there is no such picture." : $"the picture can't be read: {refused.Message}");
        }
    }

    /// <inheritdoc cref="Read(string, int)"/>
    /// <param name="name">What to call it in errors.</param>
    public static Picture Read(ReadOnlySpan<byte> bytes, string name, int enough = 0)
    {
        ThrowIfTooLong(bytes.Length, name);
        Decoding.Wait();
        try
        {
            return Decode(bytes, name, enough);
        }
        finally
        {
            Decoding.Release();
        }
    }

    private static Picture Decode(ReadOnlySpan<byte> bytes, string name, int enough)
    {
        if (bytes is [0xFF, 0xD8, 0xFF, ..])
        {
            return JpegCodec.Decode(bytes, name, enough).Turned(ExifOrientation.OfJpeg(bytes));
        }

        if (bytes is [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..])
        {
            return PngCodec.Decode(bytes, name).Turned(ExifOrientation.OfPng(bytes));
        }

        return bytes is [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..]
            ? WebpCodec.Decode(bytes, name).Turned(ExifOrientation.OfWebp(bytes))
            : throw new ImportFormatException(name, null, $"this is {Guess(bytes)}; JPEG, PNG and WebP can be read.");
    }

    /// <exception cref="ImportFormatException">The picture has no places, or too many.</exception>
    internal static void ThrowUnlessFits(long width, long height, string name)
    {
        if (width < 1 || height < 1 || width * height > MostPixels)
        {
            throw new ImportFormatException(name, null, string.Create(CultureInfo.InvariantCulture,
                $"the picture says that it is {width:N0} by {height:N0} pixels; it may have at most {MostPixels:N0}. Save it smaller."));
        }
    }

    private static void ThrowIfTooLong(long length, string name)
    {
        if (length > MostBytes)
        {
            throw new ImportFormatException(name, null, string.Create(CultureInfo.InvariantCulture,
                $"the picture has {length:N0} bytes; it may have at most {MostBytes:N0}. Save it smaller."));
        }
    }

    private static string Guess(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [] => "an empty file",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "a GIF",
        [(byte)'B', (byte)'M', ..] => "a BMP",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "a TIFF",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "an AVIF, a HEIC or a film",
        [(byte)'<', ..] => "an SVG or a web page",
        _ => "no picture",
    };
}
