using System.Buffers.Binary;

namespace Cartwright.Commerce.Vision;

/// <summary>How the camera was held, as EXIF wrote it into a file: 1 to 8; 1 where nothing can be found.</summary>
/// <remarks>Exif 2.32 (CIPA DC-008), section 4.6.4: tag 0x0112 of the first directory. What can't be read is no reason to refuse a picture.</remarks>
internal static class ExifOrientation
{
    private const int Upright = 1;
    private const ushort Tag = 0x0112;
    private const ushort ShortType = 3;
    private const int EntryLength = 12;
    private const byte App1 = 0xE1;
    private const byte StartOfScan = 0xDA;

    private static ReadOnlySpan<byte> Prefix => "Exif\0\0"u8;

    /// <summary>Segment APP1, before the picture itself.</summary>
    public static int OfJpeg(ReadOnlySpan<byte> file)
    {
        for (int at = 2; at + 4 <= file.Length && file[at] == 0xFF && file[at + 1] != StartOfScan;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            ReadOnlySpan<byte> segment = At(file, at + 4, Math.Max(0, length - 2));
            if (file[at + 1] == App1 && segment.StartsWith(Prefix))
            {
                return Read(segment[Prefix.Length..]);
            }

            at += 2 + Math.Max(2, length);
        }

        return Upright;
    }

    /// <summary>Chunk eXIf.</summary>
    public static int OfPng(ReadOnlySpan<byte> file)
    {
        for (long at = 8; at + 12 <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[(int)at..]);
            if (file.Slice((int)at + 4, 4).SequenceEqual("eXIf"u8))
            {
                return Read(At(file, (int)at + 8, length));
            }

            at += 12L + length;
        }

        return Upright;
    }

    /// <summary>Chunk EXIF of a file in the extended format.</summary>
    public static int OfWebp(ReadOnlySpan<byte> file)
    {
        for (long at = 12; at + 8 <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(file[((int)at + 4)..]);
            if (file.Slice((int)at, 4).SequenceEqual("EXIF"u8))
            {
                ReadOnlySpan<byte> chunk = At(file, (int)at + 8, length);
                return Read(chunk.StartsWith(Prefix) ? chunk[Prefix.Length..] : chunk);
            }

            at += 8L + length + (length & 1);
        }

        return Upright;
    }

    /// <param name="tiff">A TIFF header and its directories.</param>
    private static int Read(ReadOnlySpan<byte> tiff)
    {
        bool isLittle = tiff is [(byte)'I', (byte)'I', ..];
        if (tiff.Length < 8 || !(isLittle || tiff is [(byte)'M', (byte)'M', ..]))
        {
            return Upright;
        }

        uint directory = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        ReadOnlySpan<byte> entries = directory + 2L > tiff.Length ? [] : tiff[(int)directory..];
        int count = entries.Length < 2 ? 0 : Short(entries, isLittle);
        for (int i = 0; i < count && 2 + ((i + 1) * EntryLength) <= entries.Length; i++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(2 + (i * EntryLength), EntryLength);
            if (Short(entry, isLittle) == Tag && Short(entry[2..], isLittle) == ShortType)
            {
                return Short(entry[8..], isLittle) is >= 1 and <= 8 and ushort orientation ? orientation : Upright;
            }
        }

        return Upright;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    /// <summary>What there is of a piece that may say it is longer than the file.</summary>
    private static ReadOnlySpan<byte> At(ReadOnlySpan<byte> file, int start, long length) =>
        start >= file.Length ? [] : file.Slice(start, (int)Math.Min(length, file.Length - start));
}
