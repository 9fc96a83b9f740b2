using System.Runtime.InteropServices;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>JPEG by libjpeg-turbo's TurboJPEG functions, version 2 of its interface: <c>turbojpeg.h</c>.</summary>
internal static unsafe class JpegCodec
{
    private const int Rgb = 0;
    private const int Cmyk = 3;
    private const int Ycck = 4;
    private const int Eighths = 8;

    // A progressive file may ask for thousands of passes over the picture: TJFLAG_LIMITSCANS.
    private const int LimitScans = 32_768;

    public static SystemLibrary Library { get; } = new("libturbojpeg.so.0", "libturbojpeg0", "JPEG");

    /// <param name="enough">A shorter side of so many places is enough; 0 for all there is.</param>
    /// <remarks>The inverse cosine transform can give a picture of 1/8 to 7/8 of the size at once, for a part of the work.</remarks>
    public static Picture Decode(ReadOnlySpan<byte> bytes, string name, int enough)
    {
        Library.ThrowUnlessInstalled(name);
        nint decoder = ((delegate* unmanaged<nint>)Library.Symbol("tjInitDecompress"))();
        try
        {
            fixed (byte* file = bytes)
            {
                int width, height, sampling, colors;
                int failed = ((delegate* unmanaged<nint, byte*, nuint, int*, int*, int*, int*, int>)Library.Symbol("tjDecompressHeader3"))(
                    decoder, file, (nuint)bytes.Length, &width, &height, &sampling, &colors);
                if (failed != 0)
                {
                    throw Damaged(name, decoder);
                }

                if (colors is Cmyk or Ycck)
                {
                    throw new ImportFormatException(name, null, "the picture is in CMYK, the colors of print, which look different on every screen. Save it as RGB.");
                }

                PictureReader.ThrowUnlessFits(width, height, name);
                int eighths = EighthsFor(Math.Min(width, height), enough);
                (width, height) = (Scaled(width, eighths), Scaled(height, eighths));
                byte[] rgb = GC.AllocateUninitializedArray<byte>(width * height * Picture.Channels);
                fixed (byte* to = rgb)
                {
                    failed = ((delegate* unmanaged<nint, byte*, nuint, byte*, int, int, int, int, int, int>)Library.Symbol("tjDecompress2"))(
                        decoder, file, (nuint)bytes.Length, to, width, 0, height, Rgb, LimitScans);
                }

                return failed == 0 || IsHarmless(decoder) ? new Picture(rgb, height, width) : throw Damaged(name, decoder);
            }
        }
        finally
        {
            ((delegate* unmanaged<nint, int>)Library.Symbol("tjDestroy"))(decoder);
        }
    }

    private static int EighthsFor(int side, int enough)
    {
        int eighths = Eighths;
        while (enough > 0 && eighths > 1 && Scaled(side, eighths - 1) >= enough)
        {
            eighths--;
        }

        return eighths;
    }

    private static int Scaled(int side, int eighths) => ((side * eighths) + Eighths - 1) / Eighths;

    /// <summary>Some cameras leave bytes of theirs between the parts of a file; the picture is whole all the same.</summary>
    private static bool IsHarmless(nint decoder) => Message(decoder).Contains("extraneous bytes before marker", StringComparison.Ordinal);

    private static ImportFormatException Damaged(string name, nint decoder) => new(name, null, $"the JPEG is damaged: {Message(decoder)}.");

    private static string Message(nint decoder) =>
        Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)Library.Symbol("tjGetErrorStr2"))(decoder))?.TrimEnd('.') ?? "no reason given";
}
