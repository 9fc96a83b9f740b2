using System.Runtime.InteropServices;
using System.Text;
using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Vision;

/// <summary>PNG by libpng's simplified interface: <c>png_image</c> in <c>png.h</c>, version 1.6.</summary>
internal static unsafe class PngCodec
{
    private const uint InterfaceVersion = 1;
    private const uint FormatRgb = 2;

    // 16 bits hold the same curve as 8, as every program but libpng's own writes them.
    private const uint SixteenBitsAreSrgb = 4;

    public static SystemLibrary Library { get; } = new("libpng16.so.16", "libpng16-16", "PNG");

    /// <summary>Places that one can see through lie on white.</summary>
    public static Picture Decode(ReadOnlySpan<byte> bytes, string name)
    {
        Library.ThrowUnlessInstalled(name);
        var image = new Image { Version = InterfaceVersion };
        try
        {
            fixed (byte* file = bytes)
            {
                if (((delegate* unmanaged<Image*, byte*, nuint, int>)Library.Symbol("png_image_begin_read_from_memory"))(&image, file, (nuint)bytes.Length) == 0)
                {
                    throw Damaged(name, &image);
                }

                PictureReader.ThrowUnlessFits(image.Width, image.Height, name);
                image.Format = FormatRgb;
                image.Flags |= SixteenBitsAreSrgb;
                byte[] rgb = GC.AllocateUninitializedArray<byte>((int)(image.Width * image.Height) * Picture.Channels);
                byte* white = stackalloc byte[] { 255, 255, 255 };
                fixed (byte* to = rgb)
                {
                    if (((delegate* unmanaged<Image*, byte*, byte*, int, void*, int>)Library.Symbol("png_image_finish_read"))(&image, white, to, 0, null) == 0)
                    {
                        throw Damaged(name, &image);
                    }
                }

                return new Picture(rgb, (int)image.Height, (int)image.Width);
            }
        }
        finally
        {
            ((delegate* unmanaged<Image*, void>)Library.Symbol("png_image_free"))(&image);
        }
    }

    private static ImportFormatException Damaged(string name, Image* image)
    {
        var message = new ReadOnlySpan<byte>(image->Message, Image.MessageLength);
        int end = message.IndexOf((byte)0);
        return new ImportFormatException(name, null, $"the PNG is damaged: {Encoding.UTF8.GetString(end < 0 ? message : message[..end])}.");
    }

    /// <summary><c>png_image</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Image
    {
        public const int MessageLength = 64;

        public nint Opaque;
        public uint Version;
        public uint Width;
        public uint Height;
        public uint Format;
        public uint Flags;
        public uint ColorMapEntries;
        public uint WarningOrError;
        public fixed byte Message[MessageLength];
    }
}
