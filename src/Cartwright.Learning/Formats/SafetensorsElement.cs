using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Cartwright.Learning.Formats;

/// <summary>How numbers are kept in a safetensors file that is written.</summary>
public enum SafetensorsType
{
    /// <summary>As they are computed.</summary>
    F32,

    /// <summary>The upper half of a float: half the room, a relative error of 1/256 at most, rounded to the nearest.</summary>
    BF16,
}

/// <summary>The types of numbers of the format, each as a float and back.</summary>
internal static class SafetensorsElement
{
    /// <summary>Whole numbers up to this size are floats without a loss.</summary>
    private const long LargestWhole = 1 << 24;

    /// <summary>Bytes of a number; 0 for a type that is not read.</summary>
    public static int SizeOf(string type) => type switch
    {
        "BOOL" or "U8" or "I8" => 1,
        "F16" or "BF16" or "U16" or "I16" => 2,
        "F32" or "U32" or "I32" => 4,
        "F64" or "U64" or "I64" => 8,
        _ => 0,
    };

    /// <summary>Reads numbers of a type as floats.</summary>
    /// <exception cref="FormatException">A whole number has more digits than a float.</exception>
    public static void Read(string type, ReadOnlySpan<byte> bytes, Span<float> numbers)
    {
        if (type == "F32" && BitConverter.IsLittleEndian)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(numbers));
            return;
        }

        int size = SizeOf(type);
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<byte> one = bytes.Slice(i * size, size);
            numbers[i] = type switch
            {
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(one),
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(one),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(one),
                "BF16" => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(one) << 16),
                "BOOL" or "U8" => one[0],
                "I8" => (sbyte)one[0],
                "U16" => BinaryPrimitives.ReadUInt16LittleEndian(one),
                "I16" => BinaryPrimitives.ReadInt16LittleEndian(one),
                "U32" => Whole(BinaryPrimitives.ReadUInt32LittleEndian(one)),
                "I32" => Whole(BinaryPrimitives.ReadInt32LittleEndian(one)),
                "U64" => Whole((long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(one), long.MaxValue)),
                _ => Whole(BinaryPrimitives.ReadInt64LittleEndian(one)),
            };
        }
    }

    /// <summary>The upper half of a float, rounded to the nearest, of two equally near to the even one.</summary>
    public static ushort ToBFloat16(float number)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        return float.IsNaN(number) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static float Whole(long number) => number is >= -LargestWhole and <= LargestWhole
        ? number : throw new FormatException($"the whole number {number} has more digits than a 32-bit float");
}
