using System.Buffers.Binary;
using System.IO.Compression;

namespace Cartwright.Commerce.Catalog;

/// <summary>Writes a picture as PNG, without a library of the system.</summary>
/// <remarks>W3C, "Portable Network Graphics Specification", second edition: 8 bits a color, rows unfiltered.</remarks>
internal static class PngWriter
{
    private static readonly uint[] Remainders = [.. Enumerable.Range(0, 256).Select(Remainder)];

    public static byte[] Write(Picture picture)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0];             // width, height, 8 bits, RGB
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), picture.Height);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, Packed(picture));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Packed(Picture picture)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            int length = picture.Width * Picture.Channels;
            for (int y = 0; y < picture.Height; y++)
            {
                zip.WriteByte(0);
                zip.Write(picture.Rgb, y * length, length);
            }
        }

        return packed.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(kind);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Check(Check(uint.MaxValue, kind), content));
        file.Write(number);
    }

    /// <summary>CRC-32 of ISO 3309, goes on from a state.</summary>
    private static uint Check(uint state, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            state = Remainders[(byte)(state ^ value)] ^ (state >> 8);
        }

        return state;
    }

    private static uint Remainder(int value)
    {
        uint state = (uint)value;
        for (int bit = 0; bit < 8; bit++)
        {
            state = (state & 1) == 0 ? state >> 1 : 0xEDB88320 ^ (state >> 1);
        }

        return state;
    }
}
